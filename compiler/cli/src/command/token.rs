//! `gatec token`

mod claims;

use std::fs;
use std::path::{Path, PathBuf};

use gatec_schema::identity::Jwt;
use gatec_schema::value::Duration;
use gated_identity::{Algorithm, Signer, new_pair};

use super::key::{duration, pair};
use crate::arguments::Report;
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Make a signed token for development, as an identity of a spec takes it.
///
/// Issuer, audience, type and algorithm are those that the identity asks for. The key is one of your own:
/// `gatec token --new-key dev` makes one, and `keys="dev.pem"` has the identity take it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec, `-` for standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// The identity that is to take it.
    #[arg(long, value_name = "NAME", required_unless_present = "new_key")]
    identity: Option<String>,
    /// What the token says; a set has commas between. Can be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    claim: Vec<String>,
    /// How long it is good.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    expires: Duration,
    /// The private key to sign with, in PEM.
    #[arg(long, value_name = "FILE", conflicts_with = "secret_file")]
    key: Option<PathBuf>,
    /// The file with the secret to sign with.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// The name of the key, where the issuer has several (`kid`).
    #[arg(long, value_name = "ID")]
    kid: Option<String>,
    /// Write a fresh pair of keys (ES256) into NAME.key and NAME.pem; without --identity nothing else is done.
    #[arg(long, value_name = "NAME")]
    new_key: Option<PathBuf>,
    /// The profile of the spec.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let fresh = match &arguments.new_key {
        Some(name) => Some(write_pair(name, terminal)?),
        None => None,
    };
    let Some(name) = &arguments.identity else {
        return Ok(Outcome::Clean);
    };
    let file = spec::named(arguments.file.as_deref())?;
    let profile = arguments.profile.as_deref();
    let served = spec::asked(&file, &arguments.written, profile, Report::Human, terminal)?;
    let Some(served) = served else {
        return Ok(Outcome::Findings);
    };
    let spec = served.spec.as_ref().ok_or_else(|| {
        CommandError::new(format!("`{}` is a bundle, expected a spec", file.display()))
    })?;
    let identity = spec.identities.get(name).ok_or_else(|| {
        let known = gatec_compiler::check::listed(spec.identities.keys().map(String::as_str));
        let error = CommandError::new(format!("there is no identity `{name}`"));
        match known.is_empty() {
            true => error.hint("the spec has no identities"),
            false => error.hint(format!("the identities are {known}")),
        }
    })?;
    let jwt = identity.jwt.as_ref().ok_or_else(|| {
        CommandError::new(format!("identity `{name}` takes no signed tokens (`jwt`)"))
    })?;
    let given = arguments.claim.iter().map(|claim| pair(claim));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    let claims = claims::of(identity, jwt, &given, arguments.expires)?;
    let signer = signer(arguments, fresh.as_deref())?;
    let token = signer
        .token(
            algorithm(jwt, &signer)?,
            jwt.typ.as_deref(),
            arguments.kid.as_deref(),
            &claims,
        )
        .map_err(CommandError::new)?;
    terminal.print(&format!("{token}\n"));
    Ok(Outcome::Clean)
}

/// Writes a fresh pair; gives the private key.
fn write_pair(name: &Path, terminal: &mut Terminal<'_>) -> Result<String, CommandError> {
    let (private, public) = new_pair().map_err(CommandError::new)?;
    let (key, pem) = (
        name.with_added_extension("key"),
        name.with_added_extension("pem"),
    );
    for file in [&key, &pem] {
        if file.exists() {
            return Err(CommandError::new(format!(
                "`{}` is there already",
                file.display()
            )));
        }
    }
    atomic::write_private(&key, private.as_bytes())?;
    atomic::write(&pem, public.as_bytes())?;
    terminal.say(&format!(
        "wrote {}, which signs, and {}, which is for the spec: `keys=\"{}\"`\n",
        key.display(),
        pem.display(),
        pem.display()
    ));
    Ok(private)
}

fn signer(arguments: &Arguments, fresh: Option<&str>) -> Result<Signer, CommandError> {
    let read =
        |file: &Path| fs::read(file).map_err(|error| CommandError::file("read", file, &error));
    let of_pem = |pem: &[u8], name: &str| {
        Signer::from_pem(pem).map_err(|why| CommandError::new(format!("`{name}` {why}")))
    };
    match (&arguments.key, &arguments.secret_file, fresh) {
        (Some(file), ..) => of_pem(&read(file)?, &file.display().to_string()),
        (None, Some(file), _) => {
            let secret = read(file)?;
            // As a replica reads it: without the line end that editors leave.
            let secret = secret.strip_suffix(b"\n").unwrap_or(&secret);
            let secret = secret.strip_suffix(b"\r").unwrap_or(secret);
            Ok(Signer::Secret(secret.to_vec()))
        }
        (None, None, Some(pem)) => of_pem(pem.as_bytes(), "the fresh key"),
        (None, None, None) => Err(CommandError::new("nothing says what to sign with")
            .hint("name a private key with `--key`, or a secret with `--secret-file`; `--new-key dev` makes a key")),
    }
}

/// The first algorithm that the identity takes and the key has.
fn algorithm(jwt: &Jwt, signer: &Signer) -> Result<Algorithm, CommandError> {
    let all = signer.algorithms();
    let taken: Vec<Algorithm> = jwt
        .algorithms
        .iter()
        .filter_map(|name| Algorithm::named(&format!("{name:?}")))
        .collect();
    let fitting = match taken.is_empty() {
        true => all.first().copied(),
        false => taken.into_iter().find(|one| all.contains(one)),
    };
    let symmetric = fitting.is_some_and(Algorithm::is_symmetric);
    match fitting {
        Some(one) if symmetric == jwt.secret.is_some() => Ok(one),
        _ => Err(CommandError::new("the identity takes no token that is signed with this key")
            .hint("its `keys` want a private key (`--key`), its `secret` that secret (`--secret-file`)")),
    }
}
