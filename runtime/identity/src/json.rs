//! JSON from strangers: no member twice, and no deeper than needed. What two readers could read in two
//! ways is refused (RFC 8725, section 2.4).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Levels of lists and objects.
const DEEPEST: usize = 16;

/// Reads an object.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, &'static str> {
    match parse(bytes)? {
        Value::Object(members) => Ok(members),
        _ => Err("is no JSON object"),
    }
}

/// Reads a value.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, &'static str> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value =
        Strict(DEEPEST)
            .deserialize(&mut reader)
            .map_err(|error| match error.to_string() {
                text if text.starts_with(TWICE) => TWICE,
                text if text.starts_with(DEEP) => DEEP,
                _ => "is no JSON",
            })?;
    reader.end().map_err(|_| "is no JSON")?;
    Ok(value)
}

const TWICE: &str = "has a member twice";
const DEEP: &str = "is nested too deep";

/// A value with at most so many levels.
#[derive(Clone, Copy)]
struct Strict(usize);

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn below<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or(E::custom(DEEP))
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or(E::custom("no number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(below)?;
            if all.insert(name, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let read = |text: &str| parse(text.as_bytes());
        assert_eq!(
            read(r#"{"a":1,"b":[1.5,null,"x",true,-1]}"#),
            Ok(serde_json::json!({"a":1,"b":[1.5,null,"x",true,-1]}))
        );
        assert_eq!(read(r#"{"a":1,"a":1}"#), Err(TWICE));
        assert_eq!(read(r#"{"a":[{"b":1,"\u0062":2}]}"#), Err(TWICE));
        assert_eq!(read(&"[".repeat(100)), Err(DEEP));
        assert!(read(&format!("{}{}", "[".repeat(16), "]".repeat(16))).is_ok());
        assert_eq!(read("{} x"), Err("is no JSON"));
        assert_eq!(object(b"[]"), Err("is no JSON object"));
    }
}
