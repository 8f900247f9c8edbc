//! `like`: text with asterisks that stand for anything.

/// Whether a text is made of these parts with anything between: the first part at its beginning, the
/// last at its end. One part alone is the whole text. Linear in the text for each part.
pub fn matches<S: AsRef<str>>(text: &str, parts: &[S]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    let Some((last, middle)) = rest.split_last() else {
        return text == first.as_ref();
    };
    let Some(mut left) = text.strip_prefix(first.as_ref()) else {
        return false;
    };
    // The leftmost place of each part leaves the most room for those that follow.
    for part in middle {
        match left.split_once(part.as_ref()) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last.as_ref())
}

#[cfg(test)]
mod tests {
    use super::matches;
    use proptest::prelude::*;

    /// The pattern tried at every place.
    fn naive(text: &[char], pattern: &[Option<char>]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((None, rest)) => (0..=text.len()).any(|skip| naive(&text[skip..], rest)),
            Some((Some(wanted), rest)) => text
                .split_first()
                .is_some_and(|(found, after)| found == wanted && naive(after, rest)),
        }
    }

    proptest! {
        #[test]
        fn finds_what_trying_everything_finds(text in "[ab]{0,8}", pattern in "[ab*]{0,6}") {
            let parts: Vec<&str> = pattern.split('*').collect();
            let chars: Vec<char> = text.chars().collect();
            let pattern: Vec<Option<char>> = pattern.chars().map(|c| (c != '*').then_some(c)).collect();
            prop_assert_eq!(matches(&text, &parts), naive(&chars, &pattern));
        }
    }
}
