//! The spec: fifty routes, public or with an identity and policies on each.

use std::fmt::Write;
use std::net::SocketAddr;

/// How many routes there are.
pub const ROUTES: usize = 50;

/// How who asks is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    /// Not at all: every route is public.
    Public,
    /// By a token.
    Es256,
    /// By a token.
    Rs256,
    /// By a key.
    Key,
}

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Answers what is known beforehand.
    Answer,
    /// Passes the request on.
    Proxy,
}

/// The spec of a replica.
pub fn spec(proved: Proved, act: Act, address: SocketAddr, upstream: SocketAddr) -> String {
    let mut text = format!(
        "gateway \"policies\" workers=1\nlog access=\"off\"\nlistener \"web\" bind=\"{address}\"\n\
         upstream \"up\" {{\n    server \"http://{upstream}\"\n}}\n"
    );
    if proved != Proved::Public {
        text += &identity(proved);
        text += &policies();
    }
    for route in 0..ROUTES {
        let who = match proved {
            Proved::Public => (" public=#true", ""),
            _ => ("", "    identity \"staff\"\n"),
        };
        let act = match act {
            Act::Answer => {
                format!("respond 200 #\"{{\"answer\": \"a fixed answer\", \"of\": {route}}}\"#")
            }
            Act::Proxy => "proxy \"up\"".to_owned(),
        };
        let _ = writeln!(
            text,
            "route \"r{route}\"{} {{\n    match prefix=\"/r{route}\"\n{}    {act}\n}}",
            who.0, who.1
        );
    }
    text
}

fn identity(proved: Proved) -> String {
    let how = match proved {
        Proved::Key => "api-key \"keys.txt\" header=\"x-api-key\"".to_owned(),
        Proved::Rs256 => token("rs256.pem"),
        Proved::Es256 | Proved::Public => token("es256.pem"),
    };
    format!(
        "identity \"staff\" {{\n    {how}\n    claim \"roles\" type=\"set<string>\" role=#true\n    \
         claim \"level\" type=\"long\"\n}}\n"
    )
}

fn token(file: &str) -> String {
    format!("jwt issuer=\"https://id.example\" audience=\"shop\" keys=\"{file}\"")
}

/// Two permits for each route, of which the second lets the client in, and three prohibitions for all.
fn policies() -> String {
    let mut text = String::from(
        "policies {\n    cedar #\"\"\"\n        forbid (principal in Role::\"suspended\", action, resource);\n        \
         forbid (principal, action, resource) when { context.client.isInRange(ip(\"192.0.2.0/24\")) };\n        \
         forbid (principal, action, resource) when { context.method == \"DELETE\" && principal.level < 5 };\n",
    );
    for route in 0..ROUTES {
        let _ = writeln!(
            text,
            "        permit (principal in Role::\"team-{route}\", action == Action::\"r{route}\", resource);\n        \
             permit (principal in Role::\"staff\", action == Action::\"r{route}\", resource) when {{ principal.level >= 2 }};"
        );
    }
    text + "        \"\"\"#\n}\n"
}
