use super::support::{Client, Gated, wait_for, word};

#[test]
fn health_status_and_metrics_are_told_under_both_names() {
    let gated = Gated::routes(&word("a", "/a", "a"));
    assert_eq!(gated.get("/a").status, 200);
    for path in ["/health", "/api/health", "/ready"] {
        assert_eq!(gated.manage(path).status, 200, "{path}");
    }
    let status = gated.status();
    assert_eq!(status["bundle"]["gateway"], "test");
    assert_eq!(status["bundle"]["digest"].as_str().unwrap().len(), 64);
    assert_eq!(status["digest"], status["bundle"]["digest"]);
    assert_eq!(status["listeners"][0]["name"], "web");
    assert_eq!(
        gated.manage("/api/status").json()["bundle"],
        status["bundle"]
    );
    gated.logged(&["\"message\":\"request\""]);
    let metrics = gated.manage("/metrics").text();
    assert!(
        metrics.contains("gated_requests_total{route=\"a\",class=\"2xx\"} 1\n"),
        "{metrics}"
    );
    assert!(metrics.contains("gated_bundle_info{digest=\""), "{metrics}");
}

#[test]
fn a_page_of_another_site_cannot_reach_it() {
    let gated = Gated::routes(&word("a", "/a", "a"));
    let mut client = Client::connect(gated.management);
    client.send("GET /status HTTP/1.1\r\nhost: evil.example\r\n\r\n");
    assert_eq!(client.answer().status, 421);
    for line in [
        "origin: https://evil.example",
        "origin: null",
        "sec-fetch-site: cross-site",
    ] {
        let mut client = Client::connect(gated.management);
        client.send(format!(
            "POST /reload HTTP/1.1\r\nhost: localhost\r\n{line}\r\ncontent-length: 0\r\n\r\n"
        ));
        assert_eq!(client.answer().status, 403, "{line}");
    }
    assert_eq!(gated.reload(), 200);
}

#[test]
fn the_log_level_changes_while_running() {
    let gated = Gated::routes(&word("a", "/a", "a"));
    let put = |level: &str| {
        let mut client = Client::connect(gated.management);
        client.send(format!(
            "PUT /log-level HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{level}",
            level.len()
        ));
        client.answer().status
    };
    let malformed = || {
        let mut client = gated.connect();
        client.send("nonsense\r\n\r\n");
        assert_eq!(client.answer().status, 400);
        assert!(client.is_closed());
        wait_for(|| (gated.status()["connections"]["open"] == 0).then_some(())).unwrap();
    };
    malformed();
    assert_eq!(put("debug"), 200);
    malformed();
    gated.logged(&["refused the head of a request", "it is malformed"]);
    let count = gated
        .log()
        .iter()
        .filter(|line| line.contains("refused the head of a request"))
        .count();
    assert_eq!(count, 1, "{:#?}", gated.log());
    assert_eq!(put("loud"), 400);
    assert_eq!(put("{\"level\": \"loud\"}"), 400);
    assert_eq!(gated.manage("/log-level").json()["level"], "debug");
    assert_eq!(put("{\"level\": \"info\"}"), 200);
    assert_eq!(gated.manage("/log-level").json()["level"], "info");
    assert_eq!(put("\"debug\""), 200);
    assert_eq!(gated.manage("/log-level").json()["level"], "debug");
}
