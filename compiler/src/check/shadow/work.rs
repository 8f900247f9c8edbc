//! How much work the analysis of one spec may be.

use std::cell::Cell;

/// Comparisons of conditions that are made for one spec.
const MOST: usize = 4_000_000;

/// What is left of it.
pub(super) struct Work {
    left: Cell<usize>,
}

impl Work {
    pub(super) fn new() -> Self {
        Self {
            left: Cell::new(MOST),
        }
    }

    /// Takes something of it; nothing once it is used up.
    pub(super) fn spend(&self, weight: usize) -> Option<()> {
        match self.left.get().checked_sub(weight) {
            Some(left) => {
                self.left.set(left);
                Some(())
            }
            None => {
                self.left.set(0);
                None
            }
        }
    }
}
