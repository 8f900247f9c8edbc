//! The part after `body`: `.a.b[0]`, or a whole JSON path in `["$.a.b"]`.

use std::ops::Range;

use super::cursor::Cursor;

/// Reads what follows `body`: `None` where nothing does. `Err` gives the place of what cannot be
/// read.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<String>, Range<usize>> {
    let start = cursor.at();
    if let Some(whole) = whole_path(cursor)? {
        return Ok(Some(whole));
    }
    let mut path = String::from("$");
    loop {
        let at = cursor.at();
        if cursor.eat(".") {
            match cursor.name() {
                Some(name) => push_name(&mut path, name),
                None if cursor.eat("*") => path.push_str(".*"),
                None => return Err(at..cursor.at()),
            }
        } else if cursor.eat("[") {
            bracket(cursor, &mut path, at)?;
        } else {
            break;
        }
    }
    Ok((cursor.at() > start).then_some(path))
}

/// `["$…"]`.
fn whole_path(cursor: &mut Cursor<'_>) -> Result<Option<String>, Range<usize>> {
    let mut ahead = cursor.clone();
    if !ahead.eat("[") {
        return Ok(None);
    }
    ahead.blanks();
    match ahead.string() {
        Some(Ok(text)) if text.starts_with('$') => {
            ahead.blanks();
            let closed = ahead.eat("]");
            let range = cursor.at()..ahead.at();
            *cursor = ahead;
            closed.then_some(Some(text)).ok_or(range)
        }
        _ => Ok(None),
    }
}

fn bracket(cursor: &mut Cursor<'_>, path: &mut String, at: usize) -> Result<(), Range<usize>> {
    cursor.blanks();
    if let Some(text) = cursor.string() {
        push_quoted(path, &text?);
    } else if let Some(number) = cursor.number() {
        path.push_str(&format!("[{number}]"));
    } else if cursor.eat("*") {
        path.push_str("[*]");
    } else {
        return Err(at..cursor.at());
    }
    cursor.blanks();
    match cursor.eat("]") {
        true => Ok(()),
        false => Err(at..cursor.at()),
    }
}

/// The short form of a JSON path holds no `-`.
fn push_name(path: &mut String, name: &str) {
    match name.contains('-') {
        true => push_quoted(path, name),
        false => {
            path.push('.');
            path.push_str(name);
        }
    }
}

fn push_quoted(path: &mut String, name: &str) {
    let quoted = serde_json::Value::String(name.to_owned()).to_string();
    path.push('[');
    path.push_str(&quoted);
    path.push(']');
}
