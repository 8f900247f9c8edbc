//! A small gateway made by hand, without the compiler.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "for tests, each of which uses a part"
)]

use std::collections::BTreeMap;

use bytes::Bytes;
use gated_engine::bundle::{Contents, encode};
use gated_engine::decide::{Decision, Response, decide};
use gated_engine::matcher::{Found, PathForm, PathPart, Pattern, Routing, build};
use gated_engine::program::*;
use gated_engine::request::Request;
use gated_engine::{Bundle, FixedEnvironment};
use http::{HeaderMap, HeaderName, Method, Uri, Version};

#[derive(Default)]
pub struct Gateway {
    pub contents: Contents,
    patterns: Vec<Pattern>,
}

impl Gateway {
    /// A way to pass requests on.
    pub fn proxy(&mut self, proxy: Proxy) -> Action {
        let proxies = &mut self.contents.program.proxies;
        proxies.push(proxy);
        Action::Proxy(proxies.len() as u32 - 1)
    }

    /// Adds a route for `/a/{name}/b`, or for all below `/a` when the path ends in `/*`.
    pub fn route(mut self, path: &str, action: Action) -> Self {
        let index = self.contents.program.routes.len() as u32;
        self.contents.program.routes.push(Route {
            name: format!("route-{index}"),
            action,
            request: None,
            response: None,
            body_limit: None,
            timeout_ms: 0,
            compression: None,
            guard: None,
            limits: None,
            session: None,
        });
        self.patterns.push(pattern(path, index));
        self
    }

    pub fn last_route(&mut self) -> &mut Route {
        self.contents.program.routes.last_mut().unwrap()
    }

    pub fn blob(&mut self, bytes: &[u8]) -> Blob {
        let offset = self.contents.bodies.len() as u64;
        self.contents.bodies.extend(bytes);
        Blob {
            offset,
            length: bytes.len() as u64,
        }
    }

    pub fn folder(&mut self, files: &[(&str, &str)]) -> u32 {
        let mut files: Vec<File> = files
            .iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                content_type: gated_engine::files::content_type::of(path).to_owned(),
                etag: format!("\"{path}-{}\"", text.len()),
                body: self.blob(text.as_bytes()),
                encoded: Vec::new(),
            })
            .collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        self.contents.program.folders.push(Folder { files });
        self.contents.program.folders.len() as u32 - 1
    }

    pub fn file(mut self) -> Vec<u8> {
        self.contents.program.matcher = build(self.patterns);
        encode(&self.contents).unwrap()
    }

    pub fn load(self) -> Bundle {
        Bundle::load(Bytes::from(self.file())).unwrap()
    }
}

fn pattern(path: &str, route: u32) -> Pattern {
    let (whole, path) = match path.strip_suffix("/*") {
        Some(path) => (false, path),
        None => (true, path),
    };
    let mut captures = Vec::new();
    let mut parts = Vec::new();
    for segment in path.split('/').skip(1) {
        let name = segment
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'));
        parts.push(match name {
            Some(name) => {
                captures.push(name.to_owned());
                PathPart::Parameter(ParameterKind::Any)
            }
            None => PathPart::Literal(segment.to_owned()),
        });
    }
    let path = if whole {
        PathForm::Whole(parts)
    } else {
        PathForm::Prefix {
            parts,
            capture_rest: false,
        }
    };
    Pattern {
        priority: 0,
        hosts: Vec::new(),
        path,
        matched: Match {
            route,
            ordinal: 0,
            methods: 0,
            captures,
            extra: None,
        },
    }
}

pub fn upstream(name: &str) -> Upstream {
    Upstream {
        name: name.to_owned(),
        servers: vec![Server {
            host: "10.0.0.1".to_owned(),
            port: 9000,
            secure: false,
            authority: "10.0.0.1:9000".to_owned(),
            base_path: String::new(),
            weight: 1,
        }],
        connect_timeout_ms: 1000,
        request_timeout_ms: 5000,
        idle_timeout_ms: 60_000,
        tls: None,
        http1: true,
        http2: true,
        pool: gated_engine::program::Pool {
            idle: 256,
            idle_timeout_ms: 55_000,
            lifetime_ms: 0,
            requests: 0,
        },
    }
}

pub fn respond(status: u16, headers: &[(&str, Template)], body: Body) -> Respond {
    Respond {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| header(name, value.clone()))
            .collect(),
        body,
        encoded: None,
    }
}

pub fn header(name: &str, value: Template) -> HeaderTemplate {
    HeaderTemplate {
        name: name.to_owned(),
        value,
    }
}

pub fn text(text: &str) -> Template {
    Template {
        segments: vec![Segment::Text(text.to_owned())],
    }
}

pub fn value(source: ValueSource, filters: &[Filter]) -> Segment {
    Segment::Value(Box::new(Expression {
        source,
        filters: filters.to_vec(),
        escape: Escape::None,
    }))
}

/// A template whose values are all made safe in one way.
pub fn template(escape: Escape, mut segments: Vec<Segment>) -> Template {
    for segment in &mut segments {
        if let Segment::Value(value) = segment {
            value.escape = escape;
        }
    }
    Template { segments }
}

pub fn files(root: u32) -> Files {
    Files {
        root: FilesRoot::Folder(root),
        index: vec!["index.html".to_owned()],
        fallback: None,
        strip_segments: 0,
        precompressed: true,
        cache_control: None,
    }
}

pub fn proxy() -> Proxy {
    Proxy {
        upstream: 0,
        path: None,
        strip_segments: 0,
        host: None,
        timeout_ms: None,
    }
}

pub fn environment() -> FixedEnvironment {
    let secrets = BTreeMap::from([("key".to_owned(), "s3cret".to_owned())]);
    FixedEnvironment::new(7, secrets)
}

/// What a request is made of.
pub struct Ask<'a> {
    pub method: Method,
    pub target: &'a str,
    pub headers: &'a [(&'static str, &'a str)],
    pub body: Option<&'a [u8]>,
}

pub fn get<'a>(target: &'a str, headers: &'a [(&'static str, &'a str)]) -> Ask<'a> {
    Ask {
        method: Method::GET,
        target,
        headers,
        body: None,
    }
}

impl Ask<'_> {
    pub fn with<T>(&self, act: impl FnOnce(&Request<'_>) -> T) -> T {
        let uri: Uri = self.target.parse().unwrap();
        let mut headers: HeaderMap = self
            .headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        headers.insert("host", "shop.example".parse().unwrap());
        let mut request =
            Request::normalise(&self.method, &uri, Version::HTTP_11, &headers, "http").unwrap();
        request.id = "id-1";
        act(&request)
    }

    pub fn decide<T>(&self, bundle: &Bundle, act: impl FnOnce(&Found<'_>, Decision<'_>) -> T) -> T {
        self.with(|request| {
            let Routing::Found(found) = bundle.route(request, self.body) else {
                panic!("no route takes {}", self.target)
            };
            let decision = decide(bundle, &found, request, self.body, &environment());
            act(&found, decision)
        })
    }

    pub fn answer(&self, bundle: &Bundle) -> Response {
        self.decide(bundle, |_, decision| match decision {
            Decision::Respond(response) => response,
            Decision::Proxy(_) | Decision::Disk(_) => panic!("a response was expected"),
        })
    }
}

/// A response as text, the way a person reads it.
pub fn shown(response: &Response) -> String {
    let mut lines = vec![response.status.to_string()];
    for (name, value) in &response.headers {
        lines.push(format!(
            "{name}: {}",
            String::from_utf8_lossy(value.as_bytes())
        ));
    }
    lines.push(String::new());
    lines.push(String::from_utf8_lossy(&response.body).into_owned());
    lines.join("\n")
}
