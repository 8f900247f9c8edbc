use super::support::{Client, Gated, folder_with, with_listener, word};

#[test]
fn a_route_answers_with_its_template() {
    let gated = Gated::routes(
        r##"route "hello" public=#true {
            match "GET" "/hello/{name}"
            respond 200 {
                header "content-type" "application/json"
                body #"{"greeting": "Hello {{ path.name }}"}"#
            }
        }"##,
    );
    let answer = gated.get("/hello/Ann%20B");
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (200, r#"{"greeting": "Hello Ann B"}"#)
    );
    assert_eq!(answer.header("content-type").unwrap(), "application/json");
    assert!(answer.header("date").is_some());

    let line = gated.logged(&["\"message\":\"request\""]);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["route"], "hello");
    assert_eq!(line["path"], "/hello/Ann%20B");
    assert_eq!(line["bytes_out"], 27);
    assert_eq!(line["id"], answer.header("x-request-id").unwrap());
}

#[test]
fn the_log_holds_neither_query_nor_cookies() {
    let gated = Gated::routes(&word("a", "/a", "a"));
    let mut client = gated.connect();
    client.send("GET /a?token=s3cret1 HTTP/1.1\r\nhost: a\r\ncookie: s3cret2\r\nauthorization: s3cret3\r\nx-request-id: mine\r\n\r\n");
    assert_eq!(client.answer().header("x-request-id").unwrap(), "mine");
    gated.logged(&["\"id\":\"mine\""]);
    assert!(!gated.log().concat().contains("s3cret"));
}

#[test]
fn head_tells_the_length_and_sends_nothing() {
    let gated =
        Gated::routes("route \"a\" public=#true {\n match \"/a\"\n respond 200 \"hello\"\n}");
    let mut client = gated.connect();
    client.send("HEAD /a HTTP/1.1\r\nhost: a\r\n\r\nGET /a HTTP/1.1\r\nhost: a\r\n\r\n");
    let head = client.head();
    assert!(
        head.starts_with("HTTP/1.1 200") && head.contains("content-length: 5"),
        "{head}"
    );
    assert_eq!(client.answer().text(), "hello");
}

#[test]
fn unmatched_requests_tell_nothing_in_production_and_everything_in_development() {
    let routes = word("hello", "/hello/{name}", "x");
    let gated = Gated::routes(&routes);
    let answer = gated.get("/hullo/ann");
    assert_eq!(answer.status, 404);
    assert!(!answer.text().contains("hello"), "{}", answer.text());

    let (folder, _) = folder_with(&with_listener(&routes));
    let gated = Gated::start_in(folder, "gate.kdl", &["--dev"]);
    let answer = gated.get("/hullo/ann");
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("`hello` (gate.kdl:3)"),
        "{}",
        answer.text()
    );
    let mut client = gated.connect();
    client.send("POST /hello/ann HTTP/1.1\r\nhost: a\r\naccept: application/json\r\ncontent-length: 0\r\n\r\n");
    let told = client.answer().json();
    assert_eq!(told["nearest"][0]["route"], "hello");
    assert!(
        told["nearest"][0]["differences"][0]
            .as_str()
            .unwrap()
            .contains("POST"),
        "{told}"
    );
    gated.logged(&["no route takes the request", "hello"]);
}

#[test]
fn in_development_the_specs_own_page_is_answered_and_the_nearest_routes_are_logged() {
    let routes = word("hello", "/hello/{name}", "x") + "\nerror-page \"404\" \"lost\"\n";
    let (folder, _) = folder_with(&with_listener(&routes));
    let gated = Gated::start_in(folder, "gate.kdl", &["--dev"]);
    let answer = gated.get("/hullo/ann");
    assert_eq!((answer.status, answer.text().as_str()), (404, "lost"));
    gated.logged(&["no route takes the request", "nearest: `hello`"]);
}

#[test]
fn error_pages_stand_in_for_plain_errors() {
    let gated = Gated::routes(
        "error-page \"404\" \"lost: {{ error.status }}\"\nroute \"a\" public=#true {\n match \"/a\"\n respond 204\n}",
    );
    let answer = gated.get("/b");
    assert_eq!((answer.status, answer.text().as_str()), (404, "lost: 404"));
    assert_eq!(gated.get("/a").status, 204);
}

#[test]
fn routes_are_found_by_the_body_and_the_connection_goes_on() {
    let gated = Gated::routes(
        r#"route "cat" public=#true {
            match "POST" "/pets" { body json-path="$.kind" equals="cat" }
            respond 200 "meow {{ body | length }}"
        }
        route "any" public=#true {
            match "POST" "/pets"
            respond 200 "hm"
        }"#,
    );
    let mut client = gated.connect();
    for (body, answer) in [
        (r#"{"kind":"cat"}"#, "meow 14"),
        (r#"{"kind":"dog"}"#, "hm"),
    ] {
        client.send(format!(
            "POST /pets HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert_eq!(client.answer().text(), answer);
    }
    // A body that nobody looks at, and the next request right behind it.
    client.send("POST /none HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nPOST /pets HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(client.answer().status, 404);
    assert_eq!(client.answer().text(), "hm");
}

#[test]
fn several_listeners_serve_and_both_families_on_the_unspecified_address() {
    let gated = Gated::start(&format!(
        "gateway \"t\" workers=2\nlistener \"web\" bind=\"127.0.0.1:0\"\nlistener \"all\" bind=\"[::]:0\"\n{}",
        word("a", "/a", "a")
    ));
    let port = gated.address("all").port();
    for address in [
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        gated.web().to_string(),
    ] {
        assert_eq!(
            Client::connect(address.parse().unwrap()).get("/a").text(),
            "a",
            "{address}"
        );
    }
}

#[test]
fn counters_of_templates_count_over_all_requests() {
    let gated = Gated::routes(
        "route \"n\" public=#true {\n match \"/n\"\n respond 200 \"{{ counter(\\\"n\\\") }}\"\n}",
    );
    assert_eq!([gated.get("/n").text(), gated.get("/n").text()], ["1", "2"]);
}
