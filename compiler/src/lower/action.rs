//! What happens on a route, with the bodies and folders it needs.

use std::collections::HashMap;

use gatec_schema::value::FilePath;
use gatec_schema::{Map, Route as Given};
use gated_engine::program::{
    Action, Body, Compression, ErrorPage, File, Files, FilesRoot, Folder, HeaderTemplate, Proxy,
    Redirect, Respond, Route, Segment,
};

use super::bodies::{Bodies, etag};
use super::compression::Compressions;
use super::file::{self, Kind};
use super::folder::{self, Budget};
use super::proxies::Proxies;
use super::settings::upstream_names;
use super::templates::plain;
use super::{Inputs, captures, content_type, numbers, transform};
use crate::template::{Place, Scope, Site, compile, is_template};

pub(super) struct Actions<'a> {
    inputs: Inputs<'a>,
    upstreams: HashMap<&'a str, u32>,
    bodies: Bodies,
    folders: Vec<Folder>,
    folder_index: HashMap<&'a str, u32>,
    compressions: Compressions<'a>,
    proxies: Proxies,
}

/// What the actions need beside themselves.
pub(super) struct Made {
    pub(super) folders: Vec<Folder>,
    pub(super) bodies: Bodies,
    pub(super) compressions: Vec<Compression>,
    pub(super) proxies: Vec<Proxy>,
    /// How answers are compressed that no route gives.
    pub(super) gateway_compression: Option<u32>,
}

/// A body as a spec has it.
struct GivenBody<'a> {
    headers: &'a Map<gatec_schema::value::Template>,
    body: Option<&'a str>,
    file: Option<&'a FilePath>,
    template: bool,
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl<'a> Actions<'a> {
    pub(super) fn new(inputs: Inputs<'a>) -> Self {
        let names = upstream_names(inputs.spec);
        Self {
            inputs,
            upstreams: names
                .into_iter()
                .enumerate()
                .map(|(index, name)| (name, number(index)))
                .collect(),
            bodies: Bodies::default(),
            folders: Vec::new(),
            folder_index: HashMap::new(),
            compressions: Compressions::new(inputs.spec),
            proxies: Proxies::default(),
        }
    }

    pub(super) fn finish(self) -> Made {
        Made {
            folders: self.folders,
            bodies: self.bodies,
            gateway_compression: self.compressions.of_gateway(),
            compressions: self.compressions.into_list(),
            proxies: self.proxies.into_list(),
        }
    }

    pub(super) fn routes(&mut self) -> Vec<Route> {
        let spec = self.inputs.spec;
        spec.routes
            .iter()
            .map(|(name, route)| self.route(name, route))
            .collect()
    }

    /// What a route does with its session.
    pub(super) fn session(
        &self,
        name: &str,
        around: &super::sessions::Around<'_>,
    ) -> Option<Box<gated_engine::program::SessionUse>> {
        let spec = self.inputs.spec;
        let route = spec.routes.get(name)?;
        let fields = super::sessions::fields(spec, route)?;
        let parameters: Vec<Vec<String>> = route.matches.iter().map(captures).collect();
        let scope = Scope {
            site: Site::Session,
            place: Place::Plain,
            parameters: &parameters,
            numbers: &numbers(&route.matches),
            claims: &claims(spec, route),
            session: Some(&fields),
            environment: self.inputs.environment,
        };
        super::sessions::of(spec, route, scope, around)
    }

    fn route(&mut self, name: &str, route: &'a Given) -> Route {
        let fields = super::sessions::fields(self.inputs.spec, route);
        let parameters: Vec<Vec<String>> = route.matches.iter().map(captures).collect();
        let scope = Scope {
            site: Site::Response,
            place: Place::Plain,
            parameters: &parameters,
            numbers: &numbers(&route.matches),
            claims: &claims(self.inputs.spec, route),
            session: fields.as_deref(),
            environment: self.inputs.environment,
        };
        let response = transform::response(&route.response, scope);
        let compression = self
            .compressions
            .of_route(route.compress.as_ref(), response.as_deref());
        Route {
            name: name.to_owned(),
            guard: None,
            limits: None,
            session: None,
            action: self.action(route, scope),
            request: transform::request(&route.request, scope),
            response,
            body_limit: route.body_limit.map(|size| size.bytes()),
            timeout_ms: route.timeout.map_or(0, |timeout| timeout.as_millis()),
            compression,
        }
    }

    fn action(&mut self, route: &'a Given, scope: Scope<'_>) -> Action {
        if let Some(respond) = &route.respond {
            let given = GivenBody {
                headers: &respond.headers,
                body: respond.body.as_ref().map(|body| body.as_str()),
                file: respond.body_file.as_ref(),
                template: respond.template,
            };
            Action::Respond(Box::new(self.respond(respond.status.get(), &given, scope)))
        } else if let Some(proxy) = &route.proxy {
            let proxy = self.proxy(proxy, scope);
            Action::Proxy(self.proxies.number(proxy))
        } else if let Some(files) = &route.files {
            Action::Files(Box::new(self.files(files)))
        } else {
            let redirect = route.redirect.as_ref();
            let to = redirect.map_or("", |redirect| redirect.to.as_str());
            Action::Redirect(Box::new(Redirect {
                status: redirect.map_or(307, |redirect| redirect.status.get()),
                to: compile(to, &scope.at(Site::Response, Place::Url)).0,
            }))
        }
    }

    fn proxy(&self, proxy: &gatec_schema::Proxy, scope: Scope<'_>) -> Proxy {
        let target = |text: &gatec_schema::value::Template, place| {
            compile(text.as_str(), &scope.at(Site::UpstreamTarget, place)).0
        };
        Proxy {
            upstream: self
                .upstreams
                .get(proxy.upstream.as_str())
                .copied()
                .unwrap_or(0),
            path: proxy.path.as_ref().map(|path| target(path, Place::Url)),
            strip_segments: proxy.strip_prefix.as_ref().map_or(0, strip),
            host: proxy.host.as_ref().map(|host| target(host, Place::Header)),
            timeout_ms: proxy.timeout.map(|timeout| timeout.as_millis()),
        }
    }

    fn respond(&mut self, status: u16, given: &GivenBody<'_>, scope: Scope<'_>) -> Respond {
        let mut headers = transform::headers(given.headers, scope.at(scope.site, Place::Header));
        let Some((body, assumed)) = self.body_text(given) else {
            return Respond {
                status,
                headers,
                body: Body::Empty,
                encoded: None,
            };
        };
        let written = content_type::written(given.headers);
        let content_type = written.unwrap_or(&assumed);
        if written.is_none() {
            headers.push(HeaderTemplate {
                name: "content-type".to_owned(),
                value: plain(content_type),
            });
        }
        let place = content_type::place(content_type);
        let body = self.body(&body, given.template, scope.at(scope.site, place));
        Respond {
            status,
            headers,
            body,
            encoded: None,
        }
    }

    /// The body with the content type to assume for it.
    fn body_text(&self, given: &GivenBody<'_>) -> Option<(Vec<u8>, String)> {
        if let Some(path) = given.file {
            let full = file::find(self.inputs.root, path.as_str(), Kind::File).ok()?;
            return Some((
                std::fs::read(full).ok()?,
                content_type::of_file(path.as_str()),
            ));
        }
        let text = given.body?;
        Some((
            text.as_bytes().to_vec(),
            content_type::of_text(text).to_owned(),
        ))
    }

    fn body(&mut self, content: &[u8], template: bool, scope: Scope<'_>) -> Body {
        let compiled = match std::str::from_utf8(content) {
            Ok(text) if template && is_template(text) => compile(text, &scope).0,
            _ => return Body::Bytes(self.bodies.add(content).0),
        };
        match compiled.segments.as_slice() {
            [] => Body::Empty,
            [Segment::Text(text)] => Body::Bytes(self.bodies.add(text.as_bytes()).0),
            _ => Body::Template(compiled),
        }
    }

    fn files(&mut self, files: &'a gatec_schema::Files) -> Files {
        Files {
            root: match files.live {
                true => FilesRoot::Disk(live_root(files.root.as_str())),
                false => FilesRoot::Folder(self.folder(files.root.as_str())),
            },
            index: files.index.clone(),
            fallback: files
                .fallback
                .as_ref()
                .map(|path| path.trim_start_matches('/').to_owned()),
            strip_segments: files.strip_prefix.as_ref().map_or(0, strip),
            precompressed: files.precompressed,
            cache_control: files
                .cache_control
                .as_ref()
                .map(|value| value.as_str().to_owned()),
        }
    }

    fn folder(&mut self, path: &'a str) -> u32 {
        if let Some(index) = self.folder_index.get(path) {
            return *index;
        }
        let listed = match file::find(self.inputs.root, path, Kind::Folder) {
            Ok(full) => folder::list(&full, Budget::default()).files,
            Err(_) => Vec::new(),
        };
        let files = listed
            .iter()
            .filter_map(|listed| self.file(listed))
            .collect();
        let index = number(self.folders.len());
        self.folders.push(Folder { files });
        self.folder_index.insert(path, index);
        index
    }

    fn file(&mut self, listed: &folder::Listed) -> Option<File> {
        let content = std::fs::read(&listed.full).ok()?;
        let (body, hash) = self.bodies.add(&content);
        Some(File {
            path: listed.path.clone(),
            content_type: content_type::of_file(&listed.path),
            etag: etag(&hash),
            body,
            encoded: Vec::new(),
        })
    }

    /// The error pages, narrow ranges before wide ones.
    pub(super) fn error_pages(&mut self) -> Vec<ErrorPage> {
        let spec = self.inputs.spec;
        let mut pages: Vec<_> = spec
            .error_pages
            .iter()
            .filter_map(|(status, page)| {
                let (from, to) = range(status)?;
                Some(ErrorPage {
                    from,
                    to,
                    respond: self.error_page(page),
                })
            })
            .collect();
        pages.sort_by_key(|page| (page.to - page.from, page.from));
        pages
    }

    fn error_page(&mut self, page: &gatec_schema::ErrorPage) -> Respond {
        let scope = Scope {
            site: Site::ErrorPage,
            place: Place::Plain,
            parameters: &[],
            numbers: &[],
            claims: &[],
            session: None,
            environment: self.inputs.environment,
        };
        let given = GivenBody {
            headers: &page.headers,
            body: page.body.as_ref().map(|body| body.as_str()),
            file: page.body_file.as_ref(),
            template: true,
        };
        self.respond(page.status.map_or(0, |status| status.get()), &given, scope)
    }
}

/// The claims that each identity of a route declares.
pub fn claims(spec: &gatec_schema::Spec, route: &Given) -> Vec<Vec<String>> {
    let identities = route
        .identity
        .iter()
        .filter_map(|name| spec.identities.get(name));
    identities
        .map(|identity| identity.claims.keys().cloned().collect())
        .collect()
}

fn range(status: &str) -> Option<(u16, u16)> {
    match status {
        "4xx" => Some((400, 499)),
        "5xx" => Some((500, 599)),
        _ => status.parse().ok().map(|code: u16| (code, code)),
    }
}

fn strip(prefix: &gatec_schema::value::PathPrefix) -> u16 {
    u16::try_from(prefix.segments().len()).unwrap_or(u16::MAX)
}

/// An absolute path stays; a relative one loses its `.` and `..` parts. What an absolute one means is
/// the replica's to say: `..` after a link leads elsewhere than its text.
fn live_root(path: &str) -> String {
    match file::lexical(path) {
        Ok(relative) => relative.to_string_lossy().replace('\\', "/"),
        Err(_) => path.to_owned(),
    }
}
