//! The blocks of nodes: opening, closing, and what to make of braces that do not match.

use crate::source::Span;

use super::event::Event;
use super::lexer::Kind;
use super::parser::{Open, Parser, Sink, Stage};
use super::rules;

impl<'a, S: Sink<'a>> Parser<'a, S> {
    /// Opens the block at the position; with `slashdash` at its `/-`, it is taken out. Gives the node
    /// back if the block was too deep and has been passed over.
    pub(super) fn open_block(&mut self, mut open: Open, slashdash: Option<usize>) -> Option<Open> {
        open.brace = self.here();
        if self.stack.len() >= self.limits.depth {
            return Some(self.too_deep(open, slashdash));
        }
        let surplus = slashdash.is_none() && open.stage == Stage::Block;
        open.block_skipped = slashdash.is_some() || surplus;
        open.block_counts = !open.block_skipped;
        if open.block_skipped {
            let start = slashdash.unwrap_or(self.token.start);
            self.emit(Event::Skip { start });
        }
        self.release();
        self.take();
        self.emit(Event::Open(open.brace));
        self.stack.push(open);
        None
    }

    /// Passes over a block that is nested too deep, counting its braces.
    fn too_deep(&mut self, mut open: Open, slashdash: Option<usize>) -> Open {
        let (span, depth, start) = (open.brace, self.limits.depth, self.token.start);
        self.lexer.report(|| rules::too_deep(span, depth));
        self.emit(Event::Skip {
            start: slashdash.unwrap_or(start),
        });
        self.release();
        self.lexer.quiet = true;
        let mut braces = 0_usize;
        loop {
            match self.token.kind {
                Kind::BraceOpen => braces += 1,
                Kind::BraceClose => braces -= 1,
                Kind::End => break,
                _ => {}
            }
            self.take();
            if braces == 0 {
                break;
            }
        }
        self.lexer.quiet = false;
        let end = self.last_end;
        self.emit(Event::EndSkip { end });
        open.stage = Stage::Block;
        open.block_end = self.lexer.span(end.saturating_sub(1), end);
        open
    }

    /// The `}` at the position.
    pub(super) fn close(&mut self) {
        let span = self.here();
        match self.stack.pop() {
            Some(open) => {
                self.take();
                self.closed(open, span);
            }
            None => {
                self.brace_errors += 1;
                self.lexer.report(|| rules::stray_brace(span));
                self.take();
            }
        }
    }

    /// After a block: what the node still has.
    fn closed(&mut self, mut open: Open, brace: Span) {
        self.emit(Event::Close(brace));
        if open.block_skipped {
            let end = self.last_end;
            self.emit(Event::EndSkip { end });
        }
        open.stage = match open.stage {
            _ if open.block_counts => Stage::Block,
            Stage::Entries => Stage::SkippedBlock,
            stage => stage,
        };
        open.block_end = brace;
        self.entries(open);
    }

    /// A block is open and its `}` is missing before the position.
    pub(super) fn close_missing(&mut self) {
        let Some(mut open) = self.stack.pop() else {
            return;
        };
        self.unclosed = true;
        self.brace_errors += 1;
        let (span, here) = (open.brace, self.token.start);
        let end = self.lexer.span(here, here);
        self.lexer.report(|| rules::unclosed_block(span, end));
        let last = self.lexer.span(self.last_end, self.last_end);
        self.emit(Event::Close(last));
        if open.block_skipped {
            let end = self.last_end;
            self.emit(Event::EndSkip { end });
        }
        open.stage = Stage::Block;
        self.end_node(&open);
    }

    /// In a text whose braces are known to be wrong: closes the blocks that the line at the position
    /// is not indented enough to belong to.
    pub(super) fn close_by_indent(&mut self) {
        if !self.line_is_blank || self.token.kind == Kind::End {
            return;
        }
        let closes = self.token.kind == Kind::BraceClose;
        while let Some(open) = self.stack.last() {
            let inside = self.indent > open.indent || (closes && self.indent == open.indent);
            if inside {
                return;
            }
            self.close_missing();
        }
    }
}
