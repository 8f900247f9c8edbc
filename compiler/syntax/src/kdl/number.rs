//! Words that start as numbers do, read by the grammar's rules: decimal with underscores, fraction
//! and exponent, or `0x`, `0o`, `0b`.

use std::borrow::Cow;

use super::tree::Scalar;

/// The number a word spells, or why it is none.
pub(super) fn read(word: &str) -> Result<Scalar<'_>, &'static str> {
    let (negative, unsigned) = match word.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    };
    if unsigned.starts_with('.') {
        return Err("a number needs a digit before its point");
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            return radix_number(word, digits, radix, negative);
        }
    }
    decimal(word, unsigned, negative)
}

fn radix_number<'a>(
    word: &'a str,
    digits: &str,
    radix: u32,
    negative: bool,
) -> Result<Scalar<'a>, &'static str> {
    if !is_digits(digits, |c| c.is_digit(radix)) {
        return Err(match radix {
            16 => "after `0x` come hexadecimal digits: 0 to 9, a to f, and `_` between them",
            8 => "after `0o` come octal digits: 0 to 7, and `_` between them",
            _ => "after `0b` come binary digits: 0 and 1, and `_` between them",
        });
    }
    Ok(integer(word, digits, radix, negative))
}

fn decimal<'a>(word: &'a str, unsigned: &str, negative: bool) -> Result<Scalar<'a>, &'static str> {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_decimal = |digits: &str| is_digits(digits, |c| c.is_ascii_digit());
    if !is_decimal(whole) {
        return Err(
            "a word that starts with a digit must be a number; put it in quotes to make it a string",
        );
    }
    if fraction.is_some_and(|digits| !is_decimal(digits)) {
        return Err("after the point comes at least one digit");
    }
    if exponent.is_some_and(|text| !is_decimal(text.strip_prefix(['+', '-']).unwrap_or(text))) {
        return Err("after `e` comes a whole number");
    }
    if fraction.is_none() && exponent.is_none() {
        return Ok(integer(word, whole, 10, negative));
    }
    Ok(float(word))
}

/// At least one digit first, then digits and underscores.
fn is_digits(text: &str, digit: impl Fn(char) -> bool) -> bool {
    text.starts_with(&digit) && text.chars().all(|c| c == '_' || digit(c))
}

fn integer<'a>(word: &'a str, digits: &str, radix: u32, negative: bool) -> Scalar<'a> {
    let mut value: i64 = 0;
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        // Counting downwards keeps the smallest i64 within reach.
        let next = value
            .checked_mul(i64::from(radix))
            .and_then(|value| value.checked_sub(i64::from(digit)));
        match next {
            Some(next) => value = next,
            None => return Scalar::BigNumber(Cow::Borrowed(word)),
        }
    }
    let signed = if negative {
        Some(value)
    } else {
        value.checked_neg()
    };
    signed.map_or(Scalar::BigNumber(Cow::Borrowed(word)), Scalar::Integer)
}

fn float(word: &str) -> Scalar<'_> {
    let clean: Cow<'_, str> = if word.contains('_') {
        Cow::Owned(word.replace('_', ""))
    } else {
        Cow::Borrowed(word)
    };
    match clean.parse::<f64>() {
        Ok(value) if value.is_finite() => Scalar::Float(value),
        _ => Scalar::BigNumber(Cow::Borrowed(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_spelling() {
        for (word, value) in [
            ("0", 0),
            ("-12", -12),
            ("+1_000_", 1000),
            ("0xDEAD_beef", 0xdead_beef),
            ("-0o17", -15),
            ("0b1_0", 2),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807", i64::MAX),
            ("-0x8000000000000000", i64::MIN),
        ] {
            assert_eq!(read(word), Ok(Scalar::Integer(value)), "{word}");
        }
        for (word, value) in [
            ("1.5", 1.5),
            ("1e3", 1000.0),
            ("-1_0.2_5E-1", -1.025),
            ("0.0", 0.0),
        ] {
            assert_eq!(read(word), Ok(Scalar::Float(value)), "{word}");
        }
    }

    #[test]
    fn numbers_too_big_keep_their_words() {
        for word in ["9223372036854775808", "-0x8000000000000001", "1e999"] {
            assert_eq!(read(word), Ok(Scalar::BigNumber(Cow::Borrowed(word))));
        }
    }

    #[test]
    fn words_that_are_no_numbers() {
        for word in [
            ".1", "-.1", "1.", "1.e3", "1._2", "1e", "1e+", "1e_2", "0x", "0x_1", "0xg", "0o8",
            "0b2", "1a", "1.2.3", "1e2e3", "1e2.3", "0X10", "5s",
        ] {
            assert!(read(word).is_err(), "{word}");
        }
    }
}
