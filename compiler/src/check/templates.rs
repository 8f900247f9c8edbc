//! Compiles every template of a spec for the sake of what is wrong in it.

use gatec_schema::Route;
use gatec_syntax::Diagnostic;
use gated_engine::program::Escape;

use super::Context;
use super::walk::{GivenBody, bodies};
use crate::lower::captures;
use crate::lower::file::{self, Kind};
use crate::template::{Finding, Scope, Site, compile, is_template, locate};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut checker = Checker { context, found };
    for (name, route) in &context.spec.routes {
        checker.route(name, route);
    }
    for body in bodies(context.spec).filter(|body| body.route.is_none()) {
        let scope = checker.scope(Site::ErrorPage, &[]);
        for (name, value) in body.headers {
            let path = [body.part("headers"), vec![name]].concat();
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
    fn scope<'s>(&self, site: Site, parameters: &'s [Vec<String>]) -> Scope<'s>
    where
        'c: 's,
    {
        Scope {
            site,
            escape: Escape::None,
            parameters,
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
        let before = self.found.len();
        let response = self.scope(Site::Response, &parameters);
        let upstream = response.at(Site::UpstreamHeader, Escape::Header);
        let target = response.at(Site::UpstreamTarget, Escape::Url);
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
                    scope,
                    &["routes", name, parts[0], parts[1], header],
                );
            }
        }
        for (cookie, given) in &route.response.cookies {
            let path = ["routes", name, "response", "cookies", cookie, "value"];
            self.text(given.value.as_str(), response, &path);
        }
        if let Some(respond) = &route.respond {
            for (header, value) in &respond.headers {
                self.text(
                    value.as_str(),
                    response,
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
            let parts = [("path", &proxy.path), ("host", &proxy.host)];
            for (part, text) in parts {
                if let Some(text) = text {
                    self.text(text.as_str(), target, &["routes", name, "proxy", part]);
                }
            }
        }
        if let Some(redirect) = &route.redirect {
            self.text(
                redirect.to.as_str(),
                response,
                &["routes", name, "redirect", "to"],
            );
        }
        if broken {
            let code = crate::template::rules::PATH_PARAMETER;
            let mut at = 0;
            self.found.retain(|finding| {
                at += 1;
                at <= before || finding.code != code
            });
        }
    }

    fn body(&mut self, body: &GivenBody<'_>, scope: Scope<'_>) {
        if !body.template {
            return;
        }
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
