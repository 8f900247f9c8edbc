//! One connection: TCP, TLS, login, and nothing that can hang without its caller's timeout around it.

use std::sync::Arc;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{AsyncConnectionConfig, Cmd, Pipeline, RedisConnectionInfo, RedisError, Value};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::script::Call;
use super::settings::{Address, BadSettings, Login, RedisSettings};

/// How connections are made.
#[derive(Debug)]
pub(super) struct Links {
    tls: Option<(Arc<ClientConfig>, Option<String>)>,
    login: Login,
    sentinel_login: Login,
    database: u16,
    in_flight: usize,
}

/// A connection that many callers use at once. Its driver runs where it was made.
pub(super) type Link = MultiplexedConnection;

impl Links {
    pub(super) fn new(settings: &RedisSettings) -> Result<Self, BadSettings> {
        let tls = match &settings.tls {
            Some(tls) => Some((tls.config()?, tls.name.clone())),
            None => None,
        };
        Ok(Self {
            tls,
            login: settings.login.clone(),
            sentinel_login: settings.sentinel_login.clone(),
            database: settings.database,
            in_flight: settings.in_flight,
        })
    }

    pub(super) async fn to_server(&self, address: &Address) -> Result<Link, String> {
        self.connect(address, &self.login, self.database).await
    }

    pub(super) async fn to_sentinel(&self, address: &Address) -> Result<Link, String> {
        self.connect(address, &self.sentinel_login, 0).await
    }

    async fn connect(&self, to: &Address, login: &Login, database: u16) -> Result<Link, String> {
        let failed = |error: std::io::Error| format!("{to}: {error}");
        let stream = TcpStream::connect((to.host.as_str(), to.port))
            .await
            .map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let mut info = RedisConnectionInfo::default()
            .set_db(database.into())
            .set_skip_set_lib_name();
        if let Some(user) = &login.user {
            info = info.set_username(user);
        }
        if let Some(password) = &login.password {
            info = info.set_password(password);
        }
        let Some((config, name)) = &self.tls else {
            return self.speak(to, &info, stream).await;
        };
        let name = name.clone().unwrap_or_else(|| to.host.clone());
        let name = ServerName::try_from(name).map_err(|error| format!("{to}: {error}"))?;
        let connector = TlsConnector::from(Arc::clone(config));
        let stream = connector.connect(name, stream).await.map_err(failed)?;
        self.speak(to, &info, stream).await
    }

    async fn speak<S>(
        &self,
        to: &Address,
        info: &RedisConnectionInfo,
        stream: S,
    ) -> Result<Link, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(self.in_flight.clamp(1, 1 << 16));
        let made = Link::new_with_config(info, stream, config).await;
        let (link, driver) = made.map_err(|error| format!("{to}: {error}"))?;
        tokio::spawn(driver);
        Ok(link)
    }
}

/// Calls a script by its digest, and with its text where the server does not know it.
pub(super) async fn call(link: &Link, call: &Call, asking: bool) -> Result<Value, RedisError> {
    match send(link, command("EVALSHA", &call.script.digest, call), asking).await {
        Err(error) if error.code() == Some("NOSCRIPT") => {
            send(link, command("EVAL", call.script.text, call), asking).await
        }
        result => result,
    }
}

fn command(name: &str, script: &str, call: &Call) -> Cmd {
    let mut command = Cmd::new();
    command.arg(name).arg(script).arg(call.keys.len());
    command.arg(&call.keys).arg(&call.arguments);
    command
}

/// Sends one command; `asking` says that its slot is on its way to this server.
async fn send(link: &Link, command: Cmd, asking: bool) -> Result<Value, RedisError> {
    let mut link = link.clone();
    if !asking {
        return link
            .req_packed_command(&command)
            .await
            .and_then(Value::extract_error);
    }
    let mut pipe = redis::pipe();
    pipe.cmd("ASKING").ignore().add_command(command);
    let mut answers = link.req_packed_commands(&pipe, 0, 2).await?;
    answers.pop().unwrap_or(Value::Nil).extract_error()
}

/// Sends a plain command.
pub(super) async fn plain(link: &Link, command: &Cmd) -> Result<Value, RedisError> {
    let mut link = link.clone();
    link.req_packed_command(command)
        .await
        .and_then(Value::extract_error)
}

/// Sends plain commands together; what each answered, failures among them.
pub(super) async fn together(link: &Link, pipe: &Pipeline) -> Result<Vec<Value>, RedisError> {
    let mut link = link.clone();
    link.req_packed_commands(pipe, 0, pipe.len()).await
}
