//! Looks at every certificate, key and authority that listeners and upstreams name, as far as they are on this
//! machine; the codes are U130 to U134.

use std::collections::HashMap;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::SystemTime;

use gatec_schema::value::DiskPath;
use gatec_schema::{Certificate, Tls, UpstreamTls};
use gatec_syntax::{Diagnostic, Span};
use gated_certificate::{Algorithm, Mismatch, Name, Pair};

use super::{
    certificate_expiry, certificate_never_used, key_mismatch, no_certificate_file,
    unusable_certificate,
};
use crate::check::Context;

/// Largest file read, in bytes; the same as on a replica.
const LARGEST: u64 = 8 << 20;

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, listener) in &context.spec.listeners {
        if let Some(tls) = &listener.tls {
            let place = ["listeners", name, "tls"];
            let mut checked = Checked {
                context,
                place: &place,
                found,
            };
            checked.listener(tls);
        }
    }
    for (name, upstream) in &context.spec.upstreams {
        if let Some(tls) = &upstream.tls {
            let place = ["upstreams", name, "tls"];
            let mut checked = Checked {
                context,
                place: &place,
                found,
            };
            checked.upstream(tls);
        }
    }
}

/// A listener or an upstream that is looked at.
struct Checked<'c, 'f> {
    context: &'c Context<'c>,
    /// Where its `tls` is written.
    place: &'c [&'c str],
    found: &'f mut Vec<Diagnostic>,
}

/// Who stands for a name with a kind of key.
type Taken = HashMap<(Name, Algorithm), (String, Span)>;

impl Checked<'_, '_> {
    fn listener(&mut self, tls: &Tls) {
        let mut taken = Taken::new();
        for (index, given) in tls.certificates.iter().enumerate() {
            let place = ["certificates", &index.to_string()];
            if let Some((span, pair)) = self.certificate(&place, given) {
                self.names(given.file.as_str(), span, &pair, &mut taken);
            }
        }
        let ca = tls.client_certificate.ca.as_ref();
        self.authorities(&["client-certificate"], ca);
    }

    fn upstream(&mut self, tls: &UpstreamTls) {
        if let Some(given) = &tls.certificate {
            self.certificate(&["certificate"], given);
        }
        self.authorities(&[], tls.ca.as_ref());
    }

    /// A certificate with its key; `None`: it cannot be used, or not be judged here.
    fn certificate(&mut self, place: &[&str], given: &Certificate) -> Option<(Span, Pair)> {
        let (file, file_span) = (given.file.as_str(), self.span(place, "file"));
        let (key, key_span) = (given.key.as_str(), self.span(place, "key"));
        let (chain, key_text) = (self.read(file, file_span), self.read(key, key_span));
        let finding = match Pair::from_pem(&chain?, &key_text?) {
            Ok(pair) => {
                let now = SystemTime::now();
                let expiry = certificate_expiry::finding(file_span, file, &pair.facts, now);
                self.found.extend(expiry);
                return Some((file_span, pair));
            }
            Err(Mismatch::Foreign) => key_mismatch::finding(key_span, key, file_span, file),
            Err(Mismatch::Certificate(problem)) => {
                unusable_certificate::finding(file_span, file, &problem)
            }
            Err(Mismatch::Key(problem)) => unusable_certificate::finding(key_span, key, &problem),
        };
        self.found.push(finding);
        None
    }

    /// Tells if all names of a certificate are taken.
    fn names(&mut self, file: &str, span: Span, pair: &Pair, taken: &mut Taken) {
        let names: Vec<_> = pair.facts.names.iter().cloned().collect();
        let other = names
            .iter()
            .map(|name| taken.get(&(name.clone(), pair.algorithm)))
            .collect::<Option<Vec<_>>>();
        let other = other.and_then(|others| others.first().copied());
        if let Some((other, at)) = other {
            self.found.push(certificate_never_used::finding(
                span, file, pair, *at, other,
            ));
        }
        for name in names {
            taken
                .entry((name, pair.algorithm))
                .or_insert_with(|| (file.to_owned(), span));
        }
    }

    fn authorities(&mut self, place: &[&str], ca: Option<&DiskPath>) {
        let Some(ca) = ca else {
            return;
        };
        let span = self.span(place, "ca");
        let Some(text) = self.read(ca.as_str(), span) else {
            return;
        };
        if let Err(problem) = gated_certificate::authorities(&text) {
            let finding = unusable_certificate::finding(span, ca.as_str(), &problem);
            self.found.push(finding);
        }
    }

    fn span(&self, place: &[&str], key: &str) -> Span {
        self.context.value(&[self.place, place, &[key]].concat())
    }

    /// The contents of a file; `None`: it is not for this machine to judge, or that was told.
    fn read(&mut self, path: &str, span: Span) -> Option<Vec<u8>> {
        let full = self.context.root.join(path);
        match std::fs::metadata(&full) {
            Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => contents(&full),
            Ok(_) => {
                self.found.push(unusable_certificate::no_file(span, path));
                None
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.found.push(no_certificate_file::finding(span, path));
                None
            }
            Err(_) => None,
        }
    }
}

fn contents(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).ok()?;
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
