//! Where in a text a value goes in, and so how it must be made safe: inside a JSON string, in the place
//! of a whole JSON value, in an HTML attribute, in a script, in the host of a URL.
//!
//! The template's own text is read by a small machine for each kind of document; a value does not move
//! it, because what makes it safe there also keeps it from ending the place it stands in.

mod html;
mod script;
mod url;

use gated_engine::program::Escape;

use html::Html;
use script::Script;
use url::Url;

/// What a template's text is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Text of no known form.
    Plain,
    /// A JSON document.
    Json,
    /// JSON documents, one a line.
    JsonLines,
    /// HTML or XML.
    Html,
    /// JavaScript.
    Script,
    /// A header.
    Header,
    /// A header with cookies.
    Cookie,
    /// A URL or the value of a cookie.
    Url,
    /// The fields of a form (`application/x-www-form-urlencoded`).
    Form,
}

/// The position in a text of a place, moved on piece by piece.
#[derive(Debug, Clone)]
pub(super) enum Position {
    Fixed(Escape),
    Json(Json),
    Html(Html),
    Script(Script),
    Url(Url),
}

impl Position {
    /// The beginning.
    pub(super) fn new(place: Place) -> Self {
        match place {
            Place::Plain => Self::Fixed(Escape::None),
            Place::Json | Place::JsonLines => Self::Json(Json::default()),
            Place::Html => Self::Html(Html::default()),
            Place::Script => Self::Script(Script::default()),
            Place::Header => Self::Fixed(Escape::Header),
            Place::Cookie => Self::Fixed(Escape::Cookie),
            Place::Url => Self::Url(Url::default()),
            Place::Form => Self::Fixed(Escape::UrlPart),
        }
    }

    /// Steps over text of the template.
    pub(super) fn text(&mut self, text: &str) {
        match self {
            Self::Fixed(_) => {}
            Self::Json(json) => json.text(text),
            Self::Html(html) => html.text(text),
            Self::Script(script) => text.bytes().for_each(|byte| script.step(byte)),
            Self::Url(url) => url.text(text),
        }
    }

    /// Steps over a value that is a whole path.
    pub(super) fn path(&mut self) {
        if let Self::Url(url) = self {
            url.path();
        }
    }

    /// How a value is made safe here.
    pub(super) fn escape(&self) -> Escape {
        match self {
            Self::Fixed(escape) => *escape,
            Self::Json(json) => match json.inside {
                true => Escape::Json,
                false => Escape::JsonValue,
            },
            Self::Html(html) => html.escape(),
            Self::Script(script) => script.escape(),
            Self::Url(url) => url.escape(),
        }
    }

    /// Whether a backslash waits for what it escapes: a value would be cut in two there.
    pub(super) fn after_backslash(&self) -> bool {
        match self {
            Self::Json(json) => json.escaped,
            Self::Html(html) => html.after_backslash(),
            Self::Script(script) => script.after_backslash(),
            Self::Fixed(_) | Self::Url(_) => false,
        }
    }
}

/// In JSON: inside a string or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Json {
    inside: bool,
    escaped: bool,
}

impl Json {
    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = self.inside,
                b'"' => self.inside = !self.inside,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
