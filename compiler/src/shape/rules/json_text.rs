//! S122: text that should be JSON and is not

use gatec_syntax::{Rule, Severity};

/// The rule of S122.
pub const RULE: Rule = Rule {
    code: "S122",
    name: "json-text",
    severity: Severity::Error,
    summary: r##"text that should be JSON and is not"##,
    explanation: r##"The key takes JSON written as text. The message says where it stops being JSON. In KDL a raw string saves
escapes: `#"{"id": 7}"#`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}

test "hello" {
    request "/hello"
    expect json="{id: 7}"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 #"{"id": 7}"#
}

test "hello" {
    request "/hello"
    expect json=#"{"id": 7}"#
}
"##,
};
