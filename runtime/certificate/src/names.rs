//! The names of hosts in a certificate, and whether one stands for a host (RFC 9525).

use std::fmt;

/// A name in a certificate, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// Exactly this host.
    Host(String),
    /// `*.` before this: every host with one label more.
    Wildcard(String),
}

impl Name {
    /// Reads a name; `None`: no host has it.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('.').to_ascii_lowercase();
        let (wild, host) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let sound = !host.is_empty()
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            });
        sound.then(|| match wild {
            true => Self::Wildcard(host.to_owned()),
            false => Self::Host(host.to_owned()),
        })
    }

    /// Whether it stands for a host, which is in lower case. A wildcard stands for one whole label.
    pub fn covers(&self, host: &str) -> bool {
        match self {
            Self::Host(name) => name == host,
            Self::Wildcard(rest) => host
                .split_once('.')
                .is_some_and(|(label, above)| !label.is_empty() && above == rest),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(name) => formatter.write_str(name),
            Self::Wildcard(rest) => write!(formatter, "*.{rest}"),
        }
    }
}

/// The names in a certificate, in its order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(Vec<Name>);

impl Names {
    pub(crate) fn new(names: Vec<Name>) -> Self {
        let mut seen = std::collections::HashSet::new();
        Self(
            names
                .into_iter()
                .filter(|name| seen.insert(name.clone()))
                .collect(),
        )
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.iter()
    }

    /// Whether one of them stands for a host, which is in lower case.
    pub fn cover(&self, host: &str) -> bool {
        self.0.iter().any(|name| name.covers(host))
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        let wild = Name::of("*.Example.com.").unwrap();
        assert_eq!(wild.to_string(), "*.example.com");
        for (host, covered) in [
            ("a.example.com", true),
            ("example.com", false),
            (".example.com", false),
            ("a.b.example.com", false),
            ("aexample.com", false),
        ] {
            assert_eq!(wild.covers(host), covered, "{host}");
        }
        for wrong in ["", "*", "*.", "a.*.b", "f*.b", "a..b", "a b"] {
            assert_eq!(Name::of(wrong), None, "{wrong}");
        }
    }
}
