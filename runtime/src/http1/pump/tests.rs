//! Bodies between real sockets: however they come and are taken, the same bytes arrive, and nothing is
//! left behind.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "all of this is test code, also the functions that are no tests themselves"
)]

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use bytes::BytesMut;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Coding, Pump, PumpError, TURN};
use crate::http1::head::Kind;
use crate::http1::pipe::{Pipe, made};
use crate::http1::{BodyError, BodyReader, Flow, Output, Stream, Wire};

/// Steps of one side: so many bytes, and whether it pauses behind them.
type Steps = Vec<(usize, bool)>;

/// How a body goes through.
#[derive(Debug, Clone)]
struct Passage {
    /// Bytes announced.
    length: usize,
    /// Bytes sent before the server closes.
    sent: usize,
    /// Bytes that were read along with the head.
    ahead: usize,
    writing: Steps,
    reading: Steps,
}

type Broken = PumpError<BodyError>;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap());
    let (ours, theirs) = tokio::join!(ours, listener.accept());
    (ours.unwrap(), theirs.unwrap().0)
}

async fn pause(pauses: bool) {
    if pauses {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn write(mut socket: TcpStream, all: Vec<u8>, steps: Steps) {
    let mut rest = &all[..];
    for &(count, pauses) in steps.iter().cycle() {
        let (now, later) = rest.split_at(count.min(rest.len()));
        if socket.write_all(now).await.is_err() || later.is_empty() {
            return;
        }
        rest = later;
        pause(pauses).await;
    }
}

async fn read(mut socket: TcpStream, steps: Steps) -> Vec<u8> {
    let mut all = Vec::new();
    for &(count, pauses) in steps.iter().cycle() {
        let mut piece = vec![0; count];
        match socket.read(&mut piece).await {
            Ok(0) | Err(_) => return all,
            Ok(count) => all.extend_from_slice(&piece[..count]),
        }
        pause(pauses).await;
    }
    all
}

/// Pumps to the end; how it ended, and how often something was waited for.
async fn pump(pump: &mut Pump<BodyReader>, to: &Wire) -> Result<usize, Broken> {
    let mut output = Output::default();
    output.copy(b"head");
    let mut waits = 0;
    poll_fn(|context| match pump.drive(&mut output, to, context) {
        Ok(None) => Poll::Ready(Ok(waits)),
        Ok(Some(_)) => {
            waits += 1;
            Poll::Pending
        }
        Err(error) => Poll::Ready(Err(error)),
    })
    .await
}

/// What arrived behind the head, and how the pump ended.
async fn pass(passage: &Passage) -> (Vec<u8>, Result<usize, Broken>) {
    let all = bytes(passage.sent);
    let ahead = passage.ahead.min(passage.sent);
    let (near, far) = pair().await;
    let (client, to) = pair().await;
    let from = Wire::new(Stream::Plain(near), BytesMut::from(&all[..ahead]));
    from.begin_body(Kind::Length(passage.length as u64), false);
    let to = Wire::new(Stream::Plain(to), BytesMut::new());
    let body = BodyReader::new(Rc::new(from));
    let mut sending = Pump::new(body, Coding::Length(passage.length as u64));
    let sent = async {
        let ended = pump(&mut sending, &to).await;
        drop((sending, to));
        ended
    };
    let (ended, (), arrived) = tokio::join!(
        sent,
        write(far, all[ahead..].to_vec(), passage.writing.clone()),
        read(client, passage.reading.clone()),
    );
    assert_eq!(arrived.get(..4), Some(&b"head"[..]));
    (arrived[4..].to_vec(), ended)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn steps() -> impl Strategy<Value = Steps> {
    proptest::collection::vec((1_usize..150_000, prop::bool::weighted(0.2)), 1..8).prop_map(
        |mut steps| {
            // Not only tiny ones, lest it take for ever.
            steps.push((90_000, false));
            steps
        },
    )
}

fn passage() -> impl Strategy<Value = Passage> {
    let length = prop_oneof![
        1_usize..200_000,
        32_760_usize..32_780,
        200_000_usize..1_500_000
    ];
    (length, 0_usize..20_000, steps(), steps()).prop_map(|(length, ahead, writing, reading)| {
        Passage {
            length,
            sent: length,
            ahead,
            writing,
            reading,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_same_bytes_arrive_however_they_come(passage in passage()) {
        let (arrived, ended) = block_on(pass(&passage));
        ended.unwrap();
        prop_assert!(arrived == bytes(passage.length));
    }

    #[test]
    fn all_that_came_before_a_break_arrives(passage in passage(), part in 0.0_f64..1.0) {
        let sent = (passage.length as f64 * part) as usize;
        let passage = Passage { sent, ..passage };
        let (arrived, ended) = block_on(pass(&passage));
        prop_assert!(matches!(ended, Err(PumpError::Body(BodyError::Short))), "{ended:?}");
        prop_assert!(arrived == bytes(sent));
    }
}

#[test]
fn only_long_bodies_need_a_pipe_and_it_is_kept() {
    let pass_whole = |length| {
        let passage = Passage {
            length,
            sent: length,
            ahead: 0,
            writing: vec![(40_000, false)],
            reading: vec![(40_000, false)],
        };
        let (arrived, ended) = block_on(pass(&passage));
        ended.unwrap();
        assert!(arrived == bytes(length), "{length}");
    };
    pass_whole(32_767);
    assert_eq!(made(), 0);
    for _ in 0..20 {
        pass_whole(32_768);
        pass_whole(3_000_000);
        assert_eq!(made(), 1);
    }
}

#[test]
fn a_pipe_with_something_in_it_is_not_used_again() {
    block_on(async {
        let (near, mut far) = pair().await;
        far.write_all(b"left behind").await.unwrap();
        near.readable().await.unwrap();
        let mut pipe = Pipe::take(100).unwrap();
        let count = near.try_io(tokio::io::Interest::READABLE, || pipe.fill(&near, 4));
        assert_eq!(count.unwrap(), 4);
        assert_eq!((pipe.held(), made()), (4, 1));
        drop(pipe);
        assert_eq!(made(), 0);
    });
}

#[test]
fn who_takes_nothing_holds_one_pipe_and_loses_nothing() {
    block_on(async {
        let (near, far) = pair().await;
        let (client, to) = pair().await;
        let from = Wire::new(Stream::Plain(near), BytesMut::new());
        const LENGTH: usize = 30_000_000;
        from.begin_body(Kind::Length(LENGTH as u64), false);
        let to = Wire::new(Stream::Plain(to), BytesMut::new());
        let mut sending = Pump::new(
            BodyReader::new(Rc::new(from)),
            Coding::Length(LENGTH as u64),
        );
        let writing = write(far, bytes(LENGTH), vec![(500_000, false)]);
        let taking = async {
            // It is told that the other side does not take it, for who bounds that.
            while to.send_deadline(Duration::ZERO).is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(made(), 1);
            read(client, vec![(300_000, false)]).await
        };
        let pumping = async {
            let waits = pump(&mut sending, &to).await.unwrap();
            poll_fn(|context| to.poll_shutdown(context)).await.unwrap();
            waits
        };
        let (waits, (), arrived) = tokio::join!(pumping, writing, taking);
        assert!(waits > 0);
        assert!(arrived[4..] == bytes(LENGTH));
        assert_eq!(made(), 1);
    });
}

#[test]
fn a_client_that_leaves_is_noticed_and_its_pipe_closed() {
    block_on(async {
        let (near, far) = pair().await;
        let (client, to) = pair().await;
        let from = Rc::new(Wire::new(Stream::Plain(near), BytesMut::new()));
        from.begin_body(Kind::Length(50_000_000), false);
        let to = Wire::new(Stream::Plain(to), BytesMut::new());
        let mut sending = Pump::new(BodyReader::new(from), Coding::Length(50_000_000));
        let leaving = async {
            let mut client = client;
            let mut piece = vec![0; 1_000_000];
            client.read_exact(&mut piece).await.unwrap();
        };
        let pumping = async {
            let ended = pump(&mut sending, &to).await;
            drop(sending);
            ended
        };
        let (ended, (), ()) = tokio::join!(
            pumping,
            write(far, bytes(50_000_000), vec![(500_000, false)]),
            leaving
        );
        assert!(matches!(ended, Err(PumpError::Io(_))), "{ended:?}");
    });
    assert_eq!(made(), 0);
}

#[test]
fn without_a_pipe_bodies_are_read_and_written() {
    let mut all = Vec::new();
    while let Some(pipe) = Pipe::take(100) {
        all.push(pipe);
        assert!(all.len() <= 1000, "there is no end of them");
    }
    let passage = Passage {
        length: 2_000_000,
        sent: 2_000_000,
        ahead: 10,
        writing: vec![(100_000, false)],
        reading: vec![(100_000, true)],
    };
    let (arrived, ended) = block_on(pass(&passage));
    ended.unwrap();
    assert!(arrived == bytes(2_000_000));
    drop(all);
    assert!(made() < 16, "{} are kept", made());
}

#[test]
fn a_turn_is_bounded_however_fast_both_sides_are() {
    use std::io::{Read, Write};
    block_on(async {
        let (near, far) = pair().await;
        let (client, to) = pair().await;
        let far = far.into_std().unwrap();
        let client = client.into_std().unwrap();
        far.set_nonblocking(false).unwrap();
        client.set_nonblocking(false).unwrap();
        let piece = vec![0; 1 << 20];
        let writer = std::thread::spawn(move || while (&far).write_all(&piece).is_ok() {});
        let mut taken = vec![0; 1 << 20];
        let reader =
            std::thread::spawn(move || while matches!((&client).read(&mut taken), Ok(1..)) {});
        let from = Wire::new(Stream::Plain(near), BytesMut::new());
        let length = 1 << 40;
        from.begin_body(Kind::Length(length), false);
        let to = Wire::new(Stream::Plain(to), BytesMut::new());
        let mut sending = Pump::new(BodyReader::new(Rc::new(from)), Coding::Length(length));
        let mut output = Output::default();
        let mut left = length;
        while left > length - (100 << 20) {
            let now = poll_fn(|context| {
                let driven = sending.drive(&mut output, &to, context);
                assert!(matches!(driven, Ok(Some(_))));
                let now = sending.body().pourable();
                if now < left {
                    Poll::Ready(now)
                } else {
                    Poll::Pending
                }
            })
            .await;
            assert!(left - now < (TURN + (1 << 20)) as u64, "{}", left - now);
            left = now;
        }
        drop((sending, to, output));
        writer.join().unwrap();
        reader.join().unwrap();
    });
}
