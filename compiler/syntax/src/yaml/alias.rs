//! Anchors and aliases, within bounds.
//!
//! Events inside an anchored node are kept once, however many anchors lie around them, and an alias
//! plays its stretch again. What all aliases add together is counted, so a text of a few lines
//! cannot grow without end.

use granit_parser::{Event, Span as Mark};

use super::MAX_ALIAS_NODES;

/// Longer recordings than any alias could play are not kept.
const MAX_RECORDED: usize = 4 * MAX_ALIAS_NODES;

/// What an alias stands for.
pub(super) enum Target {
    /// This stretch of recorded events.
    Events(std::ops::Range<usize>),
    /// A node that has not ended: the alias lies inside it.
    Unfinished,
    /// More than all aliases together may add.
    TooLarge,
}

#[derive(Clone, Copy)]
struct Stretch {
    start: usize,
    end: Option<usize>,
}

/// The anchors of a text and the events inside them.
#[derive(Default)]
pub(super) struct Anchors<'t> {
    recorded: Vec<(Event<'t>, Mark)>,
    stretches: std::collections::HashMap<usize, Stretch>,
    open: usize,
    spent: usize,
    exhausted: bool,
}

impl<'t> Anchors<'t> {
    /// Keeps an event if it stands inside an anchored node or starts one.
    pub(super) fn record(&mut self, event: &Event<'t>, mark: &Mark) {
        let id = event.anchor_id().unwrap_or(0);
        if self.open == 0 && id == 0 {
            return;
        }
        let start = self.recorded.len();
        if start < MAX_RECORDED {
            self.recorded.push((event.clone(), *mark));
        }
        if id == 0 {
            return;
        }
        let is_scalar = matches!(event, Event::Scalar(..));
        let end = is_scalar.then_some(self.recorded.len());
        self.stretches.insert(id, Stretch { start, end });
        self.open += usize::from(!is_scalar);
    }

    /// Says that the collection with this anchor has ended; call after recording its end.
    pub(super) fn close(&mut self, id: usize) {
        let end = self.recorded.len();
        if let Some(stretch) = self.stretches.get_mut(&id) {
            stretch.end = Some(end);
            self.open = self.open.saturating_sub(1);
        }
    }

    /// What an alias stands for, counting what it will add.
    pub(super) fn target(&mut self, id: usize) -> Target {
        let Some(stretch) = self.stretches.get(&id).copied() else {
            return Target::TooLarge;
        };
        let Some(end) = stretch.end else {
            return Target::Unfinished;
        };
        self.spent = self.spent.saturating_add(end.saturating_sub(stretch.start));
        self.exhausted |= self.spent > MAX_ALIAS_NODES || end >= MAX_RECORDED;
        if self.exhausted {
            return Target::TooLarge;
        }
        Target::Events(stretch.start..end)
    }

    /// A recorded event.
    pub(super) fn event(&self, index: usize) -> Option<(Event<'t>, Mark)> {
        self.recorded.get(index).cloned()
    }
}
