//! Events become a tree.
//!
//! Open lists and maps lie on a stack of their own, so the depth of a text never becomes the depth
//! of calls; only an alias inside an alias calls again, and [`super::MAX_DEPTH`] bounds that too.

mod copies;
mod keys;

use std::ops::Range;

use granit_parser::{Event, ScalarStyle, ScanError, Span as Mark, StructureStyle, Tag};

use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Node, Object, Value};
use crate::source::{SourceId, Span};

use super::alias::Anchors;
use super::comments::Comment;
use super::events::{block_header, bytes, events};
use super::mistake::Failure;
use super::tag::{self, Scalar};
use super::{MAX_DEPTH, MAX_NODES, merge, rules};

/// What reading a text once gave.
pub(super) struct Built {
    /// The root, as far as it was read.
    pub(super) root: Option<Node>,
    /// Comments, unsorted.
    pub(super) comments: Vec<Comment>,
    /// Findings that are not mistakes of syntax.
    pub(super) findings: Vec<Diagnostic>,
    /// The mistake of syntax that ended the reading.
    pub(super) failure: Option<Failure>,
}

/// Reads a text up to its first mistake of syntax.
pub(super) fn build(source: SourceId, text: &str) -> Built {
    let mut builder = Builder::new(source, text);
    let mut failure = None;
    for step in events(text) {
        match step {
            Ok((event, mark)) => {
                builder.top(&event, &mark);
                if builder.stopped {
                    break;
                }
            }
            Err(error) => {
                failure = Some(builder.failure(&error));
                break;
            }
        }
    }
    builder.finish(failure)
}

struct Key {
    text: String,
    span: Span,
    role: Role,
}

/// What becomes of the value of a key.
enum Role {
    Entry,
    Merge,
    /// The key was no text; its value is left out.
    Lost,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<Key>,
        merges: Vec<Node>,
    },
}

struct Frame {
    content: Content,
    span: Span,
    flow: bool,
    anchor: usize,
}

struct Builder<'t> {
    source: SourceId,
    text: &'t str,
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    anchors: Anchors<'t>,
    /// Aliases being played: how deep the stack was, and where the alias stands.
    playing: Vec<(usize, Span)>,
    comments: Vec<Comment>,
    findings: Vec<Diagnostic>,
    nodes: usize,
    /// Collections below the depth limit that have begun and not ended.
    sunk: usize,
    told_depth: bool,
    told_aliases: bool,
    /// End of the last event that is not a comment, and the last scalar: for messages.
    last_end: usize,
    last_scalar: Range<usize>,
    stopped: bool,
}

impl<'t> Builder<'t> {
    fn new(source: SourceId, text: &'t str) -> Self {
        Self {
            source,
            text,
            frames: Vec::new(),
            root: None,
            documents: 0,
            anchors: Anchors::default(),
            playing: Vec::new(),
            comments: Vec::new(),
            findings: Vec::new(),
            nodes: 0,
            sunk: 0,
            told_depth: false,
            told_aliases: false,
            last_end: 0,
            last_scalar: 0..0,
            stopped: false,
        }
    }

    /// An event of the text itself (not played by an alias).
    fn top(&mut self, event: &Event<'t>, mark: &Mark) {
        match event {
            Event::Comment(words, _) => {
                self.comments
                    .push(Comment::new(self.text, words, bytes(mark).start));
            }
            Event::DocumentStart(..) => self.document(bytes(mark)),
            Event::Anchor(..) => {}
            _ => {
                self.anchors.record(event, mark);
                self.count();
                self.node(event, mark);
                let tag_end = mark.tag_span().map_or(0, |tag| bytes(&tag).end);
                self.last_end = self.last_end.max(bytes(mark).end).max(tag_end);
            }
        }
    }

    fn document(&mut self, at: Range<usize>) {
        self.documents += 1;
        if self.documents == 2 {
            self.stopped = true;
            let span = self.span(&at);
            self.findings.push(
                Diagnostic::error(
                    rules::several_documents::RULE.code,
                    span,
                    "a second document begins here; a file holds one",
                )
                .help("put what follows in a file of its own and name it under `include`"),
            );
        }
    }

    fn count(&mut self) {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.stopped = true;
            let span = Span::new(self.source, self.last_end, self.last_end);
            let message = format!("this text has more than {MAX_NODES} values");
            self.findings.push(over_limit(span, message));
        }
    }

    /// An event that is part of a node.
    fn node(&mut self, event: &Event<'t>, mark: &Mark) {
        match event {
            Event::Scalar(text, style, _, tag) => self.scalar(text, *style, tag.as_deref(), mark),
            Event::SequenceStart(style, anchor, tag) => {
                self.start(
                    Content::List(Vec::new()),
                    *style,
                    *anchor,
                    tag.as_deref(),
                    mark,
                );
            }
            Event::MappingStart(style, anchor, tag) => {
                let map = Content::Map {
                    entries: Vec::new(),
                    key: None,
                    merges: Vec::new(),
                };
                self.start(map, *style, *anchor, tag.as_deref(), mark);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(mark),
            Event::Alias(id) => self.alias(*id, self.span(&bytes(mark))),
            Event::UnresolvedAlias(name) => self.unknown_alias(name, self.span(&bytes(mark))),
            _ => {}
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, mark: &Mark) {
        let range = self.scalar_range(style, mark);
        // An empty node comes with the text `~` that nobody wrote.
        let text = if range.is_empty() { "" } else { text };
        if self.playing.is_empty() && !range.is_empty() {
            self.last_scalar = range.clone();
        }
        let scalar = Scalar {
            text,
            style,
            span: self.span(&range),
        };
        if self.expects_key() {
            self.key(&scalar, tag, mark);
            return;
        }
        let (value, span) = match (tag, tag_span(mark)) {
            (Some(tag), Some(tag_range)) => {
                let tag_span = self.span(&tag_range);
                let (value, finding) = scalar.tagged(tag, tag_span);
                self.report(finding);
                (value, tag_span.to(scalar.span))
            }
            _ => (scalar.value(), scalar.span),
        };
        self.complete(Node { value, span });
    }

    /// A scalar's place: with the header of a block scalar, without its last line breaks, and after
    /// the colon where nothing is written.
    fn scalar_range(&self, style: ScalarStyle, mark: &Mark) -> Range<usize> {
        let range = bytes(mark);
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let from = tag_span(mark).map_or(0, |tag| tag.end).max(self.last_end);
            let start = block_header(self.text, from.min(range.start), range.start);
            let body = self.text.get(start..range.end).unwrap_or("");
            return start..start + body.trim_end().len();
        }
        if range.is_empty() && self.text.as_bytes().get(range.start) == Some(&b':') {
            return range.start + 1..range.start + 1;
        }
        range
    }

    fn start(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mark: &Mark,
    ) {
        let range = bytes(mark);
        if self.frames.len() >= MAX_DEPTH {
            self.sink(self.span(&range));
            return;
        }
        let is_list = matches!(content, Content::List(_));
        let mut span = self.span(&range);
        if let (Some(tag), Some(tag_range)) = (tag, tag_span(mark)) {
            let tag_span = self.span(&tag_range);
            self.report(tag::on_collection(tag, tag_span, is_list));
        }
        let flow = style == StructureStyle::Flow;
        if is_list && !flow {
            span.start = u32::try_from(self.dash(range.start)).unwrap_or(span.start);
        }
        let anchor = if self.playing.is_empty() { anchor } else { 0 };
        self.frames.push(Frame {
            content,
            span,
            flow,
            anchor,
        });
    }

    /// A list that is not indented under its key is said to start after its first dash.
    fn dash(&self, start: usize) -> usize {
        let before = self.text.get(..start).unwrap_or("");
        match self.text.as_bytes().get(start) {
            Some(b'-') => start,
            _ => before
                .trim_end_matches([' ', '\t'])
                .strip_suffix('-')
                .map_or(start, str::len),
        }
    }

    fn sink(&mut self, span: Span) {
        self.sunk += 1;
        if !self.told_depth {
            self.told_depth = true;
            let at = self.playing.first().map_or(span, |(_, alias)| *alias);
            let message =
                format!("lists and maps lie more than {MAX_DEPTH} deep in each other here");
            self.findings.push(over_limit(at, message));
        }
    }

    fn end(&mut self, mark: &Mark) {
        if self.sunk > 0 {
            self.sunk -= 1;
            if self.sunk == 0 {
                self.complete(Node {
                    value: Value::Null,
                    span: self.span(&bytes(mark)),
                });
            }
            return;
        }
        if let Some(frame) = self.frames.pop() {
            if frame.anchor != 0 {
                self.anchors.close(frame.anchor);
            }
            let end = if frame.flow { bytes(mark).end } else { 0 };
            self.close(frame, end);
        }
    }

    fn close(&mut self, frame: Frame, end: usize) {
        let mut span = frame.span.to(Span::new(self.source, end, end));
        span.start = frame.span.start;
        let value = match frame.content {
            Content::List(items) => {
                span = items.last().map_or(span, |item| reach(span, item.span));
                Value::Array(items)
            }
            Content::Map {
                mut entries,
                key,
                merges,
            } => {
                let last = entries.last().map(|entry| entry.node.span);
                span = last.map_or(span, |last| reach(span, last));
                span = merges.last().map_or(span, |node| reach(span, node.span));
                span = key.map_or(span, |key| reach(span, key.span));
                let mut findings = Vec::new();
                merge::merge(&mut entries, merges, &mut findings);
                findings
                    .into_iter()
                    .for_each(|finding| self.report(Some(finding)));
                Value::Object(Object { entries })
            }
        };
        self.complete(Node { value, span });
    }

    /// A node has ended: it becomes the root, an item, a key or the value of a key.
    fn complete(&mut self, mut node: Node) {
        if self.sunk > 0 {
            return;
        }
        if let Some((base, span)) = self.playing.last()
            && *base == self.frames.len()
        {
            node.span = *span;
        }
        if self.expects_key() {
            self.lost_key(&node);
            return;
        }
        match self.frames.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map {
                entries,
                key,
                merges,
            }) => match key.take() {
                Some(Key {
                    role: Role::Merge, ..
                }) => merges.push(node),
                Some(Key {
                    role: Role::Lost, ..
                })
                | None => {}
                Some(Key {
                    text,
                    span,
                    role: Role::Entry,
                }) => {
                    entries.push(Entry {
                        key: text,
                        key_span: span,
                        node,
                        comments: None,
                    });
                }
            },
        }
    }

    /// Findings inside a copy were made where the copy came from.
    fn report(&mut self, finding: Option<Diagnostic>) {
        if self.playing.is_empty() {
            self.findings.extend(finding);
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn written(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn failure(&self, error: &ScanError) -> Failure {
        let at = error.marker().byte_offset().unwrap_or(self.last_end);
        let open = self.frames.iter().filter(|frame| frame.flow);
        Failure {
            kind: error.kind().clone(),
            at: at.min(self.text.len()),
            last_end: self.last_end,
            last_scalar: self.last_scalar.clone(),
            open: open.map(|frame| frame.span.start as usize).collect(),
        }
    }

    /// Ends whatever is still open, so that a broken text gives what was read of it.
    fn finish(mut self, failure: Option<Failure>) -> Built {
        self.playing.clear();
        self.sunk = 0;
        while let Some(frame) = self.frames.pop() {
            self.close(frame, 0);
        }
        Built {
            root: self.root,
            comments: self.comments,
            findings: self.findings,
            failure,
        }
    }
}

/// Reaches to the end of another span, unless that lies before (an alias's target).
fn reach(span: Span, last: Span) -> Span {
    Span {
        end: span.end.max(last.end),
        ..span
    }
}

fn tag_span(mark: &Mark) -> Option<Range<usize>> {
    mark.tag_span().map(|tag| bytes(&tag))
}

fn over_limit(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(rules::over_limit::RULE.code, span, message)
        .help("split the text into several files, or repeat less of it")
}
