//! The body of `PUT /log-level`: a level as it is, or as JSON.

use serde_json::Value;

use crate::log::LEVELS;

/// The level that a body names: `debug`, `"debug"` or `{"level": "debug"}`.
///
/// # Errors
/// What is wrong with it, in words for its sender.
pub(super) fn read(body: &str) -> Result<&'static str, String> {
    let named = match serde_json::from_str::<Value>(body) {
        Err(_) => body.trim().to_owned(),
        Ok(Value::String(level)) => level,
        Ok(Value::Object(mut object)) => match (object.remove("level"), object.is_empty()) {
            (Some(Value::String(level)), true) => level,
            _ => return Err(expected(body)),
        },
        Ok(_) => return Err(expected(body)),
    };
    let known = LEVELS
        .into_iter()
        .find(|level| level.eq_ignore_ascii_case(&named));
    known.ok_or_else(|| {
        format!("`{named}` is no log level; there are `error`, `warn`, `info`, `debug` and `trace`")
    })
}

fn expected(body: &str) -> String {
    format!(
        "`{}` names no log level; expected one of `error`, `warn`, `info`, `debug` and `trace`, as it is or as `{{\"level\": \"debug\"}}`",
        body.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_level_comes_as_it_is_or_as_json() {
        for body in ["debug", " DEBUG\n", "\"debug\"", "{\"level\": \"debug\"}"] {
            assert_eq!(read(body), Ok("debug"), "{body}");
        }
    }

    #[test]
    fn anything_else_is_told_which_levels_there_are() {
        for body in [
            "loud",
            "",
            "3",
            "{}",
            "{\"level\": 3}",
            "{\"level\": \"loud\"}",
            "{\"level\": \"debug\", \"for\": \"1h\"}",
            "{\"lvl\": \"debug\"}",
        ] {
            let error = read(body).unwrap_err();
            assert!(
                error.contains("`debug`") && error.contains("`trace`"),
                "{error}"
            );
        }
    }
}
