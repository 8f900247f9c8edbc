//! Random policies that Cedar's strict validation takes.

use fastrand::Rng;

use super::specs::IDENTITIES;

/// Writes policies about principals of one identity, or of any.
pub(crate) struct Writer<'r> {
    chance: &'r mut Rng,
    /// The identity that the policy is about.
    identity: Option<usize>,
    /// The route that it is about.
    route: Option<usize>,
}

const TYPES: [&str; 3] = ["Staff", "Robot", "Guest"];
const ACTIONS: [&str; 4] = ["get-order", "put-order", "page", "any"];
const RESOURCES: [&str; 4] = ["GetOrder", "PutOrder", "Page", "Any"];
pub(crate) const NAMES: [&str; 5] = ["ann", "bob", "r2", "", "a*b"];
pub(crate) const ROLES: [&str; 4] = ["lead", "crew", "all", "none"];

impl<'r> Writer<'r> {
    pub(crate) fn new(chance: &'r mut Rng) -> Self {
        Self {
            chance,
            identity: None,
            route: None,
        }
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.chance.usize(..of.len())]
    }

    fn often(&mut self, percent: u8) -> bool {
        self.chance.u8(..100) < percent
    }

    /// A policy.
    pub(crate) fn policy(&mut self, number: usize) -> String {
        let effect = if self.often(75) { "permit" } else { "forbid" };
        let (principal, action, resource) = (self.principal(), self.action(), self.resource());
        let mut text = format!("@id(\"p{number}\")\n{effect} ({principal}, {action}, {resource})");
        for _ in 0..self.chance.usize(..3) {
            let word = if self.often(70) { "when" } else { "unless" };
            let condition = self.bool(3);
            text.push_str(&format!("\n{word} {{ {condition} }}"));
        }
        text.push(';');
        text
    }

    fn principal(&mut self) -> String {
        match self.chance.u8(..6) {
            0 => "principal".to_owned(),
            1 => format!("principal in Role::\"{}\"", self.one(&ROLES)),
            2 => {
                let group = self.one(&["owners", "people"]);
                format!("principal in Group::\"{group}\"")
            }
            3 => {
                self.identity = Some(0);
                format!("principal == Staff::\"{}\"", self.one(&NAMES))
            }
            4 => {
                self.identity = Some(0);
                format!("principal is Staff in Role::\"{}\"", self.one(&ROLES))
            }
            _ => {
                let identity = self.chance.usize(..TYPES.len());
                self.identity = Some(identity);
                format!("principal is {}", TYPES[identity])
            }
        }
    }

    fn action(&mut self) -> String {
        match self.chance.u8(..5) {
            0 => "action".to_owned(),
            1 => format!("action in Action::\"{}\"", self.one(&["orders", "reading"])),
            2 => "action in [Action::\"page\", Action::\"orders\"]".to_owned(),
            _ => {
                let route = self.chance.usize(..ACTIONS.len());
                self.route = Some(route);
                format!("action == Action::\"{}\"", ACTIONS[route])
            }
        }
    }

    fn resource(&mut self) -> String {
        match (self.chance.u8(..4), self.route) {
            (0, Some(route)) => format!("resource is Route::{}", RESOURCES[route]),
            (1, Some(0)) => "resource == Route::GetOrder::\"/orders/ann\"".to_owned(),
            (2, None) => {
                let route = self.chance.usize(..RESOURCES.len());
                self.route = Some(route);
                format!("resource is Route::{}", RESOURCES[route])
            }
            _ => "resource".to_owned(),
        }
    }

    fn bool(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self.atom();
        }
        let below = depth - 1;
        match self.chance.u8(..9) {
            0 | 1 => format!("({} && {})", self.bool(below), self.bool(below)),
            2 | 3 => format!("({} || {})", self.bool(below), self.bool(below)),
            4 => format!("!({})", self.bool(below)),
            5 => format!(
                "(if {} then {} else {})",
                self.bool(below),
                self.bool(below),
                self.bool(below)
            ),
            _ => self.atom(),
        }
    }

    fn atom(&mut self) -> String {
        match self.chance.u8(..16) {
            0 => self.one(&["true", "false"]).to_owned(),
            1 => {
                let (one, two) = (self.text(), self.text());
                format!("{one} {} {two}", self.one(&["==", "!="]))
            }
            2 => {
                let pattern = self.one(&["a*", "*", "*n*", "a\\*b", "", "/orders/*", "*o*r*"]);
                format!("{} like \"{pattern}\"", self.text())
            }
            3 | 4 => {
                let (one, two) = (self.long(2), self.long(2));
                format!(
                    "{one} {} {two}",
                    self.one(&["==", "!=", "<", "<=", ">", ">="])
                )
            }
            5 => format!("principal in Role::\"{}\"", self.one(&ROLES)),
            6 => {
                let (one, two) = (self.one(&ROLES), self.one(&["owners", "people"]));
                format!("principal in [Role::\"{one}\", Role::\"{two}\"]")
            }
            7 => {
                let (set, text) = (self.texts(), self.text());
                format!("{set}.contains({text})")
            }
            8 => {
                let (one, two) = (self.texts(), self.texts());
                format!("{one}.{}({two})", self.one(&["containsAll", "containsAny"]))
            }
            9 => {
                let one = self.ip();
                match self.chance.u8(..4) {
                    0 => format!("{one}.isInRange({})", self.ip()),
                    1 => format!("{one} == {}", self.ip()),
                    2 => format!("{one}.{}()", self.one(&["isIpv4", "isIpv6"])),
                    _ => format!("{one}.{}()", self.one(&["isLoopback", "isMulticast"])),
                }
            }
            10 => {
                let (one, two) = (self.datetime(), self.datetime());
                format!("{one} {} {two}", self.one(&["<", "<=", ">", "==", "!="]))
            }
            11 => {
                let (one, two) = (self.duration(), self.duration());
                format!("{one} {} {two}", self.one(&["<", ">=", "=="]))
            }
            12 => {
                let (one, two) = (self.decimal(), self.decimal());
                let how = self.one(&[
                    "lessThan",
                    "lessThanOrEqual",
                    "greaterThan",
                    "greaterThanOrEqual",
                ]);
                format!("{one}.{how}({two})")
            }
            13 => format!("action in Action::\"{}\"", self.one(&["orders", "reading"])),
            14 => self.optional(),
            _ => self.other(),
        }
    }

    /// Something that is asked for with `has` first.
    fn optional(&mut self) -> String {
        match self.chance.u8(..5) {
            0 => "(context.query has page && context.query.page == \"1\")".to_owned(),
            1 => "(context.headers has \"x-tenant\" && context.headers[\"x-tenant\"] like \"a*\")"
                .to_owned(),
            2 => "context.query has page".to_owned(),
            3 if self.identity == Some(0) => {
                "(principal has team && principal.team == \"red\")".to_owned()
            }
            _ if self.identity == Some(0) => {
                "(principal has limit && principal.limit * 1000000 > 9000000000000000000)"
                    .to_owned()
            }
            _ => "context has method".to_owned(),
        }
    }

    fn other(&mut self) -> String {
        match self.chance.u8(..5) {
            0 if self.identity == Some(0) => "principal.vip".to_owned(),
            1 if self.identity == Some(0) => {
                let number = self.chance.u8(..4);
                format!("principal.rooms.contains({number})")
            }
            2 if self.identity == Some(0) => "principal.areas.isEmpty()".to_owned(),
            3 => format!(
                "[\"GET\", \"{}\"].contains(context.method)",
                self.one(&["PUT", "HEAD"])
            ),
            _ => "context.secure".to_owned(),
        }
    }

    fn text(&mut self) -> String {
        match self.chance.u8(..8) {
            0 if self.has("sub") => "principal.sub".to_owned(),
            1 if self.route.is_some_and(|route| route < 2) => "resource.id".to_owned(),
            2 if self.route == Some(3) => "resource.rest".to_owned(),
            3 => "context.method".to_owned(),
            4 => "context.host".to_owned(),
            5 => "context.path".to_owned(),
            _ => format!(
                "\"{}\"",
                self.one(&[
                    "ann",
                    "bob",
                    "GET",
                    "PUT",
                    "shop.example",
                    "/orders/ann",
                    ""
                ])
            ),
        }
    }

    fn has(&self, claim: &str) -> bool {
        self.identity.is_some_and(|identity| {
            IDENTITIES[identity]
                .1
                .iter()
                .any(|(name, ..)| *name == claim)
        })
    }

    fn texts(&mut self) -> String {
        match self.chance.u8(..4) {
            0 if self.has("areas") => "principal.areas".to_owned(),
            1 if self.has("roles") => "principal.roles".to_owned(),
            2 => format!("[{}, {}]", self.text(), self.text()),
            _ => "[\"ann\", \"lead\", \"GET\"]".to_owned(),
        }
    }

    fn long(&mut self, depth: u8) -> String {
        let most = if depth == 0 { 5 } else { 9 };
        match self.chance.u8(..most) {
            0 if self.has("level") => "principal.level".to_owned(),
            1 if self.route == Some(2) => "resource.n".to_owned(),
            2 => "9223372036854775807".to_owned(),
            3 | 4 => self.chance.u8(..6).to_string(),
            5 => format!("-({})", self.long(depth - 1)),
            6 if depth > 0 => format!("{}.toSeconds()", self.duration()),
            7 => {
                let number = self.chance.u8(..4);
                format!("({} * {number})", self.long(depth - 1))
            }
            8 => {
                let (one, two) = (self.long(depth - 1), self.long(depth - 1));
                format!("({one} {} {two})", self.one(&["+", "-"]))
            }
            _ => "3".to_owned(),
        }
    }

    fn ip(&mut self) -> String {
        match self.chance.u8(..4) {
            0 if self.has("home") => "principal.home".to_owned(),
            1 => "context.client".to_owned(),
            _ => {
                let text = self.one(&[
                    "10.0.0.0/8",
                    "10.1.2.3",
                    "127.0.0.0/8",
                    "127.0.0.1",
                    "::1",
                    "fd00::/8",
                    "224.0.0.1",
                    "0.0.0.0/0",
                    "ff00::1",
                    "10.1.0.0/16",
                ]);
                format!("ip(\"{text}\")")
            }
        }
    }

    fn datetime(&mut self) -> String {
        match self.chance.u8(..7) {
            0 if self.has("since") => "principal.since".to_owned(),
            1 if self.route == Some(2) => "resource.day".to_owned(),
            2 => "context.time".to_owned(),
            3 => "context.time.toDate()".to_owned(),
            4 => {
                let by = self.one(&["1h", "-1d2h", "90m", "365d"]);
                format!("context.time.offset(duration(\"{by}\"))")
            }
            _ => {
                let text = self.one(&[
                    "2024-01-01",
                    "2026-11-22T08:00:00Z",
                    "1969-12-31T23:59:59.999Z",
                    "2030-02-03T04:05:06+0100",
                ]);
                format!("datetime(\"{text}\")")
            }
        }
    }

    fn duration(&mut self) -> String {
        match self.chance.u8(..4) {
            0 => "context.time.toTime()".to_owned(),
            1 => {
                let (one, two) = (self.datetime(), self.datetime());
                format!("{one}.durationSince({two})")
            }
            _ => format!(
                "duration(\"{}\")",
                self.one(&["1h", "8h30m", "1d", "-5s", "250ms"])
            ),
        }
    }

    fn decimal(&mut self) -> String {
        match self.chance.u8(..3) {
            0 if self.has("rate") => "principal.rate".to_owned(),
            _ => format!(
                "decimal(\"{}\")",
                self.one(&["0.5", "-1.25", "10.0", "3.1415"])
            ),
        }
    }
}
