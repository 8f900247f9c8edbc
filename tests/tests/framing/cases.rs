//! What is sent, and what must come of it.

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
const NEXT: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

fn case(about: &'static str, answers: &'static str, sent: impl Into<Vec<u8>>) -> Case {
    Case {
        about,
        sent: sent.into(),
        answers,
    }
}

/// A POST with these header lines and this body.
fn post(about: &'static str, answers: &'static str, lines: &str, body: &str) -> Case {
    let head = format!("POST /p HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
    case(about, answers, format!("{head}{body}"))
}

/// A chunked POST with these bytes as its body, and a request behind it.
fn chunks(about: &'static str, answers: &'static str, body: &str) -> Case {
    let lines = "Transfer-Encoding: chunked\r\n";
    post(about, answers, lines, &format!("{body}{NEXT}"))
}

/// A GET with these header lines after `Host`, and a request behind it.
fn get(about: &'static str, answers: &'static str, lines: &[u8]) -> Case {
    let sent = [
        b"GET /g HTTP/1.1\r\nHost: a\r\n".as_slice(),
        lines,
        b"\r\n",
        NEXT.as_bytes(),
    ];
    case(about, answers, sent.concat())
}

/// A GET for this target.
fn target(about: &'static str, answers: &'static str, target: &[u8]) -> Case {
    let sent = [b"GET ".as_slice(), target, b" HTTP/1.1\r\nHost: a\r\n\r\n"];
    case(about, answers, sent.concat())
}

/// A GET with this first line and a host.
fn line(about: &'static str, answers: &'static str, line: &str) -> Case {
    case(about, answers, format!("{line}\r\nHost: a\r\n\r\n{NEXT}"))
}

/// A GET with these lines in the place of `Host`.
fn host(about: &'static str, answers: &'static str, lines: &str) -> Case {
    case(about, answers, format!("GET /h HTTP/1.1\r\n{lines}\r\n"))
}

/// Everything.
pub(crate) fn all() -> Vec<Group> {
    vec![
        lengths(),
        codings(),
        chunked(),
        head_lines(),
        hosts(),
        first_lines(),
        paths(),
        sizes(),
        behind(),
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

fn head_lines() -> Group {
    Group {
        title: "Header lines",
        cases: vec![
            get("a blank before the colon", "400", b"X : y\r\n"),
            get("an empty name", "400", b": y\r\n"),
            get("no colon", "400", b"X\r\n"),
            get("a blank in the name", "400", b"X Y: z\r\n"),
            get("a NUL in the name", "400", b"X\0: y\r\n"),
            get("an umlaut in the name", "400", b"X\xc3\xa4: y\r\n"),
            get("a NUL in the value", "400", b"X: \0\r\n"),
            get("a bare CR in the value", "400", b"X: a\rb\r\n"),
            get("a bare CR at the end of the line", "400", b"X: a\r\r\n"),
            get("a bare LF at the end of the line", "400", b"X: a\n"),
            get("an escape character", "400", b"X: \x1b[0m\r\n"),
            get("a DEL", "400", b"X: \x7f\r\n"),
            get("bytes above 127", "up up", b"X: \xff\xfe\r\n"),
            get("folded", "400", b"X: a\r\n b\r\n"),
            get("folded by a tab", "400", b"X: a\r\n\tb\r\n"),
            get("an empty value", "up up", b"X:\r\n"),
            get("a claim about the client", "up up", b"X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"),
            get("Host named in Connection", "up up", b"Connection: host\r\n"),
            get("an Expect nobody knows", "up up", b"Expect: 200-ok\r\n"),
            get("an upgrade", "up up", b"Connection: upgrade\r\nUpgrade: websocket\r\n"),
            get("an upgrade to h2c", "up up", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
            case("folded before the first line", "400", format!("GET /g HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n{NEXT}")),
            case("a bare LF throughout", "400", "GET /g HTTP/1.1\nHost: a\n\n"),
            case("a bare CR throughout", "-", "GET /g HTTP/1.1\rHost: a\r\r"),
            case("two empty lines before", "up", "\r\n\r\nGET /g HTTP/1.1\r\nHost: a\r\n\r\n"),
            case("a bare LF before", "400", "\nGET /g HTTP/1.1\r\nHost: a\r\n\r\n"),
            case("a blank before", "400", " GET /g HTTP/1.1\r\nHost: a\r\n\r\n"),
        ],
    }
}

fn hosts() -> Group {
    Group {
        title: "Host",
        cases: vec![
            host("none", "400", ""),
            host("an empty one", "up", "Host:\r\n"),
            host("two", "400", "Host: a\r\nHost: b\r\n"),
            host("the same twice", "400", "Host: a\r\nHost: a\r\n"),
            host("with a user", "400", "Host: me@a\r\n"),
            host("with a path", "400", "Host: a/b\r\n"),
            host("with a query", "400", "Host: a?b\r\n"),
            host("with a blank", "400", "Host: a b\r\n"),
            host("a list", "400", "Host: a, b\r\n"),
            host("with a port that is none", "400", "Host: a:b\r\n"),
            host("with a port above 65535", "400", "Host: a:65536\r\n"),
            host("percent-encoded", "400", "Host: %61\r\n"),
            host("an open bracket", "400", "Host: [::1\r\n"),
            host("with a port", "up", "Host: A.example:81\r\n"),
            case(
                "absolute form wins over Host",
                "up",
                "GET http://b/h HTTP/1.1\r\nHost: a\r\n\r\n",
            ),
            case(
                "absolute form without Host",
                "400",
                "GET http://b/h HTTP/1.1\r\n\r\n",
            ),
            case(
                "absolute form with a broken Host",
                "400",
                "GET http://b/h HTTP/1.1\r\nHost: a b\r\n\r\n",
            ),
            case(
                "absolute form with a user",
                "400",
                "GET http://me@b/h HTTP/1.1\r\nHost: b\r\n\r\n",
            ),
            case(
                "absolute form without a host",
                "400",
                "GET http:///h HTTP/1.1\r\nHost: a\r\n\r\n",
            ),
            case(
                "absolute form without a path",
                "up",
                "GET http://b HTTP/1.1\r\nHost: b\r\n\r\n",
            ),
            case("none in HTTP/1.0", "up", "GET /h HTTP/1.0\r\n\r\n"),
        ],
    }
}

fn first_lines() -> Group {
    Group {
        title: "The first line",
        cases: vec![
            line("two blanks before the target", "400", "GET  /l HTTP/1.1"),
            line("two blanks behind the target", "400", "GET /l  HTTP/1.1"),
            line("a tab", "400", "GET\t/l HTTP/1.1"),
            line("a blank at the end", "400", "GET /l HTTP/1.1 "),
            line("a blank in the target", "400", "GET /l m HTTP/1.1"),
            line("HTTP/1.2", "400", "GET /l HTTP/1.2"),
            line("HTTP/2.0", "400", "GET /l HTTP/2.0"),
            line("HTTP/0.9 named", "400", "GET /l HTTP/0.9"),
            line("HTTP/01.1", "400", "GET /l HTTP/01.1"),
            line("small letters", "400", "GET /l http/1.1"),
            line("another protocol", "400", "GET /l ICY/1.1"),
            line("no version, as in HTTP/0.9", "400", "GET /l"),
            line("a method with a brace", "400", "G{T /l HTTP/1.1"),
            line("a method of a server's own", "up up", "PURGE /l HTTP/1.1"),
            line("a method in small letters", "up up", "get /l HTTP/1.1"),
            line("no method", "400", " /l HTTP/1.1"),
            line("no target", "400", "GET HTTP/1.1"),
            line(
                "a target that is a host",
                "400",
                "GET a.example:80 HTTP/1.1",
            ),
            line("CONNECT", "400", "CONNECT a.example:80 HTTP/1.1"),
            line("CONNECT with a path", "400", "CONNECT /l HTTP/1.1"),
            line("a star with GET", "400", "GET * HTTP/1.1"),
            line("a fragment", "400", "GET /l#m HTTP/1.1"),
            case(
                "TLS",
                "400",
                &b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"[..],
            ),
            case(
                "half a preface of HTTP/2",
                "400",
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            ),
        ],
    }
}

fn paths() -> Group {
    Group {
        title: "The path",
        cases: vec![
            target("as it is", "up", b"/a/b?c=%2e"),
            target("escapes that need not be", "up", b"/%61%2D%7e"),
            target("small hexadecimal digits", "up", b"/%c3%a4"),
            target("dots within", "up", b"/a/../b/./c"),
            target("encoded dots", "up", b"/a/%2e%2E/b"),
            target("dots above the root", "400", b"/../etc/passwd"),
            target("encoded dots above the root", "400", b"/%2e%2e/etc/passwd"),
            target(
                "half-encoded dots above the root",
                "400",
                b"/a/.%2e/..%2fb/../../..",
            ),
            target("twice encoded dots", "up", b"/%252e%252e/a"),
            target("dots with parameters", "400", b"/a/..;/b"),
            target("dots with an encoded semicolon", "400", b"/a/..%3bx/b"),
            target("two slashes", "up", b"//a//b"),
            target("an encoded slash", "up", b"/a%2fb"),
            target("a backslash", "up", b"/a\\..\\b"),
            target("an encoded backslash", "up", b"/a%5c..%5cb"),
            target("parameters", "up", b"/a;b=c/d"),
            target("an encoded NUL", "400", b"/a%00b"),
            target("a NUL", "400", b"/a\0b"),
            target("an encoded line end", "400", b"/a%0d%0aX:y"),
            target("a DEL", "400", b"/a\x7fb"),
            target("a DEL in the query", "400", b"/a?\x7f"),
            target("half an escape", "400", b"/a%4"),
            target("a broken escape", "400", b"/a%zz"),
            target("bytes that are no UTF-8", "400", b"/\xff"),
            target("UTF-8", "up", "/ä".as_bytes()),
            target("encoded bytes that are no UTF-8", "up", b"/%ff"),
            target("two question marks", "up", b"/a?b?c"),
            target("brackets in the query", "up", b"/a?b[]={c}|d"),
        ],
    }
}

fn sizes() -> Group {
    let long = "a".repeat(20_000);
    let lines = |count| "X: y\r\n".repeat(count);
    Group {
        title: "Sizes",
        cases: vec![
            target(
                "a target of 20,000 bytes",
                "414",
                format!("/{long}").as_bytes(),
            ),
            line(
                "a method of 20,000 bytes",
                "414",
                &format!("{long} /l HTTP/1.1"),
            ),
            get(
                "a name of 20,000 bytes",
                "431",
                format!("{long}: y\r\n").as_bytes(),
            ),
            get(
                "a value of 20,000 bytes",
                "431",
                format!("X: {long}\r\n").as_bytes(),
            ),
            get("200 lines", "431", lines(200).as_bytes()),
            get("20,000 lines", "431", lines(20_000).as_bytes()),
            case("20,000 bytes without an end", "414", format!("GET /{long}")),
            case("20,000 empty lines", "400", "\r\n".repeat(20_000)),
            chunks(
                "an extension of 20,000 bytes",
                "400",
                &format!("5;{long}\r\nhello\r\n0\r\n\r\n"),
            ),
            chunks(
                "a trailer of 20,000 bytes",
                "431",
                &format!("5\r\nhello\r\n0\r\nX: {long}\r\n\r\n"),
            ),
        ],
    }
}

fn behind() -> Group {
    Group {
        title: "What comes behind",
        cases: vec![
            case(
                "three requests at once",
                "up up up",
                format!("{NEXT}{NEXT}{NEXT}"),
            ),
            case(
                "a good one, a bad one, a good one",
                "up 400",
                format!("{NEXT}GET  / HTTP/1.1\r\n\r\n{NEXT}"),
            ),
            post(
                "a request that asks to close",
                "up",
                "Connection: close\r\nContent-Length: 5\r\n",
                &format!("hello{NEXT}"),
            ),
            case(
                "HTTP/1.0 closes",
                "up",
                format!("GET /b HTTP/1.0\r\nHost: a\r\n\r\n{NEXT}"),
            ),
            case(
                "HTTP/1.0 that stays",
                "up up",
                format!("GET /b HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n{NEXT}"),
            ),
            post(
                "more than the length",
                "up 400",
                "Content-Length: 3\r\n",
                "hello there\r\n\r\n",
            ),
            post(
                "an expectation, and the body at once",
                "up up",
                "Expect: 100-continue\r\nContent-Length: 5\r\n",
                &format!("hello{NEXT}"),
            ),
            get("a GET with a body", "up", b"Content-Length: 35\r\n"),
            case("half a request", "-", "GET /b HTTP/1.1\r\nHos"),
            case("nothing but a line end", "-", "\r\n"),
        ],
    }
}
