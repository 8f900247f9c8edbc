//! What a plain scalar means: the core schema of YAML 1.2 (section 10.3.2), and nothing of 1.1.

use crate::document::{Number, Value};

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match number(text) {
            Some(number) => Value::Number(number),
            None => Value::String(text.to_owned()),
        },
    }
}

/// The number a text spells, if it spells one.
pub(super) fn number(text: &str) -> Option<Number> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    integer(text).or_else(|| float(text).map(Number::Float))
}

fn integer(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return in_radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return in_radix(digits, 8);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(Number::Integer(whole)),
        Err(_) => text.parse().ok().map(Number::Float),
    }
}

fn in_radix(digits: &str, radix: u32) -> Option<Number> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    if let Ok(whole) = i64::from_str_radix(digits, radix) {
        return Some(Number::Integer(whole));
    }
    let step = |sum: f64, digit: char| {
        sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0))
    };
    Some(Number::Float(digits.chars().fold(0.0, step)))
}

fn float(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    (is_mantissa(mantissa) && exponent.is_none_or(is_exponent))
        .then(|| text.parse().ok())
        .flatten()
}

/// `1`, `1.`, `1.5` or `.5`.
fn is_mantissa(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !text.is_empty() && digits(text),
    }
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Value) {
        assert_eq!(resolve(text), expect, "{text}");
    }

    #[test]
    fn words_of_the_core_schema() {
        check("", Value::Null);
        check("~", Value::Null);
        check("NULL", Value::Null);
        check("True", Value::Bool(true));
        check("false", Value::Bool(false));
        for word in [
            "yes", "no", "on", "off", "y", "n", "nULL", "tRue", "1_000", "0b11", "1:30",
        ] {
            check(word, Value::String(word.to_owned()));
        }
    }

    #[test]
    fn integers() {
        let whole = |number| Value::Number(Number::Integer(number));
        check("0", whole(0));
        check("-12", whole(-12));
        check("+7", whole(7));
        check("010", whole(10));
        check("0x1F", whole(31));
        check("0o17", whole(15));
        check("9223372036854775807", whole(i64::MAX));
        check(
            "9223372036854775808",
            Value::Number(Number::Float(9_223_372_036_854_775_808.0)),
        );
        check(
            "0xFFFFFFFFFFFFFFFF",
            Value::Number(Number::Float(18_446_744_073_709_551_615.0)),
        );
        check("-0x1F", Value::String("-0x1F".to_owned()));
    }

    #[test]
    fn floats() {
        let float = |number| Value::Number(Number::Float(number));
        check("1.5", float(1.5));
        check("1.", float(1.0));
        check(".5", float(0.5));
        check("-1e3", float(-1000.0));
        check("1.5E-3", float(0.0015));
        check(".inf", float(f64::INFINITY));
        check("-.INF", float(f64::NEG_INFINITY));
        for word in [
            ".",
            "-",
            "+",
            "1e",
            "e5",
            "1.2.3",
            "5s",
            "100/min",
            "-.nan",
            "127.0.0.1",
        ] {
            check(word, Value::String(word.to_owned()));
        }
    }
}
