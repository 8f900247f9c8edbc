//! Which name was meant.

/// A known name close to what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near<'n> {
    /// The known name.
    pub name: &'n str,
    /// Whether no other name comes close, so that it can be taken for what was meant.
    pub certain: bool,
    /// Another name that is as close.
    pub other: Option<&'n str>,
}

impl Near<'_> {
    /// The question whether it is what was meant.
    pub fn question(&self) -> String {
        match self.other {
            Some(other) => format!("did you mean `{}` or `{other}`?", self.name),
            None => format!("did you mean `{}`?", self.name),
        }
    }
}

/// The longest words that are compared: the comparison costs the product of the lengths.
const MAX_LENGTH: usize = 64;

/// The known name nearest to a word, if one is near.
pub fn nearest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<Near<'n>> {
    if word.len() > MAX_LENGTH {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let mut best: Option<(usize, &str)> = None;
    let mut second: Option<(usize, &str)> = None;
    for name in known {
        let distance = distance(&lower, name);
        match best {
            Some((least, _)) if distance >= least => {
                if second.is_none_or(|(next, _)| distance < next) {
                    second = Some((distance, name));
                }
            }
            _ => second = best.replace((distance, name)),
        }
    }
    let (distance, name) = best?;
    let length = word.chars().count().max(name.chars().count());
    let near = distance <= 1 || distance * 3 <= length || (distance == 2 && length >= 5);
    let other = second.filter(|(next, _)| *next == distance);
    let certain = distance * 3 <= length && other.is_none() && length > 2;
    near.then_some(Near {
        name,
        certain,
        other: other.map(|(_, name)| name),
    })
}

/// Edits between two words; a part left out at the end (`head` for `header`) counts one, and parts left
/// out around one that is whole (`file` for `body-file`) count two.
fn distance(word: &str, name: &str) -> usize {
    let edits = strsim::osa_distance(word, &name.to_ascii_lowercase());
    if word.len() < 3 {
        edits
    } else if name.starts_with(word) {
        edits.min(1)
    } else if name.split('-').any(|part| part == word) {
        edits.min(2)
    } else {
        edits
    }
}

/// Names in backticks: "`a`, `b` and `c`"; a long list is cut short.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    const MOST: usize = 30;
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        let more = names.len() - MOST;
        names.truncate(MOST);
        return format!("{} and {more} more", names.join(", "));
    }
    match names.pop() {
        None => String::new(),
        Some(only) if names.is_empty() => only,
        Some(end) => format!("{} {last} {end}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'n>(word: &str, known: &[&'n str]) -> Option<(&'n str, bool)> {
        nearest(word, known.iter().copied()).map(|near| (near.name, near.certain))
    }

    #[test]
    fn typing_mistakes_are_certain_and_guesses_are_not() {
        let known = ["status", "headers", "body", "body-file", "template"];
        assert_eq!(near("statsu", &known), Some(("status", true)));
        assert_eq!(near("header", &known), Some(("headers", true)));
        assert_eq!(near("bdy", &known), Some(("body", true)));
        assert_eq!(near("Body", &known), Some(("body", true)));
        assert_eq!(near("file", &known), Some(("body-file", true)));
        assert_eq!(
            near("size", &["uri-size", "body-size"]),
            Some(("uri-size", false))
        );
        assert_eq!(near("xyz", &known), None);
        let both = nearest("resp", ["public", "response", "respond"]).unwrap();
        assert_eq!(both.question(), "did you mean `response` or `respond`?");
        assert_eq!(near("cat", &["bat", "hat"]), Some(("bat", false)));
        assert_eq!(near(&"x".repeat(10_000), &known), None);
    }

    #[test]
    fn lists_read_aloud() {
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
