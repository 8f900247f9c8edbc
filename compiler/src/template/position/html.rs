//! The position in HTML or XML: in text, in a tag, in a script.

use gated_engine::program::Escape;

use super::script::Script;

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    Text,
    Comment,
    Tag {
        /// The quote that an attribute's value began with.
        quote: Option<u8>,
        /// Whether a script follows the tag.
        script: bool,
    },
    Script(Script),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Html(State);

impl Html {
    pub(super) fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some(next) = self.step(*byte, rest, bytes.get(..=at).unwrap_or_default()) {
                self.0 = next;
            }
        }
    }

    fn step(&mut self, byte: u8, rest: &[u8], read: &[u8]) -> Option<State> {
        let tag = |script| State::Tag {
            quote: None,
            script,
        };
        match &mut self.0 {
            State::Text if rest.starts_with(b"<!--") => Some(State::Comment),
            State::Text if is_tag(rest) => Some(tag(begins_script(rest))),
            State::Text => None,
            State::Comment => read.ends_with(b"-->").then_some(State::Text),
            State::Tag {
                quote: quote @ Some(_),
                ..
            } => {
                if *quote == Some(byte) {
                    *quote = None;
                }
                None
            }
            State::Tag { quote, script } => match byte {
                b'"' | b'\'' => {
                    *quote = Some(byte);
                    None
                }
                b'>' if *script && !read.ends_with(b"/>") => Some(State::Script(Script::default())),
                b'>' => Some(State::Text),
                _ => None,
            },
            State::Script(_) if starts_with(rest, b"</script") => Some(tag(false)),
            State::Script(script) => {
                script.step(byte);
                None
            }
        }
    }

    pub(super) fn escape(&self) -> Escape {
        match &self.0 {
            State::Tag { quote: None, .. } => Escape::Attribute,
            State::Script(script) => script.escape(),
            State::Text | State::Comment | State::Tag { .. } => Escape::Html,
        }
    }

    pub(super) fn after_backslash(&self) -> bool {
        match &self.0 {
            State::Script(script) => script.after_backslash(),
            _ => false,
        }
    }
}

/// A `<` that begins a tag: one before a blank is text.
fn is_tag(rest: &[u8]) -> bool {
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?');
    rest.first() == Some(&b'<') && rest.get(1).is_none_or(begins)
}

fn begins_script(rest: &[u8]) -> bool {
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    starts_with(rest, b"<script") && !rest.get(7).is_some_and(goes_on)
}

fn starts_with(rest: &[u8], word: &[u8]) -> bool {
    rest.get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}
