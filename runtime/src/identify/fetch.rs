//! Asks for keys once: over `https`, whose server must prove who it is to an authority that the system
//! trusts, or in the clear from this very machine.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ETAG, HOST, IF_NONE_MATCH, USER_AGENT};
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::source::Source;
use crate::names::Names;
use crate::tls;

/// Largest answer, in bytes.
const LARGEST: usize = 1 << 20;

/// Addresses that are tried.
const MOST_ADDRESSES: usize = 4;

/// How long one address may take.
const CONNECT: Duration = Duration::from_secs(3);

/// What was answered.
pub(super) enum Answer {
    /// What is known already.
    Same,
    /// A key set, and its tag.
    New(Bytes, Option<String>),
}

/// Asks for the keys.
pub(super) async fn get(
    source: &Source,
    etag: Option<&str>,
    names: &Names,
) -> Result<Answer, String> {
    let host = source.uri.host().ok_or("the URL has no host")?;
    let host = host.trim_matches(['[', ']']);
    let socket = connect(source, host, names).await?;
    let request = request(&source.uri, etag)?;
    let response = match &source.tls {
        None => ask(TokioIo::new(socket), request).await?,
        Some(config) => {
            let name = ServerName::try_from(host.to_owned())
                .map_err(|_| format!("`{host}` is no name that a certificate can hold"))?;
            let connector = TlsConnector::from(Arc::clone(config));
            let stream = connector.connect(name, socket).await;
            let stream = stream.map_err(|error| tls::reason(&error))?;
            ask(TokioIo::new(stream), request).await?
        }
    };
    read(response).await
}

async fn connect(source: &Source, host: &str, names: &Names) -> Result<TcpStream, String> {
    let secure = source.tls.is_some();
    let port = source
        .uri
        .port_u16()
        .unwrap_or(if secure { 443 } else { 80 });
    let addresses: Vec<IpAddr> = match host.parse() {
        Ok(address) => vec![address],
        Err(_) => {
            let found = names.addresses(host).await;
            found.map_err(|why| why.to_string())?.to_vec()
        }
    };
    if !secure
        && !addresses
            .iter()
            .all(|address| address.to_canonical().is_loopback())
    {
        return Err("keys in the clear (`http://`) come from this machine only".to_owned());
    }
    let mut last = "the name has no address".to_owned();
    for address in addresses.into_iter().take(MOST_ADDRESSES) {
        match tokio::time::timeout(CONNECT, TcpStream::connect((address, port))).await {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(error)) => last = format!("no connection to {address}: {error}"),
            Err(_) => last = format!("no connection to {address} in time"),
        }
    }
    Err(last)
}

fn request(uri: &Uri, etag: Option<&str>) -> Result<Request<Empty<Bytes>>, String> {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    // Names and passwords have no place in a host.
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let mut request = Request::get(target)
        .header(HOST, host)
        .header(ACCEPT, "application/jwk-set+json, application/json")
        .header(USER_AGENT, concat!("gated/", env!("CARGO_PKG_VERSION")));
    if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(etag).ok()) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    request
        .body(Empty::new())
        .map_err(|error| error.to_string())
}

async fn ask<S>(
    stream: TokioIo<S>,
    request: Request<Empty<Bytes>>,
) -> Result<http::Response<Incoming>, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| format!("what came is no HTTP: {error}");
    let (mut sender, connection) = http1::handshake(stream).await.map_err(broken)?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(broken)
}

async fn read(response: http::Response<Incoming>) -> Result<Answer, String> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED => return Ok(Answer::Same),
        status => return Err(format!("it answers {status}")),
    }
    let etag = response.headers().get(ETAG);
    let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let body = Limited::new(response.into_body(), LARGEST).collect().await;
    let body = body.map_err(|_| "its answer broke off, or is larger than 1 MiB".to_owned())?;
    Ok(Answer::New(body.to_bytes(), etag))
}
