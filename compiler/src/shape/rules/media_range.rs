//! S128: a media type that none can be

use gatec_syntax::{Rule, Severity};

/// The rule of S128.
pub const RULE: Rule = Rule {
    code: "S128",
    name: "media-type",
    severity: Severity::Error,
    summary: r##"a media type that none can be"##,
    explanation: r##"A media type is a type and a subtype with `/` between them, without parameters: `text/html`. In the place of the subtype `*` stands for any (`text/*`), and before a suffix for all that have it
(`application/*+json`). `*/*` is every type there is."##,
    wrong: r##"gateway "shop" {
    compress {
        types "text/*" "json"
    }
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"gateway "shop" {
    compress {
        types "text/*" "application/json"
    }
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};
