//! Media types held against a list.

/// Whether a list of media types (lower case; `text/*`, `application/*+json` and `*/*` stand for
/// many) holds that of a `Content-Type`, whose parameters do not count.
pub fn is_listed<'l>(mut listed: impl Iterator<Item = &'l str>, content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    listed.any(|listed| is_of(listed, kind, subtype))
}

fn is_of(listed: &str, kind: &str, subtype: &str) -> bool {
    let Some((listed_kind, listed_subtype)) = listed.split_once('/') else {
        return false;
    };
    if listed_kind == "*" {
        return true;
    }
    kind.eq_ignore_ascii_case(listed_kind)
        && match listed_subtype.strip_prefix('*') {
            None => subtype.eq_ignore_ascii_case(listed_subtype),
            Some(suffix) => ends_with(subtype, suffix),
        }
}

fn ends_with(text: &str, suffix: &str) -> bool {
    text.len()
        .checked_sub(suffix.len())
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_their_parameters_and_without() {
        let list = ["text/*", "application/json", "application/*+json"];
        for (content_type, expected) in [
            ("text/html; charset=utf-8", true),
            ("TEXT/Html", true),
            ("application/json;charset=utf-8", true),
            ("application/problem+JSON", true),
            ("application/jsonp", false),
            ("application/+json", true),
            ("image/png", false),
            ("text", false),
            ("", false),
            ("application/é", false),
            ("; text/html", false),
        ] {
            assert_eq!(
                is_listed(list.into_iter(), content_type),
                expected,
                "{content_type}"
            );
        }
        assert!(is_listed(["*/*"].into_iter(), "image/png"));
    }
}
