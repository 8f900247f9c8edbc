//! A request as a person writes it down.

use gated_engine::request::{Refusal, Request};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version, header};

/// A request that is ready to be given to the engine.
pub(crate) struct Call {
    method: Method,
    target: Uri,
    scheme: &'static str,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    /// A request from its parts. `url` is a path with its query, or a whole URL; `Host` follows from
    /// it unless it is among the headers, as does `Content-Length` from the body.
    ///
    /// # Errors
    /// One sentence on what is wrong, in the user's terms.
    pub(crate) fn new<'h>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: Option<Vec<u8>>,
    ) -> Result<Self, String> {
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| format!("`{method}` is not a method"))?;
        let uri = read_url(url)?;
        let mut call = Self {
            method,
            target: target(&uri)?,
            scheme: if uri.scheme_str() == Some("https") {
                "https"
            } else {
                "http"
            },
            headers: read_headers(headers)?,
            body: Vec::new(),
        };
        let host = uri
            .authority()
            .map_or("localhost", |authority| authority.as_str());
        call.header_unless_given(header::HOST, host)?;
        if let Some(body) = body {
            call.header_unless_given(header::CONTENT_LENGTH, &body.len().to_string())?;
            call.body = body;
        }
        Ok(call)
    }

    fn header_unless_given(&mut self, name: HeaderName, value: &str) -> Result<(), String> {
        if !self.headers.contains_key(&name) {
            self.headers.insert(name, header_value(value)?);
        }
        Ok(())
    }

    /// The request in its normal form.
    pub(crate) fn request(&self) -> Result<Request<'_>, Refusal> {
        Request::normalise(
            &self.method,
            &self.target,
            Version::HTTP_11,
            &self.headers,
            self.scheme,
        )
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }
}

fn read_url(url: &str) -> Result<Uri, String> {
    let whole = url.starts_with('/') || url.contains("://") || url == "*";
    if !whole {
        return Err(format!(
            "`{url}` is neither a path nor a URL: write `/{url}` or `http://{url}`"
        ));
    }
    let uri: Uri = url.parse().map_err(|_| {
        format!("`{url}` is not a URL; characters such as blanks are percent-encoded in it")
    })?;
    match uri.scheme_str() {
        None | Some("http" | "https") => Ok(uri),
        Some(other) => Err(format!(
            "`{url}`: the scheme is `{other}`, expected `http` or `https`"
        )),
    }
}

/// The request target as a client sends it: path and query, without scheme and authority.
fn target(uri: &Uri) -> Result<Uri, String> {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let target = match target.strip_prefix('?') {
        Some(query) => format!("/?{query}"),
        None => target.to_owned(),
    };
    target.parse().map_err(|_| format!("`{uri}` has no path"))
}

fn read_headers<'h>(
    given: impl IntoIterator<Item = (&'h str, &'h str)>,
) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not a header name"))?;
        headers.append(name, header_value(value)?);
    }
    Ok(headers)
}

fn header_value(value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value)
        .or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
        .map_err(|_| format!("`{}` is not a header value", value.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str) -> Result<Call, String> {
        Call::new("GET", url, [], None)
    }

    #[test]
    fn a_url_gives_target_and_host() {
        let call = call("https://shop.example:8443/a?b=1").unwrap();
        assert_eq!(call.target.to_string(), "/a?b=1");
        assert_eq!(call.headers["host"], "shop.example:8443");
        assert_eq!(call.scheme, "https");
        assert_eq!(
            self::call("http://shop.example?x")
                .unwrap()
                .target
                .to_string(),
            "/?x"
        );
        assert_eq!(self::call("/a").unwrap().headers["host"], "localhost");
    }

    #[test]
    fn what_is_no_url_is_said() {
        let wrong = |url: &str| call(url).err().unwrap();
        assert_eq!(
            wrong("shop.example/a"),
            "`shop.example/a` is neither a path nor a URL: write `/shop.example/a` or `http://shop.example/a`"
        );
        assert_eq!(
            wrong("ftp://x/a"),
            "`ftp://x/a`: the scheme is `ftp`, expected `http` or `https`"
        );
        assert!(wrong("/a b").contains("percent-encoded"));
    }
}
