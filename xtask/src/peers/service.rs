//! What a peer is asked to serve. Every peer turns the same description into its own configuration,
//! so that "equivalent" is stated once and not three times.

/// The body of a fixed answer: 100 bytes.
pub const ANSWER: &str = "{\"id\":1,\"name\":\"a fixed answer of one hundred bytes, no more and no less\",\"in\":\"shop\",\"price\":\"9.9\"}";

/// The path at which a service with a [mark](Service::mark) tells it.
pub const MARK: &str = "/mark";

/// One configuration, whoever serves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// How clients talk to it.
    pub transport: Transport,
    /// What it does with a request.
    pub act: Act,
    /// Tells two configurations apart: answered at [`MARK`].
    pub mark: Option<u32>,
}

/// How clients talk to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP/1.1.
    Plain,
    /// HTTP/1.1 over TLS, with a key of this kind.
    Tls(Key),
    /// HTTP/2 with prior knowledge, without TLS.
    Http2,
}

/// The kind of a certificate's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// RSA with 2,048 bits.
    Rsa,
    /// ECDSA on P-256.
    Ecdsa,
}

impl Key {
    /// The file name of the certificate and of its key, without the ending.
    pub fn file(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ecdsa => "ecdsa",
        }
    }
}

/// What is done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// [`ANSWER`], for every path.
    Answer,
    /// An answer of the same size that tells a part of the path, where a peer has templates.
    Template,
    /// Passed on to the upstream: everything, or with a number of routes what lies below `/svc0/`,
    /// `/svc1/` and so on.
    Proxy {
        /// How many routes; none: one for everything.
        routes: Option<u32>,
    },
}

impl Service {
    /// Without TLS, HTTP/1.1.
    pub fn plain(act: Act) -> Self {
        Self {
            transport: Transport::Plain,
            act,
            mark: None,
        }
    }

    /// A request that it answers with 200.
    pub fn path(&self) -> &'static str {
        match self.act {
            Act::Answer => "/answer",
            Act::Template => "/hello/ann",
            Act::Proxy { .. } => "/svc0/item",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_answer_is_as_long_as_it_says() {
        assert_eq!(ANSWER.len(), 100);
    }
}
