//! 500 routes with 1,000 policies as a company might have them: teams, owners, office hours, and a few
//! prohibitions for everything.

use std::fmt::Write;

use fastrand::Rng;

/// How many routes there are.
pub(crate) const ROUTES: usize = 500;

/// How many teams there are; each looks after some of the routes.
const TEAMS: usize = 25;

/// A spec with some of the routes.
pub(crate) fn spec(routes: &[usize]) -> String {
    let mut text = String::from(
        "listener \"web\" bind=\"127.0.0.1:8080\"\n\
         policies \"all.cedar\"\n\
         identity \"staff\" {\n    jwt issuer=\"https://id.example\" audience=\"shop\" keys=\"https://id.example/keys\"\n    \
         claim \"sub\"\n    claim \"roles\" type=\"set<string>\" role=#true\n    claim \"level\" type=\"long\"\n}\n",
    );
    for route in routes {
        let _ = writeln!(
            text,
            "route \"thing-{route}\" {{\n    match \"/department{}/things{route}/{{owner}}\"\n    identity \"staff\"\n    respond 200\n}}",
            route / 20
        );
    }
    text
}

/// The policies of some of the routes, one a line: those for everything, and two for each route, but for
/// the first four, which have one.
pub(crate) fn policies(routes: &[usize]) -> String {
    let mut text = String::from(
        "forbid (principal in Role::\"suspended\", action, resource);\n\
         forbid (principal, action, resource) when { context.client.isInRange(ip(\"192.0.2.0/24\")) };\n\
         forbid (principal, action, resource) when { principal.level < 0 };\n\
         forbid (principal, action, resource) when { context.method == \"DELETE\" && !(principal in Role::\"admin\") };\n",
    );
    for route in routes {
        let team = route % TEAMS;
        let action = format!("action == Action::\"thing-{route}\"");
        let _ = writeln!(
            text,
            "permit (principal in Role::\"team-{team}\", {action}, resource);"
        );
        let condition = match route {
            0..4 => continue,
            _ if route % 5 == 0 => {
                "principal.level >= 3 && context.time.toTime() >= duration(\"7h\") && context.time.toTime() < duration(\"19h\")"
            }
            _ => "resource.owner == principal.sub",
        };
        let _ = writeln!(
            text,
            "permit (principal, {action}, resource) when {{ {condition} }};"
        );
    }
    text
}

/// Somebody who asks for a route.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The route.
    pub(crate) route: usize,
    /// Who asks.
    pub(crate) sub: String,
    /// Their only role.
    pub(crate) role: String,
    /// Their level.
    pub(crate) level: i64,
    /// Whose thing it is.
    pub(crate) owner: String,
}

impl Case {
    /// Somebody of the team, an owner, or somebody else.
    pub(crate) fn random(route: usize, chance: &mut Rng) -> Self {
        let sub = format!("person-{}", chance.u16(..));
        let (team, owner) = match chance.u8(..3) {
            0 => (route % TEAMS, "somebody".to_owned()),
            1 => ((route + 1) % TEAMS, sub.clone()),
            _ => ((route + 1) % TEAMS, "somebody".to_owned()),
        };
        Self {
            route,
            sub,
            role: format!("team-{team}"),
            level: chance.i64(0..6),
            owner,
        }
    }

    /// The path that they ask for.
    pub(crate) fn path(&self) -> String {
        format!(
            "/department{}/things{}/{}",
            self.route / 20,
            self.route,
            self.owner
        )
    }
}
