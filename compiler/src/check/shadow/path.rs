//! Sets of paths: a set of segments for each position, and whether anything may follow.

use gated_engine::matcher::{PathForm, PathPart};

use super::segment::{ANY, Segments};

/// A set of paths.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Paths {
    /// The first segments. `/` alone is one empty segment.
    pub(super) segments: Vec<Segments>,
    /// Whether anything may follow, even nothing.
    pub(super) open: bool,
}

/// What a set has in common with another, and what it has besides.
pub(super) struct Split {
    pub(super) inside: Paths,
    pub(super) outside: Vec<Paths>,
}

impl Paths {
    /// The paths of a pattern; none can be told for a regular expression.
    pub(super) fn of(form: &PathForm) -> Option<Self> {
        let empty = || Segments::Literal(String::new());
        match form {
            PathForm::Whole(parts) if parts.is_empty() => Some(Self {
                segments: vec![empty()],
                open: false,
            }),
            PathForm::Whole(parts) => Some(Self {
                segments: parts.iter().map(Segments::of).collect(),
                open: false,
            }),
            PathForm::Prefix { parts, .. } => {
                let parts = match parts.as_slice() {
                    [before @ .., PathPart::Literal(last)] if last.is_empty() => before,
                    all => all,
                };
                Some(Self {
                    segments: parts.iter().map(Segments::of).collect(),
                    open: true,
                })
            }
            PathForm::Regex { .. } => None,
        }
    }

    /// Splits this set by another; `None` where they have nothing in common.
    pub(super) fn split(&self, by: &Paths) -> Option<Split> {
        if !self.begins_like(by) {
            return None;
        }
        let longer = by.segments.len() > self.segments.len();
        if self.open && (longer || !by.open) {
            return self.split_open(by);
        }
        let fits = match by.open {
            true => !longer,
            false => by.segments.len() == self.segments.len(),
        };
        fits.then(|| self.split_aligned(by)).flatten()
    }

    /// A quick look whether the common positions have something in common.
    fn begins_like(&self, by: &Paths) -> bool {
        self.segments
            .iter()
            .zip(&by.segments)
            .all(|(own, other)| own.and(other).is_some())
    }

    fn split_open(&self, by: &Paths) -> Option<Split> {
        if by.segments.len() < self.segments.len() {
            return None;
        }
        let mut inside = None;
        let mut outside = Vec::new();
        for part in self.opened() {
            match part.split(by) {
                Some(split) => {
                    inside = Some(split.inside);
                    outside.extend(split.outside);
                }
                None => outside.push(part),
            }
        }
        inside.map(|inside| Split { inside, outside })
    }

    /// The same set as three: nothing follows, a slash follows, something follows.
    fn opened(&self) -> Vec<Paths> {
        let with = |next: Segments, open| {
            let mut segments = self.segments.clone();
            segments.push(next);
            Paths { segments, open }
        };
        let mut parts = Vec::with_capacity(3);
        if !self.segments.is_empty() {
            parts.push(Paths {
                segments: self.segments.clone(),
                open: false,
            });
        }
        parts.push(with(Segments::Literal(String::new()), false));
        parts.push(with(Segments::Kinds(ANY), true));
        parts
    }

    fn split_aligned(&self, by: &Paths) -> Option<Split> {
        let mut inside = self.clone();
        let mut outside = Vec::new();
        for (position, other) in by.segments.iter().enumerate() {
            let own = self.segments.get(position)?;
            if let Some(rest) = own.without(other) {
                let mut part = inside.clone();
                *part.segments.get_mut(position)? = rest;
                outside.push(part);
            }
            *inside.segments.get_mut(position)? = own.and(other)?;
        }
        Some(Split { inside, outside })
    }

    /// The one path there is, if there is only one.
    pub(super) fn only(&self) -> Option<String> {
        let literal = |segment: &Segments| match segment {
            Segments::Literal(text) => Some(text.clone()),
            Segments::Kinds(_) => None,
        };
        let segments: Option<Vec<String>> = self.segments.iter().map(literal).collect();
        (!self.open).then_some(())?;
        segments.map(|segments| format!("/{}", segments.join("/")))
    }

    /// A few paths of this set.
    pub(super) fn samples(&self) -> Vec<String> {
        let most = self
            .segments
            .iter()
            .map(|set| set.samples().len())
            .max()
            .unwrap_or(1)
            .min(4);
        let nth = |index: usize| {
            let segments = self.segments.iter().map(|set| {
                let samples = set.samples();
                samples.get(index).or(samples.last()).copied().unwrap_or("")
            });
            format!("/{}", segments.collect::<Vec<_>>().join("/"))
        };
        let mut paths: Vec<String> = (0..most.max(1)).map(nth).collect();
        if self.open {
            let deeper: Vec<String> = paths
                .iter()
                .map(|path| format!("{}/zq/zq-1", path.trim_end_matches('/')))
                .collect();
            paths.extend(deeper);
        }
        paths
    }
}
