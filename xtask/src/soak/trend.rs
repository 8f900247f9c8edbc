//! Whether a figure grows: the slope of a straight line through its samples (least squares).

use std::time::Duration;

/// Samples of a figure over time.
#[derive(Debug, Clone, Default)]
pub(super) struct Trend {
    /// Minutes, and the figure then.
    samples: Vec<(f64, f64)>,
}

impl Trend {
    pub(super) fn note(&mut self, at: Duration, figure: f64) {
        self.samples.push((at.as_secs_f64() / 60.0, figure));
    }

    /// What came after this share of the time.
    pub(super) fn after(&self, share: f64) -> Self {
        let from = self.samples.last().map_or(0.0, |(last, _)| last * share);
        let samples = self.samples.iter().filter(|(at, _)| *at >= from);
        Self {
            samples: samples.copied().collect(),
        }
    }

    pub(super) fn first(&self) -> f64 {
        self.samples.first().map_or(0.0, |(_, figure)| *figure)
    }

    pub(super) fn last(&self) -> f64 {
        self.samples.last().map_or(0.0, |(_, figure)| *figure)
    }

    /// By how much it grows a minute.
    pub(super) fn slope(&self) -> f64 {
        let count = self.samples.len() as f64;
        let mean =
            |of: &dyn Fn(&(f64, f64)) -> f64| self.samples.iter().map(of).sum::<f64>() / count;
        let (mean_at, mean_figure) = (mean(&|sample| sample.0), mean(&|sample| sample.1));
        let over = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            let samples = self.samples.iter();
            samples
                .map(|(at, figure)| of(at - mean_at, figure - mean_figure))
                .sum()
        };
        let spread = over(&|at, _| at * at);
        if spread > 0.0 {
            over(&|at, figure| at * figure) / spread
        } else {
            0.0
        }
    }

    /// By how much it grew over the whole time, by its slope.
    pub(super) fn growth(&self) -> f64 {
        let minutes = match (self.samples.first(), self.samples.last()) {
            (Some((first, _)), Some((last, _))) => last - first,
            _ => 0.0,
        };
        self.slope() * minutes
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Trend;

    #[test]
    fn the_slope_is_that_of_the_line_whatever_the_noise() {
        let mut trend = Trend::default();
        assert!(trend.slope().abs() < 1e-9);
        for second in 0..120_u32 {
            let noise = if second % 2 == 0 { 5.0 } else { -5.0 };
            trend.note(
                Duration::from_secs(second.into()),
                100.0 + f64::from(second) + noise,
            );
        }
        assert!((trend.slope() - 60.0).abs() < 0.5, "{}", trend.slope());
        let later = trend.after(0.5);
        assert!((later.growth() - 60.0).abs() < 2.0, "{}", later.growth());
        assert!(later.first() > 150.0 && later.last() > 210.0);
    }
}
