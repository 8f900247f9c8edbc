//! The values of a spec that are more than plain text: each has a format that JSON Schema names
//! and that [`FORMATS`] checks.
//!
//! A format's `check` says in one sentence, in the user's terms, what is wrong with a text; the
//! compiler shows that sentence under the code of the format.

mod address;
mod http;
mod path;
mod pattern;
mod rate;
mod store_url;
mod text;
mod unit;

pub use address::{Address, Host, IpAddress, Network, ServerName, Url};
pub use http::{HeaderName, HeaderValue, METHODS, MediaRange, Method, Status, listed_methods};
pub use path::{PathPattern, PathPrefix, PathSegment, SegmentType, parse_path};
pub use pattern::{JsonPath, JsonText, Pattern};
pub use rate::Rate;
pub use store_url::StoreUrl;
pub use text::{CedarText, DiskPath, FilePath, KeySource, SecretName, Template};
pub use unit::{Duration, Size, Timestamp};

/// A named format of strings in the JSON Schema.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The value of the schema's `format` keyword.
    pub name: &'static str,
    /// What a right value looks like, in a few words.
    pub expected: &'static str,
    /// Right values.
    pub examples: &'static [&'static str],
    /// What is wrong with a text, if anything.
    pub check: fn(&str) -> Result<(), String>,
}

/// Every format, by name.
pub const FORMATS: &[Format] = &[
    unit::DURATION,
    unit::SIZE,
    unit::TIMESTAMP,
    rate::RATE,
    store_url::STORE_URL,
    address::ADDRESS,
    address::HOST,
    address::URL,
    address::NETWORK,
    address::IP_ADDRESS,
    address::SERVER_NAME,
    http::METHOD,
    http::HEADER_NAME,
    http::HEADER_VALUE,
    http::MEDIA_RANGE,
    http::COOKIE_NAME,
    http::ERROR_STATUS,
    path::PATH_PATTERN,
    path::PATH_PREFIX,
    pattern::REGEX,
    pattern::JSON_PATH,
    pattern::JSON_TEXT,
    text::FILE_PATH,
    text::DISK_PATH,
    text::TEMPLATE,
    text::CEDAR_TEXT,
    text::KEY_SOURCE,
    text::SECRET_NAME,
];

/// Declares a string with a format: its type, its serde and JSON Schema, and its [`Format`].
macro_rules! text_value {
    ($(#[$doc:meta])* $type:ident, $constant:ident = $name:literal, $expected:literal,
     [$($example:literal),*], $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        pub(super) const $constant: super::Format = super::Format {
            name: $name,
            expected: $expected,
            examples: &[$($example),*],
            check: $check,
        };

        impl $type {
            /// The text as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                ($constant.check)(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "format": $name,
                    "examples": [$($example),*],
                })
            }
            fn inline_schema() -> bool {
                true
            }
        }
    };
}
pub(crate) use text_value;
