//! `gatec policy why`

use std::fmt::Write;
use std::net::IpAddr;
use std::path::PathBuf;

use gated_engine::Environment;
use gated_engine::authorise::{Question, Verdict};
use gated_engine::matcher::Routing;
use gated_engine::program::ArchivedArm;
use serde_json::{Value, json};

use crate::arguments::Report;
use crate::simulate::{Admission, Asker, Call, Fixed, admit, asker};
use crate::spec::{self, Located, Served, Written};
use crate::{CommandError, Outcome, Terminal};

/// Tell whether a request would be let in, and what each policy has to say about it. Exits 1 if it would not.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The method.
    method: String,
    /// The path with its query, or a whole URL.
    url: String,
    /// The identity that took the credentials; left out, there are none.
    #[arg(long = "as", value_name = "IDENTITY")]
    identity: Option<String>,
    /// A claim of who asks; can be given several times, and a set has commas between its values.
    #[arg(long = "claim", value_name = "NAME=VALUE")]
    claims: Vec<String>,
    /// The client's address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    from: IpAddr,
    /// When it is asked, as RFC 3339; left out, now.
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,
    /// A header of the request; can be given several times.
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Look under this profile.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let headers = arguments
        .headers
        .iter()
        .map(|header| crate::command::why::split_header(header))
        .collect::<Result<Vec<_>, _>>()?;
    let call =
        Call::new(&arguments.method, &arguments.url, headers, None).map_err(CommandError::new)?;
    let file = spec::named(arguments.file.as_deref())?;
    let served = spec::asked(
        &file,
        &arguments.written,
        arguments.profile.as_deref(),
        arguments.format,
        terminal,
    )?;
    let Some(served) = served else {
        return Ok(Outcome::Findings);
    };
    let asker = Asker {
        session: None,
        principal: asker::written(arguments.identity.as_deref(), &arguments.claims)
            .map_err(CommandError::new)?,
        client: arguments.from,
    };
    let at = arguments.at.unwrap_or_else(jiff::Timestamp::now);
    let told = told(&served, &call, &asker, &Fixed::at(Some(at.into())))?;
    let text = match arguments.format {
        Report::Human => told.human(terminal),
        Report::Json => format!("{:#}\n", told.json()),
    };
    terminal.print(&text);
    Ok(match told.allowed {
        true => Outcome::Clean,
        false => Outcome::Findings,
    })
}

/// What there is to tell.
struct Told {
    route: Option<(String, String)>,
    who: Option<(String, String)>,
    allowed: bool,
    status: u16,
    why: String,
    policies: Vec<Line>,
}

/// What one policy has to say.
struct Line {
    permits: bool,
    name: String,
    place: String,
    says: String,
}

fn told(
    served: &Served,
    call: &Call,
    asker: &Asker,
    environment: &Fixed,
) -> Result<Told, CommandError> {
    let bundle = &served.bundle;
    let at = served.located();
    let mut told = Told {
        route: None,
        who: None,
        allowed: false,
        status: 404,
        why: "no route takes the request".to_owned(),
        policies: Vec::new(),
    };
    let request = match call.request() {
        Ok(request) => request,
        Err(refusal) => {
            (told.status, told.why) = (400, refusal.to_string());
            return Ok(told);
        }
    };
    let Routing::Found(found) = bundle.route(&request, Some(call.body())) else {
        return Ok(told);
    };
    let route = bundle.program().routes.get(found.route as usize);
    let name = route.map_or("", |route| route.name.as_str());
    told.route = Some((name.to_owned(), at.place_of(&["routes", name])));
    let admission = admit(bundle, &found, &request, asker, environment);
    match admission.map_err(CommandError::new)? {
        Admission::Open => {
            (told.allowed, told.status) = (true, 200);
            told.why = "the route is public: no policy is asked".to_owned();
        }
        Admission::Unproved(status, lines) => {
            told.status = status.as_u16();
            told.why = match lines.is_empty() {
                true => "who asks is none of those that the route is for".to_owned(),
                false => format!("the route asks who it is: {}", lines.join(", ")),
            };
        }
        Admission::Decided(principal, verdict) => {
            let identity = bundle.program().identities.get(principal.identity as usize);
            let guard = bundle.guard(found.route);
            let arm = guard.and_then(|guard| {
                guard
                    .arms
                    .iter()
                    .find(|arm| arm.identity == principal.identity)
            });
            if let (Some(identity), Some(arm)) = (identity, arm) {
                told.who = Some((identity.name.as_str().to_owned(), principal.id.clone()));
                let question = Question {
                    principal: &principal,
                    identity,
                    request: &request,
                    found: &found,
                    client: asker.client,
                    now: environment.now(),
                };
                told.policies = lines(served, &at, arm, &question);
            }
            told.allowed = verdict.is_allowed();
            told.status = if told.allowed { 200 } else { 403 };
            let named = |policy: u32| bundle.policy(policy).to_owned();
            told.why = match verdict {
                Verdict::Allowed(policy) => format!("`{}` permits it", named(policy)),
                Verdict::Forbidden(policy) => format!("`{}` forbids it", named(policy)),
                Verdict::Unclear(policy, problem) => {
                    format!(
                        "`{}` cannot be worked out, so it forbids: {problem}",
                        named(policy)
                    )
                }
                Verdict::NotPermitted => "no policy permits it".to_owned(),
            };
        }
    }
    Ok(told)
}

fn lines(
    served: &Served,
    at: &Located<'_>,
    arm: &ArchivedArm,
    question: &Question<'_>,
) -> Vec<Line> {
    let rulebook = served.compiled.as_ref().map(|compiled| &compiled.rulebook);
    let said = served.bundle.explain_decision(arm, question);
    said.into_iter()
        .map(|(policy, permits, held)| Line {
            permits,
            name: served.bundle.policy(policy).to_owned(),
            place: rulebook
                .map(|rulebook| at.place_of_span(rulebook.span(policy as usize)))
                .unwrap_or_default(),
            says: match held {
                Ok(true) => "holds".to_owned(),
                Ok(false) => "does not hold".to_owned(),
                Err(problem) => format!("cannot be worked out: {problem}"),
            },
        })
        .collect()
}

impl Told {
    fn human(&self, terminal: &Terminal<'_>) -> String {
        let mut text = String::new();
        if let Some((name, place)) = &self.route {
            let _ = writeln!(text, "route `{name}` {}", bracketed(place));
        }
        if let Some((identity, id)) = &self.who {
            let _ = writeln!(text, "as `{identity}` {id:?}");
        }
        let wide = self
            .policies
            .iter()
            .map(|line| line.name.len())
            .max()
            .unwrap_or(0);
        for line in &self.policies {
            let word = if line.permits { "permit" } else { "forbid" };
            let told = format!(
                "  {word}  {:wide$}  {:<13}  {}",
                line.name, line.says, line.place
            );
            let _ = writeln!(text, "{}", told.trim_end());
        }
        let decided = match self.allowed {
            true => terminal.paint("1;32", "let in"),
            false => terminal.paint("1;31", &format!("not let in ({})", self.status)),
        };
        let _ = writeln!(text, "{decided}: {}", self.why);
        text
    }

    fn json(&self) -> Value {
        let policies: Vec<Value> = self
            .policies
            .iter()
            .map(|line| {
                json!({
                    "name": line.name, "effect": if line.permits { "permit" } else { "forbid" },
                    "place": line.place, "says": line.says,
                })
            })
            .collect();
        json!({
            "route": self.route.as_ref().map(|(name, _)| name),
            "identity": self.who.as_ref().map(|(identity, _)| identity),
            "principal": self.who.as_ref().map(|(_, id)| id),
            "allowed": self.allowed,
            "status": self.status,
            "why": self.why,
            "policies": policies,
        })
    }
}

fn bracketed(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("({place})"),
    }
}
