//! Finds the name that was probably meant.

/// The known name nearest to `word`, if it is near enough to be offered.
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let lower = word.to_lowercase();
    let allowed = match lower.chars().count() {
        0 => return None,
        1..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .filter(|name| !name.is_empty() && name.len().abs_diff(word.len()) <= allowed)
        .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `a`, `b` and `c`, each in backticks; of many, the first twelve.
pub fn listed<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    let all: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = all
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    match all.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_offered() {
        let known = ["orders", "users", "id"];
        assert_eq!(closest("ordres", known), Some("orders"));
        assert_eq!(closest("Users", known), Some("users"));
        assert_eq!(closest("payments", known), None);
        assert_eq!(closest("xy", known), None);
    }
}
