//! `gatec cert dev`

use std::fmt::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use gated_certificate::Name;

use super::authority::Authority;
use super::files::{self, Pair};
use crate::{CommandError, Outcome, Terminal};

/// Make a certificate for development, from an authority of your own.
///
/// The authority is made once and kept, so it needs to be trusted only once. The certificate is for
/// localhost, 127.0.0.1 and ::1, and for the hosts named.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A further host or address that the certificate is for; `*.shop.test` for all of them. Can be
    /// repeated.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// The folder to write into; made if it is not there.
    #[arg(long, default_value = "certs", value_name = "FOLDER")]
    dir: PathBuf,
}

/// What every certificate for development is for.
const ALWAYS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let hosts = hosts(&arguments.host)?;
    let folder = &arguments.dir;
    let own = Pair::new(folder, "dev");
    let authority = Pair::new(folder, "dev-ca");
    files::refuse_foreign(&own, "a certificate", |facts| {
        Authority::is_name(&facts.issuer)
    })?;
    let (authority, is_new) = Authority::open(&authority)?;
    let issued = authority.issue(&hosts)?;
    own.write(&issued)?;
    terminal.print(&told(folder, &hosts, is_new));
    Ok(Outcome::Clean)
}

/// The hosts asked for and those that are always in, each once.
fn hosts(asked: &[String]) -> Result<Vec<String>, CommandError> {
    let mut hosts: Vec<String> = Vec::new();
    for host in asked.iter().map(String::as_str).chain(ALWAYS) {
        let host = match (host.parse::<IpAddr>(), Name::of(host)) {
            (Ok(address), _) => address.to_string(),
            (_, Some(name)) => name.to_string(),
            _ => {
                return Err(CommandError::new(format!("`{host}` is no host or address"))
                    .hint("a host is written like `shop.test` or `*.shop.test`, without scheme and port"));
            }
        };
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    Ok(hosts)
}

fn told(folder: &Path, hosts: &[String], is_new: bool) -> String {
    let at = |name: &str| folder.join(name).display().to_string();
    let (ca, ca_key) = (at("dev-ca.pem"), at("dev-ca.key"));
    let (own, key) = (at("dev.pem"), at("dev.key"));
    let mut text = String::new();
    if is_new {
        let _ = writeln!(text, "wrote {ca} and {ca_key}: the authority");
    } else {
        let _ = writeln!(text, "kept  {ca} and {ca_key}: the authority");
    }
    let _ = writeln!(
        text,
        "wrote {own} and {key}: a certificate for {}",
        hosts.join(", ")
    );
    let _ = write!(
        text,
        r#"
in the spec:
  listener "web" bind=":8443" {{
      tls {{
          certificate "{own}" key="{key}"
      }}
  }}

to trust the authority:
  one request     curl --cacert {ca} https://localhost:8443/
  Debian, Ubuntu  sudo cp {ca} /usr/local/share/ca-certificates/gatec-dev.crt && sudo update-ca-certificates
  Fedora          sudo trust anchor {ca}
  macOS           sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {ca}
  Windows         certutil -addstore -f ROOT {ca}
  Firefox         Settings, Certificates, Authorities, Import

Whoever has {ca_key} can pose as any host to whoever trusts the authority: keep it to
yourself, and out of version control.
"#
    );
    text
}
