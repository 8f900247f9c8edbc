//! `gatec why`

mod finding;
mod told;
mod words;

pub(crate) use words::match_words;

use std::path::{Path, PathBuf};

use crate::arguments::Report;
use crate::simulate::{Call, Fixed};
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal};

/// Tell which route takes a request and why, and why others do not. Exits 1 if none takes it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The method.
    method: String,
    /// The path with its query, or a whole URL.
    url: String,
    /// A header of the request; can be given several times.
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The body of the request: its text, or `@FILE`.
    #[arg(long, value_name = "TEXT|@FILE")]
    body: Option<String>,
    /// The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Tell why this route does or does not take it.
    #[arg(long, value_name = "NAME")]
    route: Option<String>,
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
    spec_as_request(arguments)?;
    let call = call(arguments)?;
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
    if let Some(name) = &arguments.route {
        known_route(name, &served)?;
    }
    let found = finding::find(
        &served,
        &call,
        &Fixed::default(),
        arguments.route.as_deref(),
    );
    let text = match arguments.format {
        Report::Human => told::human(&found, arguments.route.as_deref(), terminal),
        Report::Json => told::json(&found),
    };
    terminal.print(&text);
    Ok(match found.taker {
        Some(_) => Outcome::Clean,
        None => Outcome::Findings,
    })
}

/// A spec where the method or the URL is meant.
fn spec_as_request(arguments: &Arguments) -> Result<(), CommandError> {
    let is_spec = |text: &str| {
        let file = Path::new(text);
        spec::Form::of(file).is_some() && file.is_file()
    };
    let words = [
        (&arguments.method, "a method"),
        (&arguments.url, "a path or URL"),
    ];
    match words.into_iter().find(|(word, _)| is_spec(word)) {
        None => Ok(()),
        Some((file, expected)) => Err(CommandError::new(format!(
            "`{file}` is a spec, expected {expected}"
        ))
        .hint(format!(
            "the spec is given with `-f`: gatec why METHOD URL -f {file}"
        ))),
    }
}

fn call(arguments: &Arguments) -> Result<Call, CommandError> {
    let method = arguments.method.as_str();
    let upper = method.to_ascii_uppercase();
    if method != upper && gatec_schema::value::METHODS.contains(&upper.as_str()) {
        return Err(CommandError::new(format!(
            "`{method}` is another method than `{upper}`: methods tell upper from lower case"
        ))
        .hint(format!("gatec why {upper} {}", arguments.url)));
    }
    let headers = arguments
        .headers
        .iter()
        .map(|header| split_header(header))
        .collect::<Result<Vec<_>, _>>()?;
    let body = match arguments.body.as_deref() {
        Some(text) => Some(body(text)?),
        None => None,
    };
    Call::new(&arguments.method, &arguments.url, headers, body).map_err(CommandError::new)
}

pub(crate) fn split_header(header: &str) -> Result<(&str, &str), CommandError> {
    let parts = header
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()));
    parts.ok_or_else(|| {
        CommandError::new(format!(
            "`{header}` is not a header: expected `name: value`"
        ))
        .hint("for example: -H 'accept: application/json'")
    })
}

fn body(text: &str) -> Result<Vec<u8>, CommandError> {
    match text.strip_prefix('@') {
        Some(file) => {
            let file = PathBuf::from(file);
            std::fs::read(&file).map_err(|error| CommandError::file("read", &file, &error))
        }
        None => Ok(text.as_bytes().to_vec()),
    }
}

fn known_route(name: &str, served: &spec::Served) -> Result<(), CommandError> {
    let routes = &served.bundle.program().routes;
    if routes.iter().any(|route| route.name.as_str() == name) {
        return Ok(());
    }
    let error = CommandError::new(format!("there is no route `{name}`"));
    let likeness = |route: &str| strsim::jaro_winkler(route, name);
    let names = routes.iter().map(|route| route.name.as_str());
    let best = names.max_by(|one, two| likeness(one).total_cmp(&likeness(two)));
    Err(match best {
        Some(best) if likeness(best) > 0.7 => error.hint(format!("did you mean `{best}`?")),
        _ => error.hint("`gatec inspect` lists the routes"),
    })
}
