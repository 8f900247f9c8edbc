//! Who is asking, once it is proved: an id, and what is known besides.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::program::ClaimKind;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Index of the identity that proved it.
    pub identity: u32,
    /// The id, such as the `sub` of a token.
    pub id: String,
    /// A value for each claim that the identity declares, in its order; `None`: it is missing.
    pub claims: Vec<Option<ClaimValue>>,
}

/// The value of a claim, of the type that was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimValue {
    /// Text.
    Text(String),
    /// A whole number.
    Long(i64),
    /// True or false.
    Bool(bool),
    /// Texts, sorted, each once.
    Texts(Vec<String>),
    /// Whole numbers, sorted, each once.
    Longs(Vec<i64>),
    /// Milliseconds since 1970.
    Datetime(i64),
    /// An address or a network.
    Ip(Ip),
    /// Ten-thousandths.
    Decimal(i64),
}

/// An address, or a network of addresses, as policies compare them: IPv4 and IPv6 are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ip {
    /// The address. Of a network any address in it, as written.
    pub address: IpAddr,
    /// How many bits all addresses share.
    pub prefix: u8,
}

impl From<IpAddr> for Ip {
    fn from(address: IpAddr) -> Self {
        let prefix = if address.is_ipv4() { 32 } else { 128 };
        Self { address, prefix }
    }
}

impl Ip {
    /// Whether it is one address.
    pub fn is_one(self) -> bool {
        self.prefix == if self.address.is_ipv4() { 32 } else { 128 }
    }

    /// Whether all its addresses are among those of another.
    pub fn is_within(self, other: Self) -> bool {
        let bits = |ip: Self| match ip.address {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        };
        let shared = u32::from(other.prefix);
        let differ = bits(self) ^ bits(other);
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix >= other.prefix
            && differ.checked_shr(128 - shared).unwrap_or(0) == 0
    }

    /// Whether all its addresses are of the machine itself.
    pub fn is_loopback(self) -> bool {
        let least = if self.address.is_ipv4() { 8 } else { 128 };
        self.address.is_loopback() && self.prefix >= least
    }

    /// Whether all its addresses are of groups.
    pub fn is_multicast(self) -> bool {
        let least = if self.address.is_ipv4() { 4 } else { 8 };
        self.address.is_multicast() && self.prefix >= least
    }

    /// Reads `10.0.0.0/8`, `10.1.2.3`, `fd00::/8`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            None => text.parse::<IpAddr>().ok().map(Self::from),
            Some((address, prefix)) => {
                let whole = Self::from(address.parse::<IpAddr>().ok()?);
                let plain = prefix.bytes().all(|byte| byte.is_ascii_digit())
                    && (prefix.len() == 1 || !prefix.starts_with('0'));
                let prefix = prefix.parse::<u8>().ok().filter(|_| plain)?;
                (prefix <= whole.prefix).then_some(Self { prefix, ..whole })
            }
        }
    }
}

impl ClaimValue {
    /// A value from JSON, as tokens hold it; `None`: it is not of that type.
    pub fn from_json(kind: ClaimKind, json: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        match (kind, json) {
            (ClaimKind::Long, Json::Number(number)) => number.as_i64().map(Self::Long),
            (ClaimKind::Bool, Json::Bool(yes)) => Some(Self::Bool(*yes)),
            (ClaimKind::Datetime, Json::Number(number)) => {
                number.as_i64()?.checked_mul(1000).map(Self::Datetime)
            }
            (ClaimKind::Decimal, Json::Number(number)) => decimal(&number.to_string()),
            (ClaimKind::Texts, Json::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .map(Self::texts),
            (ClaimKind::Longs, Json::Array(items)) => items
                .iter()
                .map(Json::as_i64)
                .collect::<Option<Vec<_>>>()
                .map(Self::longs),
            (ClaimKind::Long | ClaimKind::Bool | ClaimKind::Longs, _) => None,
            (kind, Json::String(text)) => Self::from_text(kind, text),
            _ => None,
        }
    }

    /// A value from text, as headers and key files hold it; sets have blanks or commas between.
    pub fn from_text(kind: ClaimKind, text: &str) -> Option<Self> {
        let items = || {
            text.split([',', ' '])
                .map(str::trim)
                .filter(|item| !item.is_empty())
        };
        match kind {
            ClaimKind::Text => Some(Self::Text(text.to_owned())),
            ClaimKind::Long => text.parse().ok().map(Self::Long),
            ClaimKind::Bool => text.parse().ok().map(Self::Bool),
            ClaimKind::Texts => Some(Self::texts(items().map(str::to_owned).collect())),
            ClaimKind::Longs => items()
                .map(|item| item.parse().ok())
                .collect::<Option<Vec<_>>>()
                .map(Self::longs),
            ClaimKind::Datetime => text
                .parse::<jiff::Timestamp>()
                .ok()
                .map(|time| Self::Datetime(time.as_millisecond())),
            ClaimKind::Ip => Ip::parse(text).map(Self::Ip),
            ClaimKind::Decimal => decimal(text),
        }
    }

    /// The value as text; of several all, with commas between.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Long(number) => Cow::Owned(number.to_string()),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
            Self::Texts(items) => Cow::Owned(items.join(",")),
            Self::Longs(items) => {
                let items: Vec<String> = items.iter().map(i64::to_string).collect();
                Cow::Owned(items.join(","))
            }
            Self::Datetime(millis) => Cow::Owned(
                jiff::Timestamp::from_millisecond(*millis)
                    .map(|moment| moment.to_string())
                    .unwrap_or_default(),
            ),
            Self::Ip(ip) if ip.is_one() => Cow::Owned(ip.address.to_string()),
            Self::Ip(ip) => Cow::Owned(format!("{}/{}", ip.address, ip.prefix)),
            Self::Decimal(parts) => {
                let sign = if *parts < 0 { "-" } else { "" };
                let parts = parts.unsigned_abs();
                Cow::Owned(format!("{sign}{}.{:04}", parts / 10_000, parts % 10_000))
            }
        }
    }

    fn texts(mut items: Vec<String>) -> Self {
        items.sort_unstable();
        items.dedup();
        Self::Texts(items)
    }

    fn longs(mut items: Vec<i64>) -> Self {
        items.sort_unstable();
        items.dedup();
        Self::Longs(items)
    }
}

/// A number with at most four places after the point, in ten-thousandths.
fn decimal(text: &str) -> Option<ClaimValue> {
    parse_decimal(text).map(ClaimValue::Decimal)
}

/// The same as a number.
pub fn parse_decimal(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    if !number(whole) || !number(part) || part.len() > 4 {
        return None;
    }
    let padded = format!("{whole}{part:0<4}");
    let signed = if negative {
        format!("-{padded}")
    } else {
        padded
    };
    signed.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_by_their_type() {
        use ClaimKind as Kind;
        let json = |kind, value: serde_json::Value| ClaimValue::from_json(kind, &value);
        let texts = |items: &[&str]| {
            Some(ClaimValue::Texts(
                items.iter().map(|item| (*item).to_owned()).collect(),
            ))
        };
        assert_eq!(
            json(Kind::Texts, json!(["b", "a", "b"])),
            texts(&["a", "b"])
        );
        assert_eq!(
            json(Kind::Texts, json!("read write")),
            texts(&["read", "write"])
        );
        assert_eq!(json(Kind::Texts, json!([1])), None);
        assert_eq!(json(Kind::Long, json!(7)), Some(ClaimValue::Long(7)));
        assert_eq!(json(Kind::Long, json!("7")), None, "a text is no number");
        assert_eq!(json(Kind::Long, json!(7.5)), None);
        assert_eq!(json(Kind::Bool, json!("true")), None);
        assert_eq!(
            json(Kind::Datetime, json!(2)),
            Some(ClaimValue::Datetime(2000))
        );
        assert_eq!(
            json(Kind::Decimal, json!(1.5)),
            Some(ClaimValue::Decimal(15_000))
        );
        assert_eq!(json(Kind::Text, json!(1)), None);
        let text = ClaimValue::from_text;
        assert_eq!(text(Kind::Texts, "a, b"), texts(&["a", "b"]));
        assert_eq!(
            text(Kind::Decimal, "-0.5"),
            Some(ClaimValue::Decimal(-5000))
        );
        assert_eq!(text(Kind::Decimal, "1.23456"), None);
        assert_eq!(
            text(Kind::Ip, "10.0.0.0/8"),
            Some(ClaimValue::Ip(Ip {
                address: "10.0.0.0".parse().unwrap(),
                prefix: 8
            }))
        );
        assert_eq!(text(Kind::Ip, "10.0.0.0/33"), None);
    }
}
