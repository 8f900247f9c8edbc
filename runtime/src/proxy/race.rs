//! Connects to one of several addresses: the next is tried when the last has failed or kept us waiting
//! for a moment, and the first that answers wins (Happy Eyeballs, RFC 8305). An address that leads
//! nowhere costs a quarter of a second instead of the whole time there is.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long one address is waited for before the next is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// Attempts at one time.
const MOST_AT_ONCE: usize = 8;

type Attempt = Pin<Box<dyn Future<Output = io::Result<(TcpStream, IpAddr)>>>>;

/// The order in which addresses are tried: the families in turn, the preferred one first, and within
/// each from the `turn`th on, so that connections are spread over all.
pub(super) fn order(addresses: &[IpAddr], turn: usize, ipv4_first: bool) -> Vec<IpAddr> {
    let (mut first, mut second): (Vec<IpAddr>, Vec<IpAddr>) = addresses
        .iter()
        .partition(|address| address.is_ipv4() == ipv4_first);
    for family in [&mut first, &mut second] {
        if let Some(start) = turn.checked_rem(family.len()) {
            family.rotate_left(start);
        }
    }
    let mut ordered = Vec::with_capacity(addresses.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        let pair = [first.next(), second.next()];
        if pair == [None, None] {
            return ordered;
        }
        ordered.extend(pair.into_iter().flatten());
    }
}

/// Connects to whichever address answers first. Attempts that come too late are given up.
///
/// # Errors
/// Why the last address could not be reached, where none could.
pub(super) async fn connect(addresses: Vec<IpAddr>, port: u16) -> io::Result<(TcpStream, IpAddr)> {
    let mut race = Race {
        waiting: addresses.into(),
        running: Vec::new(),
        port,
        next: Box::pin(tokio::time::sleep(HEAD_START)),
        last: None,
    };
    poll_fn(|context| race.poll(context)).await
}

struct Race {
    waiting: VecDeque<IpAddr>,
    running: Vec<Attempt>,
    port: u16,
    next: Pin<Box<Sleep>>,
    /// Why the last attempt failed.
    last: Option<io::Error>,
}

impl Race {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<(TcpStream, IpAddr)>> {
        loop {
            if self.running.is_empty() && !self.begin() {
                let none = || io::Error::new(io::ErrorKind::NotFound, "there is no address");
                return Poll::Ready(Err(self.last.take().unwrap_or_else(none)));
            }
            let mut failed = false;
            let mut index = 0;
            while let Some(attempt) = self.running.get_mut(index) {
                match attempt.as_mut().poll(context) {
                    Poll::Ready(Ok(won)) => return Poll::Ready(Ok(won)),
                    Poll::Ready(Err(error)) => {
                        failed = true;
                        self.last = Some(error);
                        drop(self.running.swap_remove(index));
                    }
                    Poll::Pending => index += 1,
                }
            }
            let full = self.running.len() >= MOST_AT_ONCE;
            let more = !full && !self.waiting.is_empty();
            if !more && !self.running.is_empty() {
                return Poll::Pending;
            }
            if more && !failed && self.next.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.begin();
        }
    }

    /// Tries the next address, if there is one.
    fn begin(&mut self) -> bool {
        let Some(ip) = self.waiting.pop_front() else {
            return false;
        };
        let address = SocketAddr::new(ip, self.port);
        self.running.push(Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            Ok((stream, ip))
        }));
        self.next.as_mut().reset(Instant::now() + HEAD_START);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{connect, order};

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns_and_addresses_too() {
        let all = ips(&["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2"]);
        assert_eq!(
            order(&all, 0, false),
            ips(&["fd00::1", "10.0.0.1", "fd00::2", "10.0.0.2", "10.0.0.3"])
        );
        assert_eq!(
            order(&all, 1, true),
            ips(&["10.0.0.2", "fd00::2", "10.0.0.3", "fd00::1", "10.0.0.1"])
        );
        assert!(order(&[], 7, true).is_empty());
    }

    #[tokio::test]
    async fn the_first_that_answers_wins() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Nobody is at the first: it is refused at once.
        let (_, won) = connect(ips(&["127.0.0.9", "127.0.0.1"]), port)
            .await
            .unwrap();
        assert_eq!(won, ips(&["127.0.0.1"])[0]);
        let none = connect(ips(&["127.0.0.9", "127.0.0.8"]), port).await;
        assert_eq!(
            none.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionRefused
        );
        assert!(connect(Vec::new(), port).await.is_err());
    }

    /// A listener whose queue is full: connecting to it hangs.
    fn blackhole(ip: &str, port: u16) -> (std::net::TcpListener, Vec<std::net::TcpStream>) {
        let socket =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        let address: std::net::SocketAddr = format!("{ip}:{port}").parse().unwrap();
        socket.bind(&address.into()).unwrap();
        socket.listen(0).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) =
            std::net::TcpStream::connect_timeout(&address, std::time::Duration::from_millis(100))
        {
            queued.push(stream);
            assert!(queued.len() < 64, "the queue has no end");
        }
        (socket.into(), queued)
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn an_address_that_leads_nowhere_does_not_hold_the_others() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let _hole = blackhole("127.0.0.7", port);
        let bound = std::time::Duration::from_secs(20);
        let racing = connect(ips(&["127.0.0.7", "127.0.0.1"]), port);
        let (_, won) = tokio::time::timeout(bound, racing).await.unwrap().unwrap();
        assert_eq!(won, ips(&["127.0.0.1"])[0]);
    }
}
