use std::collections::VecDeque;
use std::io::Read;

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

/// What a plain body does when it is asked.
#[derive(Debug, Clone)]
enum Act {
    Data(Bytes),
    Pause,
    Trailers(HeaderMap),
    Fail,
}

/// A body that follows a script.
struct Script {
    acts: VecDeque<Act>,
    asked: usize,
}

impl Script {
    fn of(acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            acts: acts.into_iter().collect(),
            asked: 0,
        }
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.asked += 1;
        match self.acts.pop_front() {
            None => Poll::Ready(None),
            Some(Act::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Act::Pause) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Act::Trailers(trailers)) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(Act::Fail) => Poll::Ready(Some(Err("the server went away".into()))),
        }
    }
}

fn room(encoding: Encoding) -> Room {
    super::super::budget::room(encoding).unwrap()
}

fn data(text: &str) -> Act {
    Act::Data(Bytes::copy_from_slice(text.as_bytes()))
}

/// One thing that came out.
#[derive(Debug)]
enum Out {
    Data(Bytes),
    Trailers(HeaderMap),
    Failed(String),
    Waits,
    End,
}

fn next<B: Body<Data = Bytes, Error = BoxError> + Unpin>(body: &mut EncodedBody<B>) -> Out {
    let mut context = Context::from_waker(std::task::Waker::noop());
    match Pin::new(body).poll_frame(&mut context) {
        Poll::Pending => Out::Waits,
        Poll::Ready(None) => Out::End,
        Poll::Ready(Some(Err(error))) => Out::Failed(error.to_string()),
        Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
            Ok(data) => Out::Data(data),
            Err(frame) => Out::Trailers(frame.into_trailers().unwrap()),
        },
    }
}

/// Everything that comes out, with what ended it.
fn all(body: &mut EncodedBody<Script>) -> (Vec<u8>, Out) {
    let mut bytes = Vec::new();
    loop {
        match next(body) {
            Out::Data(data) => {
                assert!(data.len() < FULL + PIECE + 4096, "{}", data.len());
                bytes.extend_from_slice(&data);
            }
            Out::Waits => {}
            end => return (bytes, end),
        }
    }
}

fn reader(encoding: Encoding, encoded: &[u8]) -> Box<dyn Read + '_> {
    match encoding {
        Encoding::Gzip => Box::new(flate2::read::GzDecoder::new(encoded)),
        Encoding::Brotli => Box::new(brotli::Decompressor::new(encoded, 4096)),
        Encoding::Zstd => Box::new(zstd::stream::read::Decoder::new(encoded).unwrap()),
    }
}

fn decoded(encoding: Encoding, encoded: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    reader(encoding, encoded).read_to_end(&mut plain)?;
    Ok(plain)
}

/// As much as can be read of what is not at its end.
fn begun(encoding: Encoding, encoded: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut reader = reader(encoding, encoded);
    let mut byte = [0];
    while let Ok(1) = reader.read(&mut byte) {
        plain.push(byte[0]);
    }
    plain
}

#[test]
fn a_pause_holds_nothing_back_of_what_comes_live() {
    for encoding in Encoding::ALL {
        let script = Script::of([data("event: one\n\n"), Act::Pause, data("event: two\n\n")]);
        let mut body = EncodedBody::live(script, encoding, room(encoding));
        let Out::Data(first) = next(&mut body) else {
            panic!("nothing came of {encoding:?}");
        };
        assert_eq!(begun(encoding, &first), b"event: one\n\n");
        let (rest, Out::End) = all(&mut body) else {
            panic!("no end of {encoding:?}");
        };
        let whole = [&first[..], &rest].concat();
        assert_eq!(
            decoded(encoding, &whole).unwrap(),
            b"event: one\n\nevent: two\n\n"
        );
    }
}

#[test]
fn a_pause_of_what_is_there_already_costs_nothing() {
    for encoding in Encoding::ALL {
        let pieces = (0..50).flat_map(|_| [data("the same again; "), Act::Pause]);
        let without = (0..50).map(|_| data("the same again; "));
        let (paused, _) = all(&mut EncodedBody::stored(
            Script::of(pieces),
            encoding,
            room(encoding),
        ));
        let (whole, _) = all(&mut EncodedBody::stored(
            Script::of(without),
            encoding,
            room(encoding),
        ));
        assert_eq!(paused, whole);
    }
}

#[test]
fn what_breaks_off_does_not_look_whole() {
    for encoding in Encoding::ALL {
        let script = Script::of([data("half of it"), Act::Pause, Act::Fail]);
        let mut body = EncodedBody::live(script, encoding, room(encoding));
        let (bytes, end) = all(&mut body);
        assert!(matches!(end, Out::Failed(why) if why == "the server went away"));
        assert_eq!(begun(encoding, &bytes), b"half of it");
        assert!(decoded(encoding, &bytes).is_err(), "{encoding:?}");
        assert!(matches!(next(&mut body), Out::End));
    }
}

#[test]
fn trailers_come_last_and_without_digests_of_other_bytes() {
    for encoding in Encoding::ALL {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("7"));
        trailers.insert("content-digest", HeaderValue::from_static("sha-256=:AA==:"));
        let script = Script::of([data("body"), Act::Trailers(trailers)]);
        let (bytes, end) = all(&mut EncodedBody::live(script, encoding, room(encoding)));
        assert_eq!(decoded(encoding, &bytes).unwrap(), b"body");
        let Out::Trailers(trailers) = end else {
            panic!("no trailers of {encoding:?}");
        };
        assert_eq!(
            (trailers.len(), &trailers["x-sum"]),
            (1, &"7".parse().unwrap())
        );
    }
}

#[test]
fn more_is_asked_for_only_when_what_there_was_is_taken() {
    // No encoding makes noise smaller, so each piece fills a frame.
    let mut state = 1_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for encoding in Encoding::ALL {
        let large = Bytes::from_iter((0..1 << 17).flat_map(|_| noise()));
        let script = Script::of([Act::Data(large.clone()), Act::Data(large)]);
        let mut body = EncodedBody::live(script, encoding, room(encoding));
        let mut taken = 0;
        while body.inner.asked < 2 {
            match next(&mut body) {
                Out::Data(bytes) => taken += bytes.len(),
                Out::Waits => {}
                other => panic!("{encoding:?}: {other:?}"),
            }
        }
        // An encoder looks some way ahead, but not over the whole.
        assert!(taken > 1 << 19, "{encoding:?}: {taken}");
    }
}

#[test]
fn much_that_shrinks_to_nothing_lets_others_have_their_turn() {
    let zeros = Act::Data(Bytes::from(vec![0; 8 << 20]));
    let mut body = EncodedBody::live(Script::of([zeros]), Encoding::Zstd, room(Encoding::Zstd));
    assert!(matches!(next(&mut body), Out::Waits));
    let (bytes, _) = all(&mut body);
    assert_eq!(decoded(Encoding::Zstd, &bytes).unwrap(), vec![0; 8 << 20]);
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let piece = prop_oneof![
        Just(Act::Pause),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| Act::Data(bytes.into())),
        "[a-c ]{0,2000}".prop_map(|text| Act::Data(text.into())),
        (any::<u8>(), 0_usize..60_000)
            .prop_map(|(byte, count)| Act::Data(vec![byte; count].into())),
    ];
    proptest::collection::vec(piece, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_body_in_any_pieces_comes_back(
        acts in acts(),
        encoding in proptest::sample::select(Encoding::ALL.to_vec()),
        live in any::<bool>(),
    ) {
        let plain: Vec<u8> = acts
            .iter()
            .filter_map(|act| match act {
                Act::Data(data) => Some(data.to_vec()),
                _ => None,
            })
            .flatten()
            .collect();
        let mut body = EncodedBody::new(Script::of(acts), encoding, room(encoding), live);
        let (encoded, end) = all(&mut body);
        prop_assert!(matches!(end, Out::End));
        prop_assert!(body.is_end_stream());
        prop_assert_eq!(decoded(encoding, &encoded).unwrap(), plain);
    }
}
