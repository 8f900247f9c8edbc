//! What the compiler has to say about a text: plain data, without a terminal or an editor in mind.

use crate::source::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Advice,
    /// Very likely not what was meant; a bundle is still made.
    Warning,
    /// No bundle is made.
    Error,
}

impl Severity {
    /// The word used in every output format.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// A few words on why it belongs here.
    pub label: String,
}

/// Text to put in the place of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to replace (an empty span inserts).
    pub span: Span,
    /// With what.
    pub text: String,
}

/// A mend of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the mend does, in the imperative.
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether this is surely what was meant. A mend that changes what a text means, and is likely but
    /// not sure to be wanted, is only offered: a person has to choose it.
    pub certain: bool,
}

/// One finding.
///
/// Messages are lower case, say what was found and what was expected, and quote the user's own
/// words in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, for example `S101`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The one sentence to show if only one can be shown.
    pub message: String,
    /// The place to mend.
    pub span: Span,
    /// A few words beside that place; may be empty.
    pub label: String,
    /// Further places.
    pub related: Vec<Related>,
    /// What to do about it.
    pub help: Option<String>,
    /// A mend, where there is one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error with this code at this place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message.into())
    }

    /// A warning with this code at this place.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message.into())
    }

    /// Advice with this code at this place.
    pub fn advice(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Advice, span, message.into())
    }

    fn new(code: &'static str, severity: Severity, span: Span, message: String) -> Self {
        Self {
            code,
            severity,
            message,
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Adds the words beside the primary place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Related {
            span,
            label: label.into(),
        });
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a certain mend that replaces one span.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.mend(title.into(), span, text.into(), true)
    }

    /// Adds a mend that replaces one span and that a person has to choose.
    #[must_use]
    pub fn offer(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.mend(title.into(), span, text.into(), false)
    }

    fn mend(mut self, title: String, span: Span, text: String, certain: bool) -> Self {
        self.fix = Some(Fix {
            title,
            edits: vec![Edit { span, text }],
            certain,
        });
        self
    }

    /// The mend, if it can be applied without asking.
    pub fn certain_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.certain)
    }
}
