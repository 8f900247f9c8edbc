//! Compiled templates.

use rkyv::{Archive, Deserialize, Serialize};

/// Text with values in it: a list of segments written one after another.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Template {
    /// The segments.
    pub segments: Vec<Segment>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum Segment {
    /// Written as it is.
    Text(String),
    /// A value, computed for each request.
    Value(Box<Expression>),
}

/// How a value is made safe where it goes in. Text of the template itself is never changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum Escape {
    /// As it is.
    #[default]
    None,
    /// As the inside of a JSON string.
    Json,
    /// As one JSON value: a number, a truth value or a part of a JSON body stays what it is, what is
    /// missing is `null`, and any other text becomes a string with its quotes.
    JsonValue,
    /// As the inside of a JavaScript string, whichever quotes it has, also within HTML.
    Script,
    /// As one JSON value that may stand in JavaScript, also within HTML.
    ScriptValue,
    /// As text of HTML or XML, or as the inside of an attribute in quotes.
    Html,
    /// As the value of an HTML attribute without quotes.
    Attribute,
    /// As a header value: control characters become spaces.
    Header,
    /// As the value of a cookie: what could end it is percent-encoded (RFC 6265, section 4.1.1).
    Cookie,
    /// As a part of a URL: percent-encoded, except what stands between path segments.
    Url,
    /// As a part of a URL that has no slashes, or a field of a form: percent-encoded.
    UrlPart,
}

/// A value and what is done to it.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Expression {
    /// Where the value comes from.
    pub source: ValueSource,
    /// What is done to it, in order.
    pub filters: Vec<Filter>,
    /// How it is made safe in the end.
    pub escape: Escape,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum ValueSource {
    /// A path parameter, decoded.
    Path(String),
    /// A query parameter: its first value, decoded.
    Query(String),
    /// A request header by its name in lower case.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// The body as text.
    Body,
    /// What a JSON path (RFC 9535) selects first in the body.
    BodyJson(String),
    /// A field of a form body.
    BodyForm(String),
    /// The method.
    Method,
    /// The path and query in normal form.
    Url,
    /// The host without its port.
    Host,
    /// The path in normal form.
    PathText,
    /// A claim of who asks, by its name.
    Claim(String),
    /// The id of who asks.
    Principal,
    /// A value of the session, by the name of its field.
    Session(String),
    /// The request id.
    RequestId,
    /// The present time, RFC 3339 in UTC.
    Now,
    /// A random UUID (version 4).
    Uuid,
    /// A random whole number from the first to the second, both included.
    Random(i64, i64),
    /// The next value of a named counter.
    Counter(String),
    /// Made-up data.
    Fake(Fake),
    /// A secret, by name.
    Secret(String),
    /// The status of the error that an error page is for.
    ErrorStatus,
    /// The reason phrase of that error.
    ErrorReason,
}

/// Kinds of made-up data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub enum Fake {
    /// A first name and a last name.
    Name,
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// An email address under `example.com`, `example.org` or `example.net`.
    Email,
    /// A company.
    Company,
    /// A city.
    City,
    /// A country.
    Country,
    /// A word.
    Word,
    /// A sentence.
    Sentence,
    /// `true` or `false`.
    Boolean,
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum Filter {
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
    /// Without blanks at both ends.
    Trim,
    /// This text where the value is missing or empty.
    Default(String),
    /// This number where the value is missing or empty.
    DefaultWhole(i64),
    /// As JSON, the quotes of a string included; JSON from the body stays as it is. Where a JSON value
    /// may stand, it is not made safe again.
    Json,
    /// Percent-encoded. In a URL it is not made safe again.
    UrlEncode,
    /// Base64 (RFC 4648, section 4).
    Base64,
    /// At most so many characters.
    Truncate(u32),
    /// A time in this format (`strftime`); on a value that is no time, nothing changes.
    Date(String),
    /// A whole number, or nothing if it is none.
    Int,
    /// A number where the text is one exactly as JSON writes whole numbers; otherwise the text. For
    /// path parameters that are declared to be numbers.
    Number,
    /// Each occurrence of the first text replaced by the second.
    Replace(String, String),
    /// The number of characters.
    Length,
    /// Not escaped at all.
    Raw,
}
