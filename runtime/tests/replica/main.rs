//! The replica from outside: the real program, real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code, also the functions that are no tests themselves"
)]

mod applied;
mod authority;
mod compress;
mod compress_pages;
mod early;
mod faults;
mod files;
mod floods;
mod frames;
mod framing;
mod hardening;
mod http2;
mod limits;
mod load;
mod manage;
mod misuse;
mod multiplexed;
mod paces;
mod poured;
mod process;
mod proxied;
mod proxy;
mod reload;
mod secure;
mod serve;
mod support;
mod tls;
mod tls_change;
mod tls_client;
mod tls_openssl;
mod upstreams;
