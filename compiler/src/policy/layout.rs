//! Policies laid out as Cedar's own formatter does it, where it keeps every word and comment.

use cedar_policy_formatter::{Config, policies_str_to_pretty};

use super::text::{TokenKind, pieces, tokens};

/// The text in one layout; it is as it was where that is how it stands already.
///
/// # Errors
/// What cannot be read, in Cedar's words; or that the layout would lose something, and so nothing is done.
pub fn layout(text: &str) -> Result<String, String> {
    if pieces(text).is_empty() {
        return Ok(text.to_owned());
    }
    let config = Config {
        line_width: 100,
        indent_width: 4,
    };
    let laid_out = policies_str_to_pretty(text, &config).map_err(|why| {
        let first = why.chain().last().map(ToString::to_string);
        first.unwrap_or_else(|| why.to_string())
    })?;
    match kept(text) == kept(&laid_out) {
        true => Ok(laid_out),
        false => Err("laying it out would lose words or comments".to_owned()),
    }
}

/// What a layout has to keep: every comment and every word in its order. A comma before a bracket that
/// closes means nothing, and two brackets around nothing else may be put in or left out.
fn kept(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut comments, mut words) = (Vec::new(), Vec::new());
    for token in tokens(text) {
        let word = text.get(token.range).unwrap_or_default();
        match token.kind {
            TokenKind::Comment => comments.push(word.trim_end()),
            _ if matches!(word, "(" | ")" | ",") => {}
            _ => words.push(word),
        }
    }
    comments.sort_unstable();
    (comments, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIDY: &str = "// who may read\n@id(\"readers\")\npermit(principal is Staff,action==Action::\"get-order\",resource)when{ // first\n principal.level>3&&// second\n(resource.id==principal.sub||context.headers has \"x-a\") // third\n};\n// the end\n";

    #[test]
    fn comments_are_kept_and_the_second_time_nothing_changes() {
        let once = layout(UNTIDY).unwrap();
        insta::assert_snapshot!(once);
        assert_eq!(layout(&once).unwrap(), once);
    }

    #[test]
    fn what_cannot_be_read_is_left() {
        assert!(layout("permit (principal, oops;").is_err());
        assert_eq!(layout("// nothing\n").unwrap(), "// nothing\n");
    }
}
