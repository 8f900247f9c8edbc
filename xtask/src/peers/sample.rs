//! What one measurement gave, and what several say together.

use std::time::Duration;

/// One measurement of one peer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// What the workload is about, in its own unit; less is better.
    pub figure: f64,
    /// Requests a second.
    pub rate: Option<f64>,
    /// The median of the latencies.
    pub p50: Option<Duration>,
    /// The latency that one request in a hundred exceeds.
    pub p99: Option<Duration>,
    /// Peak memory of the largest process, KiB.
    pub peak: u64,
    /// From the start of the program to its first answer.
    pub start: Duration,
    /// What else there is to say: what, and how much.
    pub aside: Vec<(&'static str, f64)>,
}

/// The middle and the ends of several figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Spread {
    /// Of these figures; none of none.
    pub fn of(figures: &[f64]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied();
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => f64::midpoint(at(middle.checked_sub(1)?)?, at(middle)?),
            _ => at(middle)?,
        };
        Some(Self {
            median,
            least: at(0)?,
            greatest: at(sorted.len() - 1)?,
        })
    }
}

/// The ratios of figures that were taken in the same round.
pub fn paired(figures: &[f64], base: &[f64]) -> Vec<f64> {
    let pairs = figures.iter().zip(base);
    pairs
        .filter(|(_, base)| **base > 0.0)
        .map(|(figure, base)| figure / base)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_ends() {
        let spread = |figures: &[f64]| {
            Spread::of(figures).map(|spread| (spread.median, spread.least, spread.greatest))
        };
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some((2.0, 1.0, 3.0)));
        assert_eq!(spread(&[4.0, 1.0, 2.0, 3.0]), Some((2.5, 1.0, 4.0)));
        assert_eq!(spread(&[7.0]), Some((7.0, 7.0, 7.0)));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn ratios_pair_what_was_taken_in_the_same_round() {
        // A round in which the whole machine was twice as slow changes no ratio.
        assert_eq!(paired(&[2.0, 4.0], &[1.0, 2.0]), [2.0, 2.0]);
        assert_eq!(paired(&[2.0, 4.0], &[0.0, 2.0]), [2.0]);
        assert_eq!(paired(&[2.0], &[]), [0.0; 0]);
    }
}
