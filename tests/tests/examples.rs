//! Every example checks clean, passes its own tests, converts without a change of digest, and serves.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use gatec_tests::{Answer, Nginx, Replica, copy, curl, free_port, gatec, root};

const SPECS: [&str; 4] = [
    "hello/gate.kdl",
    "shop/gate.kdl",
    "shop/gate.yaml",
    "nox/gate.kdl",
];

fn examples() -> PathBuf {
    root().join("examples")
}

/// A copy of an example that listens on a port of its own.
struct Copy {
    folder: tempfile::TempDir,
    port: u16,
}

impl Copy {
    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&examples().join(name), folder.path());
        let port = free_port();
        for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("gate.") {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                std::fs::write(
                    entry.path(),
                    text.replace("127.0.0.1:8080", &format!("127.0.0.1:{port}")),
                )
                .unwrap();
            }
        }
        Self { folder, port }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn get(&self, path: &str, more: &[&str]) -> Answer {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        curl(&[more, &[url.as_str()]].concat())
    }
}

fn digest(folder: &Path, file: &str) -> String {
    let out = folder.join(format!("{}.gateb", file.replace('/', "-")));
    let ran = gatec(folder, ["build", file, "-o", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let bytes = std::fs::read(&out).unwrap();
    gated_engine::Bundle::load(bytes.into())
        .unwrap()
        .digest()
        .to_string()
}

#[test]
fn each_checks_clean_and_passes_its_own_tests() {
    for spec in SPECS {
        let check = gatec(&examples(), ["check", "--deny-warnings", spec]);
        assert_eq!(check.code, 0, "{spec}\n{}{}", check.stdout, check.stderr);
        let test = gatec(&examples(), ["test", spec]);
        assert_eq!(test.code, 0, "{spec}\n{}{}", test.stdout, test.stderr);
    }
}

#[test]
fn each_is_formatted() {
    for spec in SPECS {
        let ran = gatec(&examples(), ["fmt", "--check", spec]);
        assert_eq!(ran.code, 0, "{spec}\n{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn kdl_to_yaml_to_kdl_keeps_the_digest() {
    for (name, file) in [
        ("hello", "gate.kdl"),
        ("shop", "gate.kdl"),
        ("nox", "gate.kdl"),
    ] {
        let example = Copy::of(name);
        let folder = example.folder.path();
        let before = digest(folder, file);
        for (from, to) in [(file, "there.yaml"), ("there.yaml", "back.kdl")] {
            let format = to.rsplit('.').next().unwrap();
            let ran = gatec(folder, ["convert", from, "--to", format, "-o", to]);
            assert_eq!(ran.code, 0, "{name}\n{}{}", ran.stdout, ran.stderr);
        }
        assert_eq!(digest(folder, "there.yaml"), before, "{name} as YAML");
        assert_eq!(digest(folder, "back.kdl"), before, "{name} back in KDL");
    }
}

#[test]
fn the_shop_in_yaml_is_the_shop_in_kdl() {
    let example = Copy::of("shop");
    assert_eq!(
        digest(example.folder.path(), "gate.kdl"),
        digest(example.folder.path(), "gate.yaml")
    );
}

#[test]
fn building_on_another_path_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deep = two.path().join("a/b c/d");
    copy(&examples().join("shop"), one.path());
    copy(&examples().join("shop"), &deep);
    let build = |folder: &Path, spec: &str, out: &Path| {
        let ran = gatec(folder, ["build", spec, "-o", out.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::read(out).unwrap()
    };
    let first = build(one.path(), "gate.kdl", &one.path().join("out.gateb"));
    let second = build(
        two.path(),
        deep.join("gate.kdl").to_str().unwrap(),
        &two.path().join("out.gateb"),
    );
    assert_eq!(first, second);
}

#[test]
fn hello_answers_from_its_template() {
    let example = Copy::of("hello");
    let _replica = Replica::start(&example.path("gate.kdl"), &[]);
    let answer = example.get("/hello/ann", &[]);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(answer.json()["greeting"], "Hello ann");
    // What a client sends cannot break out of the JSON.
    assert_eq!(
        example.get("/hello/%22%7d", &[]).json()["greeting"],
        "Hello \"}"
    );
    let miss = example.get("/helo/ann", &[]);
    assert_eq!(miss.status, 404);
    assert!(
        miss.body.contains("hello") && miss.body.contains("helo"),
        "{}",
        miss.body
    );
}

#[test]
fn the_shop_proxies_to_nginx_mocks_and_serves_its_site() {
    for file in ["gate.kdl", "gate.yaml"] {
        let example = Copy::of("shop");
        let orders = free_port();
        let conf = example.path("orders/nginx.conf");
        let text = std::fs::read_to_string(&conf)
            .unwrap()
            .replace("127.0.0.1:9000", &format!("127.0.0.1:{orders}"));
        std::fs::write(&conf, text).unwrap();
        let url = format!("http://127.0.0.1:{orders}");
        let _nginx = Nginx::start(&example.path("orders"), "nginx.conf", &url);
        let _replica = Replica::start(&example.path(file), &[("ORDERS_URL", &url)]);

        let order = example.get("/api/orders/7", &[]);
        assert_eq!((order.status, order.header("server")), (200, None));
        assert_eq!(order.json()["state"], "sent");
        assert_eq!(order.json()["asked_by"], "127.0.0.1");

        let product = example.get("/api/products/7?currency=CHF", &[]);
        assert_eq!(
            (
                product.json()["id"].as_i64(),
                product.json()["currency"].as_str()
            ),
            (Some(7), Some("CHF"))
        );
        let added = example.get("/api/cart", &["-d", r#"{"product": 7}"#]);
        assert_eq!(
            (added.status, added.header("location")),
            (201, Some("/api/cart/7"))
        );
        assert!(added.header("set-cookie").unwrap().starts_with("cart="));

        // curl asks for what it was built with, and decodes it.
        let page = example.get("/", &["--compressed"]);
        let encoding = page.header("content-encoding");
        assert!(encoding.is_some_and(|one| ["zstd", "br", "gzip"].contains(&one)));
        assert!(page.body.contains("<title>Shop</title>"), "{}", page.body);

        let part = example.get("/", &["-H", "Range: bytes=0-14"]);
        assert_eq!((part.status, part.body.as_str()), (206, "<!doctype html>"));
        assert!(
            part.header("content-range")
                .unwrap()
                .starts_with("bytes 0-14/")
        );
        assert_eq!(
            example.get("/assets/shop.css", &[]).header("content-type"),
            Some("text/css; charset=utf-8")
        );
        assert_eq!(
            example
                .get("/checkout", &["-H", "Accept: text/html"])
                .status,
            200
        );
        let missing = example.get("/assets/none.png", &[]);
        assert_eq!(
            (missing.status, missing.json()["error"].as_i64()),
            (404, Some(404))
        );
        let moved = example.get("/shop/x", &[]);
        assert_eq!((moved.status, moved.header("location")), (301, Some("/")));
    }
}

#[test]
fn nox_is_what_the_import_makes_of_it_and_serves() {
    let example = Copy::of("nox");
    let ran = gatec(&examples().join("nox"), ["import", "nox", "nox.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        std::fs::read_to_string(examples().join("nox/gate.kdl")).unwrap()
    );
    let _replica = Replica::start(&example.path("gate.kdl"), &[]);
    let user = example.get("/users/7", &[]);
    assert_eq!(
        (user.status, user.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(
        (user.json()["id"].as_str(), user.json()["name"].as_str()),
        (Some("7"), Some("User 7"))
    );
}
