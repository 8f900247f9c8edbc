//! U143: a certificate or key is not there where the spec is checked.

use std::io::ErrorKind;

use crate::check::Context;
use gatec_schema::UpstreamTls;
use gatec_schema::value::DiskPath;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U143.
pub(crate) const RULE: Rule = Rule {
    code: "U143",
    name: "no-pem-file",
    severity: Severity::Warning,
    summary: "a certificate or key is not there where the spec is checked",
    explanation: r##"Certificates and keys are read by each replica from its own disk, relative to the spec or the bundle or by an absolute path; they are never part of a bundle. A machine that only
builds need not have them, so this is a warning; but a replica without them refuses the bundle."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls ca="/no/such/folder/ca.pem"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls name="orders.internal"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
};

/// The files that `tls` of an upstream names, with the keys they stand under.
fn named(tls: &UpstreamTls) -> impl Iterator<Item = (&'static [&'static str], &DiskPath)> {
    let ca = tls.ca.iter().map(|path| (&["ca"][..], path));
    let pair = tls.certificate.iter().flat_map(|pair| {
        [
            (&["certificate", "file"][..], &pair.file),
            (&["certificate", "key"][..], &pair.key),
        ]
    });
    ca.chain(pair)
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, upstream) in &context.spec.upstreams {
        for (key, path) in upstream.tls.iter().flat_map(named) {
            let shown = path.as_str();
            let message = match std::fs::metadata(context.root.join(shown)) {
                Ok(metadata) if metadata.is_dir() => {
                    format!("`{shown}` is a folder here; expected a PEM file")
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    format!("there is no file `{shown}` here")
                }
                // Whether it is there is not for this machine to see.
                _ => continue,
            };
            let place = [&["upstreams", name.as_str(), "tls"], key].concat();
            found.push(
                Diagnostic::warning(RULE.code, context.value(&place), message)
                    .label("not on this machine")
                    .help("each replica needs it; where only a replica has it, this may be passed over"),
            );
        }
    }
}
