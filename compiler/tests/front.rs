//! From files to a typed spec: what right specs become, in KDL and YAML alike.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

use std::path::PathBuf;
use std::sync::Arc;

use gatec_compiler::Front;
use gatec_compiler::load::{Format, Input, Options, front};

const KDL: &str = r##"
gateway "shop" mode="development"

listener "web" bind="0.0.0.0:8080" {
    limits body-size="1MiB"
    protocols "http1"
}

upstream "orders" {
    server "http://10.0.0.11:9000" weight=2
    server "http://10.0.0.12:9000"
    timeout connect="1s" request="10s"
}

route "get-order" public=#true {
    match "GET" "/orders/{id}" {
        header "accept" "application/json"
        query "debug" present=#false
    }
    match prefix="/o" method="GET"
    match "/p" {
        method "GET" "POST"
    }
    request {
        set "x-a" "1"
        remove "cookie"
    }
    proxy "orders" {
        path "/v1/orders/{{ path.id }}"
    }
}

route "hello" {
    public
    match "/hello"
    respond 200 {
        header "content-type" "application/json"
        body #"{"greeting": "Hello"}"#
    }
}

error-page 404 "not here"

test "an order" {
    request "GET" "/orders/7"
    expect 200 upstream="orders"
}
"##;

const YAML: &str = r#"
gateway:
  name: shop
  mode: development
listeners:
  web:
    bind: 0.0.0.0:8080
    limits:
      body-size: 1MiB
    protocols: [http1]
upstreams:
  orders:
    servers:
      - url: http://10.0.0.11:9000
        weight: 2
      - url: http://10.0.0.12:9000
    timeout: {connect: 1s, request: 10s}
routes:
  get-order:
    public: true
    match:
      - method: [GET]
        path: /orders/{id}
        headers:
          accept: {equals: application/json}
        query:
          debug: {present: false}
      - prefix: /o
        method: [GET]
      - path: /p
        method: [GET, POST]
    request:
      set: {x-a: "1"}
      remove: [cookie]
    proxy:
      upstream: orders
      path: /v1/orders/{{ path.id }}
  hello:
    public: true
    match:
      - path: /hello
    respond:
      status: 200
      headers:
        content-type: application/json
      body: '{"greeting": "Hello"}'
error-pages:
  "404": {body: not here}
tests:
  an order:
    request: {method: GET, url: /orders/7}
    expect: {status: 200, upstream: orders}
"#;

fn compile(text: &str, format: Format) -> Front {
    let options = Options {
        environment: Arc::new(|_| None),
        ..Options::default()
    };
    let input = Input::Text {
        name: "gate".to_owned(),
        text: text.to_owned(),
        format,
        base: PathBuf::from("."),
    };
    front(input, &options)
}

#[test]
fn kdl_and_yaml_say_the_same() {
    let kdl = compile(KDL, Format::Kdl);
    assert_eq!(kdl.diagnostics, []);
    let yaml = compile(YAML, Format::Yaml);
    assert_eq!(yaml.diagnostics, []);
    assert_eq!(kdl.spec, yaml.spec);
    let route = &kdl.spec.routes["get-order"];
    assert!(route.public);
    assert_eq!(route.matches.len(), 3);
    assert_eq!(route.matches[0].method[0].as_str(), "GET");
    assert_eq!(route.matches[2].method.len(), 2);
    assert_eq!(kdl.spec.listeners["web"].limits.body_size.bytes(), 1 << 20);
    assert!(kdl.spec.error_pages.contains_key("404"));
}
