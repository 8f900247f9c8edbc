//! Cases about heads: their lines, the host, the target, sizes, and what comes behind.

use super::cases::{Group, NEXT, case, chunks, get, host, line, post, target};

pub(super) fn head_lines() -> Group {
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

pub(super) fn hosts() -> Group {
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

pub(super) fn first_lines() -> Group {
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

pub(super) fn paths() -> Group {
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

pub(super) fn sizes() -> Group {
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

pub(super) fn behind() -> Group {
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
