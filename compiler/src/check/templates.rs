//! Compiles every template of a spec for the sake of what is wrong in it.

use gatec_schema::Route;
use gatec_syntax::Diagnostic;

use super::Context;
use super::rules::foreign_path;
use super::walk::{GivenBody, bodies};
use crate::lower::file::{self, Kind};
use crate::lower::templates::header_place;
use crate::lower::{captures, claims, content_type, numbers, session_fields};
use crate::template::{Finding, Place, Scope, Site, compile, is_template, locate};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut checker = Checker { context, found };
    for (name, route) in &context.spec.routes {
        checker.route(name, route);
    }
    for body in bodies(context.spec).filter(|body| body.route.is_none()) {
        let scope = checker.scope(Site::ErrorPage, &[], &[], &[]);
        for (name, value) in body.headers {
            let path = [body.part("headers"), vec![name]].concat();
            let scope = scope.at(scope.site, header_place(name));
            checker.text(value.as_str(), scope, &path);
        }
        checker.body(&body, scope);
    }
}

struct Checker<'c, 'a> {
    context: &'c Context<'a>,
    found: &'c mut Vec<Diagnostic>,
}

impl<'c> Checker<'c, '_> {
    fn scope<'s>(
        &self,
        site: Site,
        parameters: &'s [Vec<String>],
        numbers: &'s [String],
        claims: &'s [Vec<String>],
    ) -> Scope<'s>
    where
        'c: 's,
    {
        Scope {
            site,
            place: Place::Plain,
            parameters,
            numbers,
            claims,
            session: None,
            environment: self.context.environment,
        }
    }

    fn text(&mut self, text: &str, scope: Scope<'_>, path: &[&str]) {
        if !is_template(text) && text.len() <= crate::template::MAX_TEXT {
            return;
        }
        let (_, findings) = compile(text, &scope);
        if findings.is_empty() {
            return;
        }
        let value = self.context.value(path);
        let located = findings
            .iter()
            .map(|finding| locate(finding, text, value, self.context.sources));
        self.found.extend(located);
    }

    fn route(&mut self, name: &str, route: &Route) {
        let broken = self.context.has_broken_paths(name);
        // What a match of wrong shape would have captured is not known.
        let parameters: Vec<Vec<String>> = route.matches.iter().map(captures).collect();
        let numbers = numbers(&route.matches);
        let claims = claims(self.context.spec, route);
        let before = self.found.len();
        let fields = session_fields(self.context.spec, route);
        let response = Scope {
            session: fields.as_deref(),
            ..self.scope(Site::Response, &parameters, &numbers, &claims)
        };
        let upstream = response.at(Site::UpstreamHeader, Place::Header);
        let lists = [
            (["request", "set"], &route.request.set, upstream),
            (["request", "add"], &route.request.add, upstream),
            (["response", "set"], &route.response.set, response),
            (["response", "add"], &route.response.add, response),
        ];
        for (parts, headers, scope) in lists {
            for (header, value) in headers {
                self.text(
                    value.as_str(),
                    scope.at(scope.site, header_place(header)),
                    &["routes", name, parts[0], parts[1], header],
                );
            }
        }
        for (cookie, given) in &route.response.cookies {
            let path = ["routes", name, "response", "cookies", cookie, "value"];
            let scope = response.at(Site::Response, Place::Url);
            self.text(given.value.as_str(), scope, &path);
        }
        for (field, text) in route.session.iter().flat_map(|uses| &uses.set) {
            let scope = response.at(Site::Session, Place::Plain);
            self.text(
                text.as_str(),
                scope,
                &["routes", name, "session", "set", field],
            );
        }
        if let Some(respond) = &route.respond {
            for (header, value) in &respond.headers {
                self.text(
                    value.as_str(),
                    response.at(Site::Response, header_place(header)),
                    &["routes", name, "respond", "headers", header],
                );
            }
            let body = GivenBody {
                path: vec!["routes", name, "respond"],
                headers: &respond.headers,
                body: respond.body.as_ref(),
                file: respond.body_file.as_ref(),
                template: respond.template,
                route: Some(name),
            };
            self.body(&body, response);
        }
        if let Some(proxy) = &route.proxy {
            let parts = [
                ("path", &proxy.path, Place::Url),
                ("host", &proxy.host, Place::Header),
            ];
            for (part, text, place) in parts {
                if let Some(text) = text {
                    let scope = response.at(Site::UpstreamTarget, place);
                    self.text(text.as_str(), scope, &["routes", name, "proxy", part]);
                }
            }
        }
        if let Some(redirect) = &route.redirect {
            self.text(
                redirect.to.as_str(),
                response.at(Site::Response, Place::Url),
                &["routes", name, "redirect", "to"],
            );
        }
        self.foreign_parameters(name, route, before);
        if broken {
            let code = crate::template::rules::PATH_PARAMETER;
            let mut at = 0;
            self.found.retain(|finding| {
                at += 1;
                at <= before || finding.code != code
            });
        }
    }

    /// Points from a parameter that is not there to the segment that was meant to be it.
    fn foreign_parameters(&mut self, name: &str, route: &Route, before: usize) {
        let missing = self.found.iter_mut().skip(before);
        for finding in missing.filter(|found| found.code == crate::template::rules::PATH_PARAMETER)
        {
            for (number, matched) in route.matches.iter().enumerate() {
                let path = matched.path.as_ref().map(|path| ("path", path.as_str()));
                let prefix = matched
                    .prefix
                    .as_ref()
                    .map(|path| ("prefix", path.as_str()));
                for (key, text) in path.into_iter().chain(prefix) {
                    let meant = text.split('/').find_map(|segment| {
                        let ours = foreign_path::parameter(segment)?;
                        let inner = ours.trim_matches(['{', '}']).trim_end_matches("...");
                        let inner = inner.split(':').next().unwrap_or(inner);
                        finding
                            .message
                            .contains(&format!("`{inner}`"))
                            .then_some((segment, ours))
                    });
                    if let Some((segment, ours)) = meant {
                        let number = number.to_string();
                        let at = ["routes", name, "match", &number, key];
                        finding.help = Some(format!("in the path, write `{ours}` for `{segment}`"));
                        *finding = finding.clone().related(
                            self.context.value(&at),
                            format!("`{segment}` is plain text here"),
                        );
                    }
                }
            }
        }
    }

    fn body(&mut self, body: &GivenBody<'_>, scope: Scope<'_>) {
        if !body.template {
            return;
        }
        let assumed = match (body.body, body.file) {
            (_, Some(file)) => content_type::of_file(file.as_str()),
            (Some(text), None) => content_type::of_text(text.as_str()).to_owned(),
            (None, None) => return,
        };
        let written = content_type::written(body.headers).unwrap_or(&assumed);
        let scope = scope.at(scope.site, content_type::place(written));
        match (body.body, body.file) {
            (_, Some(file)) => self.body_file(body, file.as_str(), scope),
            (Some(text), None) => self.text(text.as_str(), scope, &body.part("body")),
            (None, None) => {}
        }
    }

    /// A file's own text is not among the sources, so its findings stand at its name.
    fn body_file(&mut self, body: &GivenBody<'_>, path: &str, scope: Scope<'_>) {
        let Ok(full) = file::find(self.context.root, path, Kind::File) else {
            return;
        };
        let Ok(text) = std::fs::read_to_string(full) else {
            return;
        };
        if !is_template(&text) {
            return;
        }
        let (_, findings) = compile(&text, &scope);
        let span = self.context.value(&body.part("body-file"));
        for finding in findings {
            let (line, column) = place(&text, &finding);
            let message = format!("{path}:{line}:{column}: {}", finding.message);
            let mut diagnostic = Diagnostic::error(finding.code, span, message)
                .label("in this file")
                .help("`template=#false` sends the file as it is");
            diagnostic.severity = finding.severity;
            self.found.push(diagnostic);
        }
    }
}

fn place(text: &str, finding: &Finding) -> (usize, usize) {
    let before = text.get(..finding.range.start).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
