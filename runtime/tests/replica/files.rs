use super::support::{Client, Gated, with_listener};

fn site() -> Gated {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("sub")).unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(site.join("index.html"), "<h1>home</h1>").unwrap();
    std::fs::write(site.join("sub/index.html"), "sub").unwrap();
    std::fs::write(
        site.join("data.bin"),
        (0..=255).cycle().take(300_000).collect::<Vec<u8>>(),
    )
    .unwrap();
    std::fs::write(site.join("app.js"), "plain").unwrap();
    std::fs::write(site.join("app.js.gz"), "zipped").unwrap();
    std::os::unix::fs::symlink("../secret.txt", site.join("up.txt")).unwrap();
    std::os::unix::fs::symlink("/etc", site.join("etc")).unwrap();
    let spec = with_listener(
        "route \"site\" public=#true {\n match prefix=\"/\"\n files \"site\" live=#true fallback=\"index.html\"\n response { set \"x-site\" \"1\" }\n}",
    );
    std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
    Gated::start_in(folder, "gate.kdl", &[])
}

fn get(client: &mut Client, path: &str, headers: &str) -> super::support::Answer {
    client.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\n"));
    client.answer()
}

#[test]
fn live_files_are_served_whole_in_parts_and_not_at_all_if_unchanged() {
    let gated = site();
    let mut client = gated.connect();
    let whole = get(&mut client, "/data.bin", "");
    assert_eq!((whole.status, whole.body.len()), (200, 300_000));
    assert_eq!(whole.header("x-site").unwrap(), "1");
    let part = get(&mut client, "/data.bin", "range: bytes=70000-139999\r\n");
    assert_eq!(
        (part.status, part.body.as_slice()),
        (206, &whole.body[70_000..140_000])
    );
    assert_eq!(
        part.header("content-range").unwrap(),
        "bytes 70000-139999/300000"
    );
    let parts = get(&mut client, "/data.bin", "range: bytes=0-1,-2\r\n");
    assert_eq!(parts.status, 206);
    assert!(
        parts
            .header("content-type")
            .unwrap()
            .starts_with("multipart/byteranges")
    );
    assert_eq!(
        get(&mut client, "/data.bin", "range: bytes=300000-\r\n").status,
        416
    );
    let tag = whole.header("etag").unwrap();
    assert_eq!(
        get(
            &mut client,
            "/data.bin",
            &format!("if-none-match: {tag}\r\n")
        )
        .status,
        304
    );
    let date = whole.header("last-modified").unwrap();
    assert_eq!(
        get(
            &mut client,
            "/data.bin",
            &format!("if-modified-since: {date}\r\n")
        )
        .status,
        304
    );
    client.send("HEAD /data.bin HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(client.head().contains("content-length: 300000"));
    // What is on the disk now is what is served.
    std::fs::write(gated.folder().join("site/data.bin"), "new").unwrap();
    assert_eq!(get(&mut client, "/data.bin", "").text(), "new");
}

#[test]
fn folders_fallbacks_and_encodings() {
    let gated = site();
    let mut client = gated.connect();
    assert_eq!(get(&mut client, "/", "").text(), "<h1>home</h1>");
    assert_eq!(
        get(&mut client, "/", "").header("content-type").unwrap(),
        "text/html; charset=utf-8"
    );
    assert_eq!(get(&mut client, "/sub/", "").text(), "sub");
    let moved = get(&mut client, "/sub?a=b", "");
    assert_eq!(moved.header("location").unwrap(), "/sub/?a=b");
    assert_eq!(
        get(&mut client, "/some/page", "accept: text/html\r\n").text(),
        "<h1>home</h1>"
    );
    for (accept, status) in [("text/html", 200), ("application/json", 404)] {
        let answer = get(&mut client, "/some/page", &format!("accept: {accept}\r\n"));
        assert_eq!(answer.status, status, "{accept}");
        assert_eq!(answer.all("vary"), ["accept"], "{accept}");
    }
    let missing = get(&mut client, "/missing.js", "");
    assert_eq!((missing.status, missing.header("vary")), (404, None));
    let zipped = get(&mut client, "/app.js", "accept-encoding: gzip\r\n");
    assert_eq!(
        (
            zipped.text().as_str(),
            zipped.header("content-encoding").as_deref()
        ),
        ("zipped", Some("gzip"))
    );
    assert_eq!(get(&mut client, "/app.js", "").text(), "plain");
    client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(client.answer().header("allow").unwrap(), "GET, HEAD");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let gated = site();
    for path in [
        "/up.txt",
        "/etc/passwd.txt",
        "/etc/hostname.x",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/sub/..%5c..%5csecret.txt",
        "/site/../../secret.txt",
    ] {
        let answer = gated.get(path);
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("secret"), "{path}");
    }
}

#[test]
fn an_absolute_folder_is_served_and_nothing_outside_of_it() {
    let outside = tempfile::tempdir().unwrap();
    let site = outside.path().join("www");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(site.join("index.html"), "home").unwrap();
    std::os::unix::fs::symlink("../secret.txt", site.join("up.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), site.join("far.txt")).unwrap();
    let gated = Gated::routes(&format!(
        "route \"site\" public=#true {{\n match prefix=\"/\"\n files {site:?} live=#true\n}}"
    ));
    let mut client = gated.connect();
    assert_eq!(get(&mut client, "/", "").text(), "home");
    for path in [
        "/up.txt",
        "/far.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
    ] {
        let answer = get(&mut gated.connect(), path, "");
        assert!(answer.status >= 400, "{path}: {}", answer.status);
        assert!(
            answer.text() != "secret" && !answer.text().contains("root:"),
            "{path}"
        );
    }
    // The folder itself is named with a slash, as one in a bundle is.
    let live = Gated::routes(&format!(
        "route \"site\" public=#true {{\n match prefix=\"/live\"\n files {site:?} live=#true strip-prefix=\"/live\"\n}}"
    ));
    let mut other = live.connect();
    let answer = get(&mut other, "/live?a=1", "");
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location").as_deref(), Some("/live/?a=1"));
    assert_eq!(get(&mut other, "/live/", "").text(), "home");
    // A page that came later is there at once.
    std::fs::write(site.join("late.html"), "late").unwrap();
    assert_eq!(get(&mut client, "/late.html", "").text(), "late");
}
