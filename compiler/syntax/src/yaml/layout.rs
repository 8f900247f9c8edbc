//! The same tokens, laid out anew.
//!
//! Columns of the text as written are matched with columns of the text to write by a stack of
//! levels, one for each block list or map that is open; inside brackets the number of open brackets
//! decides. The words themselves are copied.

use super::tokens::{Kind, Token};

/// Lays a text out; `tokens` are its tokens.
pub(super) fn layout(text: &str, tokens: &[Token]) -> String {
    let mut layout = Layout::new(text, tokens);
    for index in 0..tokens.len() {
        layout.token(index);
    }
    layout.finish()
}

/// A block list or map that is open: its column as written, and as it will be.
#[derive(Clone, Copy)]
struct Level {
    is_list: bool,
    old: usize,
    new: usize,
}

/// A bracket that is open: the indentation of its line, and of the lines inside.
#[derive(Clone, Copy)]
struct Bracket {
    outside: usize,
    inside: usize,
}

/// A comment on a line of its own, which waits for the line below to know its column.
struct Waiting<'t> {
    words: &'t str,
    column: usize,
    blank_above: bool,
}

struct Layout<'t> {
    text: &'t str,
    tokens: &'t [Token],
    out: String,
    line: String,
    line_indent: usize,
    levels: Vec<Level>,
    brackets: Vec<Bracket>,
    waiting: Vec<Waiting<'t>>,
    /// The token before on the same line.
    before: Option<Token>,
    end: usize,
    /// A block scalar has just ended: what comes next starts a line.
    fresh: bool,
    /// The header of the block scalar whose lines come next.
    header: &'t str,
}

impl<'t> Layout<'t> {
    fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Self {
            text,
            tokens,
            out: String::with_capacity(text.len()),
            line: String::new(),
            line_indent: 0,
            levels: Vec::new(),
            brackets: Vec::new(),
            waiting: Vec::new(),
            before: None,
            end: 0,
            fresh: true,
            header: "",
        }
    }

    fn words(&self, token: Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    fn token(&mut self, index: usize) {
        let Some(token) = self.tokens.get(index).copied() else {
            return;
        };
        if token.kind == Kind::BlockBody {
            self.body(token);
            return;
        }
        let gap = self.text.get(self.end..token.start).unwrap_or("");
        let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
        let starts_line = breaks > 0 || self.fresh;
        let blank_above = breaks + usize::from(self.fresh && self.end > 0) > 1;
        if starts_line && token.kind == Kind::Comment && self.brackets.is_empty() {
            self.wait(token, blank_above);
        } else if starts_line {
            self.start_line(index, token, blank_above);
            self.push(token);
        } else {
            self.after_dash(index, token);
            self.push(token);
        }
        self.end = token.end;
        self.fresh = false;
    }

    fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        at - before.rfind('\n').map_or(0, |found| found + 1)
    }

    fn wait(&mut self, token: Token, blank_above: bool) {
        self.flush();
        let column = self.column(token.start);
        self.waiting.push(Waiting {
            words: self.words(token),
            column,
            blank_above,
        });
    }

    fn start_line(&mut self, index: usize, token: Token, blank_above: bool) {
        self.flush();
        let column = self.column(token.start);
        if token.kind == Kind::Marker {
            self.release(0, 0);
            self.levels.clear();
            self.blank(blank_above);
            self.line_indent = 0;
            return;
        }
        if let Some(bracket) = self.brackets.last() {
            let closes = matches!(token.kind, Kind::Mark(b']' | b'}'));
            self.line_indent = if closes {
                bracket.outside
            } else {
                bracket.inside
            };
            self.blank(blank_above);
            return;
        }
        let levels = self.levels.clone();
        let indent = self.place(index, token, column);
        let after = std::mem::replace(&mut self.levels, levels);
        self.release(column, indent);
        self.levels = after;
        self.blank(blank_above);
        self.line_indent = indent;
    }

    /// The new column of a line, leaving the levels that it ends and entering the one it starts.
    fn place(&mut self, index: usize, token: Token, column: usize) -> usize {
        let is_list = token.kind == Kind::Mark(b'-');
        if !self.starts_collection(index) {
            self.leave(|level| level.old >= column);
            return self.inside();
        }
        self.leave(|level| {
            level.old > column || (level.old == column && level.is_list && !is_list)
        });
        match self.levels.last() {
            Some(level) if level.old == column && level.is_list == is_list => level.new,
            _ => self.enter(is_list, column, self.inside()),
        }
    }

    fn leave(&mut self, ended: impl Fn(&Level) -> bool) {
        while self.levels.last().is_some_and(&ended) {
            self.levels.pop();
        }
    }

    fn enter(&mut self, is_list: bool, old: usize, new: usize) -> usize {
        self.levels.push(Level { is_list, old, new });
        new
    }

    /// The column of what lies inside the innermost level.
    fn inside(&self) -> usize {
        self.levels.last().map_or(0, |level| level.new + 2)
    }

    /// A list or map that starts on the line of a dash.
    fn after_dash(&mut self, index: usize, token: Token) {
        let dash = self
            .before
            .is_some_and(|token| matches!(token.kind, Kind::Mark(b'-' | b'?')));
        if dash && self.brackets.is_empty() && self.starts_collection(index) {
            let column = self.column(token.start);
            let new = self.line_indent + self.line.chars().count() + 1;
            self.enter(token.kind == Kind::Mark(b'-'), column, new);
        }
    }

    /// Whether a block list or map starts here: with a dash, or with a colon further on in the line.
    fn starts_collection(&self, index: usize) -> bool {
        let mut depth = 0_usize;
        let mut end = None;
        for token in self.tokens.iter().skip(index) {
            let gap = end.map_or("", |end| self.text.get(end..token.start).unwrap_or(""));
            if gap.contains('\n') {
                return false;
            }
            match token.kind {
                Kind::Mark(b'-' | b'?') if depth == 0 => return true,
                Kind::Mark(b':') if depth == 0 => return true,
                Kind::Mark(b'[' | b'{') => depth += 1,
                Kind::Mark(b']' | b'}') => depth = depth.saturating_sub(1),
                Kind::Comment | Kind::BlockHeader | Kind::BlockBody => return false,
                _ => {}
            }
            end = Some(token.end);
        }
        false
    }

    /// Writes the comments that wait: in the column of the line below, or, where they are indented
    /// deeper than it, in that of the level they were written in.
    fn release(&mut self, column: usize, indent: usize) {
        for waiting in std::mem::take(&mut self.waiting) {
            let own = self
                .levels
                .iter()
                .rev()
                .find(|level| level.old <= waiting.column);
            let new = if waiting.column <= column {
                indent
            } else {
                own.map_or(indent, |l| l.new)
            };
            self.blank(waiting.blank_above);
            self.line_indent = new;
            self.line.push_str(&comment(waiting.words));
            self.flush();
        }
    }

    fn push(&mut self, token: Token) {
        if let Some(before) = self.before.filter(|_| !self.line.is_empty()) {
            self.line.push_str(gap(before, token));
        }
        match token.kind {
            Kind::Scalar => self.scalar(token),
            Kind::Comment => self.line.push_str(&comment(self.words(token))),
            Kind::BlockHeader => {
                self.header = self.words(token);
                self.line.push_str(self.header);
            }
            _ => self.line.push_str(self.words(token).trim_end()),
        }
        match token.kind {
            Kind::Mark(b'[' | b'{') => {
                let outside = self.line_indent;
                self.brackets.push(Bracket {
                    outside,
                    inside: outside + 2,
                });
            }
            Kind::Mark(b']' | b'}') => drop(self.brackets.pop()),
            _ => {}
        }
        self.before = Some(token);
    }

    /// A scalar over several lines: line breaks are kept, since empty lines have a meaning.
    fn scalar(&mut self, token: Token) {
        let mut lines = self.words(token).split('\n');
        let first = lines.next().unwrap_or("");
        let inside = self
            .brackets
            .last()
            .map_or(self.inside(), |bracket| bracket.inside);
        let mut rest = lines.peekable();
        let last = rest.peek().is_none();
        self.line
            .push_str(if last { first } else { first.trim_end() });
        while let Some(line) = rest.next() {
            self.flush_even_if_empty();
            self.line_indent = inside;
            let line = line.trim_start_matches([' ', '\t']);
            self.line.push_str(if rest.peek().is_some() {
                line.trim_end()
            } else {
                line
            });
        }
    }

    /// The lines of a block scalar, moved as a whole.
    fn body(&mut self, token: Token) {
        self.flush();
        let keep = self.header.contains('+');
        let body = self.words(token);
        // The parser counts the blanks before the next line in; they are not content.
        let content = match keep {
            true => body.trim_end_matches(' '),
            false => body.trim_end_matches([' ', '\n']),
        };
        let first = content
            .split('\n')
            .find(|line| !line.trim_matches(' ').is_empty());
        let written = first.map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
        let digit = self
            .header
            .bytes()
            .find(u8::is_ascii_digit)
            .map(|digit| usize::from(digit - b'0'));
        let (old, new) = match digit {
            Some(digit) => {
                let parent = self.levels.last().map_or(0, |level| level.old);
                (parent + digit, self.inside().saturating_sub(2) + digit)
            }
            None => (written, self.inside().max(2)),
        };
        for line in content.strip_suffix('\n').unwrap_or(content).split('\n') {
            match line.get(old..) {
                Some(rest) if !rest.is_empty() => {
                    self.out.extend(std::iter::repeat_n(' ', new));
                    self.out.push_str(rest);
                }
                _ => {}
            }
            self.out.push('\n');
        }
        self.end = token.start + content.len();
        self.fresh = keep;
        self.before = None;
    }

    fn blank(&mut self, wanted: bool) {
        if wanted && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.flush_even_if_empty();
        }
        self.before = None;
    }

    fn flush_even_if_empty(&mut self) {
        if !self.line.is_empty() {
            self.out.extend(std::iter::repeat_n(' ', self.line_indent));
        }
        self.out.push_str(&self.line);
        self.out.push('\n');
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.flush();
        self.release(0, 0);
        self.out
    }
}

/// What stands between two tokens on one line.
fn gap(before: Token, token: Token) -> &'static str {
    use Kind::{Alias, Anchor, Comment, Mark, Tag};
    match (before.kind, token.kind) {
        (_, Comment) => "  ",
        (Alias | Anchor | Tag | Mark(b'?'), Mark(b':')) => " ",
        (_, Mark(b':' | b',' | b']' | b'}')) | (Mark(b'[' | b'{'), _) => "",
        _ => " ",
    }
}

/// A comment with a blank after its mark.
fn comment(words: &str) -> String {
    let words = words.trim_end();
    match words.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with([' ', '\t', '#', '!']) => {
            format!("# {rest}")
        }
        _ => words.to_owned(),
    }
}
