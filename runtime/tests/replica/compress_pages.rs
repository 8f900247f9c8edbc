//! Error pages that lie in the bundle encoded, on routes that compress otherwise than the gateway.

use super::compress::{decoded, text};
use super::support::{Gated, folder_with, with_listener};

#[test]
fn an_error_page_is_encoded_as_the_route_says() {
    let page = text(400);
    let spec = with_listener(&format!(
        "route \"narrow\" public=#true {{\n match prefix=\"/\"\n compress \"gzip\" \"br\"\n files \"site\"\n}}\nerror-page 404 \"{page}\""
    ))
    .replace("drain=\"5s\"", "drain=\"5s\" {\n compress\n}");
    let (folder, _) = folder_with(&spec);
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("page.txt"), &page).unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &[]);
    let mut client = gated.connect();
    for (accepted, expected) in [
        ("gzip, br, zstd", Some("gzip")),
        ("br, zstd", Some("br")),
        ("zstd", None),
    ] {
        for (path, status) in [("/page.txt", 200), ("/nowhere.txt", 404)] {
            client.send(format!(
                "GET {path} HTTP/1.1\r\nhost: a\r\naccept-encoding: {accepted}\r\n\r\n"
            ));
            let answer = client.answer();
            assert_eq!(answer.status, status);
            let encoding = answer.header("content-encoding");
            assert_eq!(encoding.as_deref(), expected, "{path} {accepted}");
            assert_eq!(answer.header("vary").as_deref(), Some("accept-encoding"));
            let body = match expected {
                Some(expected) => decoded(expected, &answer.body).unwrap(),
                None => answer.text(),
            };
            assert_eq!(body, page, "{path} {accepted}");
        }
    }
}
