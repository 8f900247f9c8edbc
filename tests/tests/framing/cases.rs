//! What is sent, and what must come of it.

use super::heads;

/// One connection's bytes.
pub(crate) struct Case {
    /// What it is about.
    pub(crate) about: &'static str,
    /// What is sent.
    pub(crate) sent: Vec<u8>,
    /// The answers: a status of the gateway's own, `up` for one of the server behind, `-` for none.
    pub(crate) answers: &'static str,
}

/// Cases of one kind.
pub(crate) struct Group {
    /// The kind.
    pub(crate) title: &'static str,
    /// The cases.
    pub(crate) cases: Vec<Case>,
}

/// A second request behind the first. Where the first is refused it must reach nobody.
pub(super) const NEXT: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

pub(super) fn case(about: &'static str, answers: &'static str, sent: impl Into<Vec<u8>>) -> Case {
    Case {
        about,
        sent: sent.into(),
        answers,
    }
}

/// A POST with these header lines and this body.
pub(super) fn post(about: &'static str, answers: &'static str, lines: &str, body: &str) -> Case {
    let head = format!("POST /p HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
    case(about, answers, format!("{head}{body}"))
}

/// A chunked POST with these bytes as its body, and a request behind it.
pub(super) fn chunks(about: &'static str, answers: &'static str, body: &str) -> Case {
    let lines = "Transfer-Encoding: chunked\r\n";
    post(about, answers, lines, &format!("{body}{NEXT}"))
}

/// A GET with these header lines after `Host`, and a request behind it.
pub(super) fn get(about: &'static str, answers: &'static str, lines: &[u8]) -> Case {
    let sent = [
        b"GET /g HTTP/1.1\r\nHost: a\r\n".as_slice(),
        lines,
        b"\r\n",
        NEXT.as_bytes(),
    ];
    case(about, answers, sent.concat())
}

/// A GET for this target.
pub(super) fn target(about: &'static str, answers: &'static str, target: &[u8]) -> Case {
    let sent = [b"GET ".as_slice(), target, b" HTTP/1.1\r\nHost: a\r\n\r\n"];
    case(about, answers, sent.concat())
}

/// A GET with this first line and a host.
pub(super) fn line(about: &'static str, answers: &'static str, line: &str) -> Case {
    case(about, answers, format!("{line}\r\nHost: a\r\n\r\n{NEXT}"))
}

/// A GET with these lines in the place of `Host`.
pub(super) fn host(about: &'static str, answers: &'static str, lines: &str) -> Case {
    case(about, answers, format!("GET /h HTTP/1.1\r\n{lines}\r\n"))
}

/// Everything.
pub(crate) fn all() -> Vec<Group> {
    vec![
        lengths(),
        codings(),
        chunked(),
        heads::head_lines(),
        heads::hosts(),
        heads::first_lines(),
        heads::paths(),
        heads::sizes(),
        heads::behind(),
    ]
}

fn lengths() -> Group {
    let body = format!("hello{NEXT}");
    let length = |about, answers, lines| post(about, answers, lines, &body);
    Group {
        title: "Content-Length",
        cases: vec![
            length("a length", "up up", "Content-Length: 5\r\n"),
            length("leading zeros", "up up", "Content-Length: 0005\r\n"),
            length(
                "the same length twice",
                "400",
                "Content-Length: 5\r\nContent-Length: 5\r\n",
            ),
            length(
                "two lengths",
                "400",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
            ),
            length("a list of lengths", "400", "Content-Length: 5, 5\r\n"),
            length("a plus sign", "400", "Content-Length: +5\r\n"),
            length("a negative length", "400", "Content-Length: -5\r\n"),
            length("hexadecimal", "400", "Content-Length: 0x5\r\n"),
            length("a fraction", "400", "Content-Length: 5.0\r\n"),
            length("a blank within", "400", "Content-Length: 5 5\r\n"),
            length("no length", "400", "Content-Length:\r\n"),
            length(
                "more than 64 bits",
                "400",
                "Content-Length: 18446744073709551621\r\n",
            ),
            length(
                "a digit of another script",
                "400",
                "Content-Length: \u{0665}\r\n",
            ),
            length("a blank before the colon", "400", "Content-Length : 5\r\n"),
            length(
                "an underscore in the name",
                "up up",
                "Content_Length: 500\r\n",
            ),
            length(
                "more than may come",
                "413",
                "Content-Length: 99999999999\r\n",
            ),
            post(
                "less comes than was said",
                "408",
                "Content-Length: 50\r\n",
                "hello",
            ),
        ],
    }
}

fn codings() -> Group {
    let body = format!("5\r\nhello\r\n0\r\n\r\n{NEXT}");
    let coding = |about, answers, lines| post(about, answers, lines, &body);
    Group {
        title: "Transfer-Encoding",
        cases: vec![
            coding("chunked", "up up", "Transfer-Encoding: chunked\r\n"),
            coding("in capitals", "up up", "TRANSFER-ENCODING: CHUNKED\r\n"),
            coding(
                "blanks around it",
                "up up",
                "Transfer-Encoding:  \tchunked \t\r\n",
            ),
            coding(
                "with a length",
                "400",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            ),
            coding(
                "before a length",
                "400",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            ),
            coding(
                "twice in a line",
                "400",
                "Transfer-Encoding: chunked, chunked\r\n",
            ),
            coding(
                "in two lines",
                "400",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            ),
            coding("identity", "400", "Transfer-Encoding: identity\r\n"),
            coding(
                "chunked, then identity",
                "400",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            ),
            coding("gzip below", "400", "Transfer-Encoding: gzip, chunked\r\n"),
            coding(
                "an unknown coding",
                "400",
                "Transfer-Encoding: xchunked\r\n",
            ),
            coding("a parameter", "400", "Transfer-Encoding: chunked;q=1\r\n"),
            coding("quoted", "400", "Transfer-Encoding: \"chunked\"\r\n"),
            coding("an empty value", "400", "Transfer-Encoding:\r\n"),
            coding(
                "a comma alone before it",
                "400",
                "Transfer-Encoding: ,chunked\r\n",
            ),
            coding(
                "a vertical tab before it",
                "400",
                "Transfer-Encoding:\x0bchunked\r\n",
            ),
            coding(
                "a vertical tab behind it",
                "400",
                "Transfer-Encoding: chunked\x0b\r\n",
            ),
            coding(
                "a form feed before it",
                "400",
                "Transfer-Encoding: \x0cchunked\r\n",
            ),
            coding(
                "a blank before the colon",
                "400",
                "Transfer-Encoding : chunked\r\n",
            ),
            coding(
                "a tab before the colon",
                "400",
                "Transfer-Encoding\t: chunked\r\n",
            ),
            coding("folded", "400", "Transfer-Encoding:\r\n chunked\r\n"),
            coding(
                "behind a bare CR",
                "400",
                "X: a\rTransfer-Encoding: chunked\r\n",
            ),
            coding(
                "behind a bare LF",
                "400",
                "X: a\nTransfer-Encoding: chunked\r\n",
            ),
            coding(
                "named in Connection",
                "up up",
                "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n",
            ),
            post(
                "an underscore, with a length",
                "up up",
                "Content-Length: 5\r\nTransfer_Encoding: chunked\r\n",
                &format!("hello{NEXT}"),
            ),
            case(
                "in HTTP/1.0",
                "400",
                format!("POST /p HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}"),
            ),
        ],
    }
}

fn chunked() -> Group {
    Group {
        title: "Chunks",
        cases: vec![
            chunks("two chunks", "up up", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
            chunks("leading zeros", "up up", "0005\r\nhello\r\n000\r\n\r\n"),
            chunks("capital digits", "up up", "A\r\nhellohello\r\n0\r\n\r\n"),
            chunks(
                "extensions",
                "up up",
                "5;a=b;c=\"d;e\"\r\nhello\r\n0;z\r\n\r\n",
            ),
            chunks(
                "a quoted line end in an extension",
                "up 400",
                "5;a=\"\r\nhello\r\n0\r\n\r\n\"\r\n",
            ),
            chunks(
                "a bare LF in an extension",
                "400",
                "5;a\nhello\r\n0\r\n\r\n",
            ),
            chunks(
                "a bare CR in an extension",
                "400",
                "5;a\rb\r\nhello\r\n0\r\n\r\n",
            ),
            chunks("a NUL in an extension", "400", "5;\0\r\nhello\r\n0\r\n\r\n"),
            chunks("a blank behind the size", "400", "5 \r\nhello\r\n0\r\n\r\n"),
            chunks("a blank before the size", "400", " 5\r\nhello\r\n0\r\n\r\n"),
            chunks("a plus sign", "400", "+5\r\nhello\r\n0\r\n\r\n"),
            chunks("a negative size", "400", "-5\r\nhello\r\n0\r\n\r\n"),
            chunks("0x", "400", "0x5\r\nhello\r\n0\r\n\r\n"),
            chunks("an underscore", "400", "0_5\r\nhello\r\n0\r\n\r\n"),
            chunks("no digits", "400", "\r\nhello\r\n0\r\n\r\n"),
            chunks("an extension alone", "400", ";a\r\nhello\r\n0\r\n\r\n"),
            chunks(
                "an overflow that comes out as 5",
                "400",
                "10000000000000005\r\nhello\r\n0\r\n\r\n",
            ),
            chunks(
                "sixteen times f",
                "400",
                "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            ),
            chunks("bare LF at line ends", "400", "5\nhello\n0\n\n"),
            chunks("bare CR at line ends", "400", "5\rhello\r0\r\r"),
            chunks("more data than said", "400", "5\r\nhelloX\r\n0\r\n\r\n"),
            chunks("no line end behind the data", "400", "5\r\nhello0\r\n\r\n"),
            chunks("a trailer", "up up", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
            chunks(
                "forbidden trailers",
                "up up",
                "5\r\nhello\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\nHost: evil\r\nX-Request-Id: evil\r\n\r\n",
            ),
            chunks(
                "a broken trailer",
                "400",
                "5\r\nhello\r\n0\r\nX : 1\r\n\r\n",
            ),
            chunks(
                "a folded trailer",
                "400",
                "5\r\nhello\r\n0\r\nX: 1\r\n y\r\n\r\n",
            ),
            chunks(
                "a bare LF behind the last chunk",
                "400",
                "5\r\nhello\r\n0\r\n\n",
            ),
            post(
                "the last line end is missing",
                "408",
                "Transfer-Encoding: chunked\r\n",
                "5\r\nhello\r\n0\r\n",
            ),
        ],
    }
}
