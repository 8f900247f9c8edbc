//! Walks over the parts of a spec that several checks look at.

use gatec_schema::value::{FilePath, Template};
use gatec_schema::{Map, Match, Spec};

/// A list of headers with where it stands.
pub(super) struct Headers<'a> {
    /// The path of the list.
    pub(super) path: Vec<&'a str>,
    pub(super) headers: &'a Map<Template>,
    /// Whether the headers go to an upstream.
    pub(super) request: bool,
}

impl<'a> Headers<'a> {
    /// The path of one header.
    pub(super) fn of(&self, name: &'a str) -> Vec<&'a str> {
        let mut path = self.path.clone();
        path.push(name);
        path
    }
}

/// Every list of headers.
pub(super) fn headers<'a>(spec: &'a Spec) -> Vec<Headers<'a>> {
    let mut lists = Vec::new();
    for (name, route) in &spec.routes {
        let mut add = |parts: [&'static str; 2], headers: &'a Map<Template>, request| {
            if !headers.is_empty() {
                let path = [["routes", name.as_str()], parts].concat();
                lists.push(Headers {
                    path,
                    headers,
                    request,
                });
            }
        };
        if let Some(respond) = &route.respond {
            add(["respond", "headers"], &respond.headers, false);
        }
        add(["request", "set"], &route.request.set, true);
        add(["request", "add"], &route.request.add, true);
        add(["response", "set"], &route.response.set, false);
        add(["response", "add"], &route.response.add, false);
    }
    for (status, page) in &spec.error_pages {
        let path = vec!["error-pages", status.as_str(), "headers"];
        lists.push(Headers {
            path,
            headers: &page.headers,
            request: false,
        });
    }
    lists.retain(|list| !list.headers.is_empty());
    lists
}

/// A body that a spec gives.
pub(super) struct GivenBody<'a> {
    /// The path of what it belongs to.
    pub(super) path: Vec<&'a str>,
    pub(super) headers: &'a Map<Template>,
    pub(super) body: Option<&'a Template>,
    pub(super) file: Option<&'a FilePath>,
    pub(super) template: bool,
    /// The route it belongs to; none for an error page.
    pub(super) route: Option<&'a str>,
}

impl<'a> GivenBody<'a> {
    /// The path of one part.
    pub(super) fn part(&self, part: &'a str) -> Vec<&'a str> {
        let mut path = self.path.clone();
        path.push(part);
        path
    }
}

/// Every body that a spec gives.
pub(super) fn bodies(spec: &Spec) -> impl Iterator<Item = GivenBody<'_>> {
    let routes = spec.routes.iter().filter_map(|(name, route)| {
        let respond = route.respond.as_ref()?;
        Some(GivenBody {
            path: vec!["routes", name, "respond"],
            headers: &respond.headers,
            body: respond.body.as_ref(),
            file: respond.body_file.as_ref(),
            template: respond.template,
            route: Some(name),
        })
    });
    let pages = spec.error_pages.iter().map(|(status, page)| GivenBody {
        path: vec!["error-pages", status.as_str()],
        headers: &page.headers,
        body: page.body.as_ref(),
        file: page.body_file.as_ref(),
        template: true,
        route: None,
    });
    routes.chain(pages)
}

/// Every `match` with its route's name and its number as text.
pub(super) fn matches(spec: &Spec) -> impl Iterator<Item = (&str, String, &Match)> {
    spec.routes.iter().flat_map(|(name, route)| {
        let numbered = route.matches.iter().enumerate();
        numbered.map(move |(ordinal, matched)| (name.as_str(), ordinal.to_string(), matched))
    })
}
