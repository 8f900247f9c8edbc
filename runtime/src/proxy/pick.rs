//! Whose turn it is among an upstream's servers: smooth weighted round robin, as nginx has it. Each
//! server gets its share exactly over a full turn, and the turns of heavy servers are spread out.

use std::cell::RefCell;

/// The state of the rota.
pub(crate) struct Picker {
    weights: Vec<u32>,
    total: i64,
    current: RefCell<Vec<i64>>,
}

impl Picker {
    /// A rota over servers with these weights; weight 0 is never picked. Begins at a random place, so
    /// that many workers that just started do not all begin with the same server.
    pub(crate) fn new(weights: Vec<u32>) -> Self {
        let picker = Self::at_start(weights);
        let turn = u64::try_from(picker.total).unwrap_or(0).min(1000);
        for _ in 0..fastrand::u64(0..turn.max(1)) {
            picker.next();
        }
        picker
    }

    fn at_start(weights: Vec<u32>) -> Self {
        Self {
            total: weights.iter().map(|weight| i64::from(*weight)).sum(),
            current: RefCell::new(vec![0; weights.len()]),
            weights,
        }
    }

    /// The next server; `None` if none has any weight.
    pub(crate) fn next(&self) -> Option<usize> {
        let mut current = self.current.borrow_mut();
        let mut best: Option<(usize, i64)> = None;
        for (index, (value, weight)) in current.iter_mut().zip(&self.weights).enumerate() {
            if *weight == 0 {
                continue;
            }
            *value += i64::from(*weight);
            if best.is_none_or(|(_, most)| *value > most) {
                best = Some((index, *value));
            }
        }
        let (index, _) = best?;
        if let Some(value) = current.get_mut(index) {
            *value -= self.total;
        }
        Some(index)
    }

    /// Whether this holds for every server that has any weight.
    pub(crate) fn all(&self, holds: impl Fn(usize) -> bool) -> bool {
        self.weights
            .iter()
            .enumerate()
            .all(|(index, weight)| *weight == 0 || holds(index))
    }

    /// The servers in the order in which a request tries them: the one whose turn it is, then the
    /// others. Those that `avoid` names come last, but they do come.
    pub(crate) fn order(
        &self,
        avoid: impl Fn(usize) -> bool + Copy,
    ) -> impl Iterator<Item = usize> {
        let mut first = self.next();
        for _ in 1..self.weights.len() {
            match first {
                Some(index) if avoid(index) => first = self.next(),
                _ => break,
            }
        }
        let others = move |avoided: bool| {
            (0..self.weights.len()).filter(move |index| {
                Some(*index) != first
                    && self.weights.get(*index).is_some_and(|weight| *weight > 0)
                    && avoid(*index) == avoided
            })
        };
        first.into_iter().chain(others(false)).chain(others(true))
    }
}

#[cfg(test)]
mod tests {
    use super::Picker;

    #[test]
    fn shares_are_exact_over_a_turn_and_spread_out() {
        let picker = Picker::at_start(vec![5, 1, 1, 0]);
        let turn: Vec<_> = (0..7).filter_map(|_| picker.next()).collect();
        assert_eq!(turn, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn avoided_servers_come_last() {
        let picker = Picker::at_start(vec![1, 1, 1]);
        assert_eq!(
            picker.order(|index| index == 0).collect::<Vec<_>>(),
            [1, 2, 0]
        );
        let all: Vec<_> = picker.order(|_| true).collect();
        assert!(picker.all(|_| true) && !picker.all(|index| index != 1));
        assert!(Picker::at_start(vec![1, 0]).all(|index| index == 0));
        assert_eq!(all.len(), 3);
        assert_eq!(Picker::at_start(vec![0, 0]).order(|_| false).count(), 0);
    }
}
