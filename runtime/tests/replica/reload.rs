use std::time::Duration;

use super::load::Load;
use super::support::{Backend, Client, Gated, dead, proxy_to, wait_for, with_listener, word};

fn spec(version: &str) -> String {
    with_listener(&word("v", "/v", version))
}

#[test]
fn a_change_of_the_file_serves_by_itself() {
    let gated = Gated::start(&spec("one"));
    let mut client = gated.connect();
    assert_eq!(client.get("/v").text(), "one");
    let before = gated.digest();
    gated.write(&spec("two"));
    wait_for(|| (client.get("/v").text() == "two").then_some(()))
        .expect("the change is not served");
    assert_ne!(gated.digest(), before);
    gated.logged(&["bundle.swapped"]);
}

#[test]
fn a_bad_change_is_told_and_what_ran_serves_on() {
    let gated = Gated::start(&spec("one"));
    let before = gated.digest();
    gated.write(&spec("two").replace("respond", "respnod"));
    wait_for(|| (gated.status()["reloads"]["refused"] != 0).then_some(()))
        .expect("nothing is refused");
    assert_eq!(gated.get("/v").text(), "one");
    let status = gated.status();
    assert_eq!(status["bundle"]["digest"], before.as_str());
    let refused = &status["refused"][0];
    assert!(
        refused["reason"].as_str().unwrap().contains("gate.kdl"),
        "{refused}"
    );
    assert!(
        refused["diagnostics"].to_string().contains("respnod"),
        "{refused}"
    );
    gated.logged(&["bundle.refused", "respnod"]);
    // The same again is nothing new; asking for it is answered all the same.
    assert_eq!(gated.reload(), 422);
    assert_eq!(gated.status()["refused"].as_array().unwrap().len(), 1);
    assert_eq!(
        gated.status()["refused"][0]["resolved_at"],
        serde_json::Value::Null
    );
    let line: serde_json::Value = serde_json::from_str(&gated.logged(&["bundle.refused"])).unwrap();
    assert!(line["data"]["diagnostics"][0].is_object(), "{line}");
    // Mended to what runs anyway, that is told.
    gated.write(&spec("one"));
    gated.logged(&["bundle.mended", "unchanged"]);
    let status = gated.status();
    assert!(status["refused"][0]["resolved_at"].is_string(), "{status}");
    assert_eq!(status["bundle"]["digest"], before.as_str());
    // And mended otherwise, it serves.
    gated.write(&spec("three"));
    wait_for(|| (gated.get("/v").text() == "three").then_some(())).expect("the mend is not served");
}

#[test]
fn swaps_under_load_lose_no_request() {
    let gated = Gated::start(&spec("0"));
    let load = Load::on(&gated);
    let mut last = 0;
    for change in 1..=40 {
        let bad = change % 5 == 0;
        gated.write(&if bad {
            "route \"".to_owned()
        } else {
            spec(&change.to_string())
        });
        assert_eq!(gated.reload(), if bad { 422 } else { 200 });
        if !bad {
            last = change;
        }
        assert_eq!(gated.get("/v").text(), last.to_string());
    }
    assert!(load.end() > 40);
}

#[test]
fn a_request_keeps_its_snapshot_and_its_answer_over_a_swap() {
    let backend = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n");
        std::thread::sleep(Duration::from_millis(700));
        client.send("3\r\ntwo\r\n0\r\n\r\n");
    });
    let with_proxy = with_listener(&format!(
        "upstream \"b\" {{\n server \"http://{backend}\"\n}}\nroute \"long\" public=#true {{\n match \"/long\"\n proxy \"b\"\n}}"
    ));
    let gated = Gated::start(&with_proxy);
    let mut client = gated.connect();
    client.send("GET /long HTTP/1.1\r\nhost: a\r\n\r\n");
    let head = client.head();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(client.chunk().unwrap(), b"one");
    gated.write(&spec("new"));
    assert_eq!(gated.reload(), 200);
    assert_eq!(gated.get("/v").text(), "new");
    assert_eq!(client.chunk().unwrap(), b"two");
    assert_eq!(client.chunk(), None);
    client.head();
    // The same connection goes on, with the new snapshot.
    assert_eq!(client.get("/long").status, 404);
    assert_eq!(client.get("/v").text(), "new");
}

#[test]
fn listeners_come_and_go_without_touching_others() {
    let gated = Gated::start(&spec("one"));
    let mut client = gated.connect();
    assert_eq!(client.get("/v").status, 200);
    let second = dead();
    gated.write(&format!(
        "{}\nlistener \"second\" bind=\"{second}\"",
        spec("two")
    ));
    assert_eq!(gated.reload(), 200);
    let mut other = Client::connect(second);
    assert_eq!(other.get("/v").text(), "two");
    assert_eq!(client.get("/v").text(), "two");

    gated.write(&spec("three"));
    assert_eq!(gated.reload(), 200);
    assert_eq!(client.get("/v").text(), "three");
    assert!(other.is_closed());
    assert!(wait_for(|| std::net::TcpStream::connect(second).err()).is_some());
    wait_for(|| (gated.status()["connections"]["open"] == 1).then_some(())).unwrap();

    // An address that cannot be had refuses the whole change.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    gated.write(&format!(
        "{}\nlistener \"third\" bind=\"{}\"",
        spec("four"),
        taken.local_addr().unwrap()
    ));
    assert_eq!(gated.reload(), 422);
    assert_eq!(client.get("/v").text(), "three");
    let refused = gated.status()["refused"][0]["reason"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        refused.contains("`third`") && refused.contains("in use"),
        "{refused}"
    );
}

#[test]
fn hangup_reads_again_and_a_configmap_swap_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    for (version, text) in [("v1", "one"), ("v2", "two")] {
        std::fs::create_dir(folder.path().join(version)).unwrap();
        std::fs::write(folder.path().join(version).join("gate.kdl"), spec(text)).unwrap();
    }
    std::os::unix::fs::symlink("v1", folder.path().join("..data")).unwrap();
    std::os::unix::fs::symlink("..data/gate.kdl", folder.path().join("gate.kdl")).unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &[]);
    assert_eq!(gated.get("/v").text(), "one");
    std::os::unix::fs::symlink("v2", gated.folder().join("..tmp")).unwrap();
    std::fs::rename(gated.folder().join("..tmp"), gated.folder().join("..data")).unwrap();
    wait_for(|| (gated.get("/v").text() == "two").then_some(())).expect("the swap is not seen");
    let unchanged = || gated.status()["reloads"]["unchanged"].as_u64().unwrap();
    let before = unchanged();
    gated.signal("HUP");
    wait_for(|| (unchanged() > before).then_some(())).expect("nothing is read again");
}

#[test]
fn a_folder_of_bundles_serves_the_last_and_refuses_a_broken_one() {
    let compile = |text: &str| {
        let (folder, path) = super::support::folder_with(&spec(text));
        let options = gatec_compiler::load::Options::default();
        let compiled =
            gatec_compiler::compile::compile(gatec_compiler::load::Input::File(path), &options);
        drop(folder);
        compiled.bundle.unwrap()
    };
    let gated = Gated::start_in(tempfile::tempdir().unwrap(), ".", &[]);
    gated.logged(&["waiting for a bundle in `.`"]);
    assert_eq!(gated.manage("/ready").status, 503);
    assert_eq!(gated.reload(), 422);
    assert_eq!(gated.status()["reloads"]["refused"], 0);
    assert_eq!(gated.manage("/health").status, 200);
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(gated.folder().join("tmp"), bytes).unwrap();
        std::fs::rename(gated.folder().join("tmp"), gated.folder().join(name)).unwrap();
    };
    put("001.gateb", &compile("one"));
    wait_for(|| (gated.manage("/ready").status == 200).then_some(()))
        .expect("the bundle does not serve");
    let address = gated.status()["listeners"][0]["address"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(Client::connect(address).get("/v").text(), "one");
    let mut broken = compile("two").to_vec();
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    put("002.gateb", &broken);
    wait_for(|| (gated.status()["reloads"]["refused"] == 1).then_some(()))
        .expect("it is not refused");
    assert_eq!(Client::connect(address).get("/v").text(), "one");
    put("003.gateb", &compile("three"));
    wait_for(|| (Client::connect(address).get("/v").text() == "three").then_some(())).unwrap();
    // An emptied folder is told once, and what runs serves on.
    for name in ["001.gateb", "002.gateb", "003.gateb"] {
        std::fs::remove_file(gated.folder().join(name)).unwrap();
    }
    gated.logged(&["no bundle any more", "\"WARN\""]);
    gated.reload();
    gated.reload();
    let told = |gated: &Gated| {
        let log = gated.log();
        log.iter().filter(|line| line.contains("any more")).count()
    };
    assert_eq!(told(&gated), 1);
    assert_eq!(Client::connect(address).get("/v").text(), "three");
    put("004.gateb", &compile("four"));
    wait_for(|| (Client::connect(address).get("/v").text() == "four").then_some(())).unwrap();
}

/// A bundle of one route, and the map that `gatec build` leaves beside it.
fn built(text: &str, file: &str) -> (Vec<u8>, String) {
    let (_folder, path) = super::support::folder_with(&spec(text));
    let options = gatec_compiler::load::Options::default();
    let compiled =
        gatec_compiler::compile::compile(gatec_compiler::load::Input::File(path), &options);
    let bundle = compiled
        .bundle
        .unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let digest = gated_engine::Bundle::load(bundle.clone()).unwrap().digest();
    let map = format!(
        r#"{{"digest": "{digest}", "routes": {{"v": {{"file": "{file}", "line": 42, "column": 1}}}}}}"#
    );
    (bundle.to_vec(), map)
}

#[test]
fn a_source_map_beside_a_bundle_says_where_routes_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let (bundle, map) = built("one", "shop.kdl");
    std::fs::write(folder.path().join("x.gateb"), &bundle).unwrap();
    std::fs::write(folder.path().join("x.gateb.map"), &map).unwrap();
    let gated = Gated::start_in(folder, "x.gateb", &["--dev"]);
    assert_eq!(gated.get("/w").status, 404);
    wait_for(|| gated.get("/w").text().contains("shop.kdl:42").then_some(()))
        .expect("the map is not taken");
}

#[test]
fn a_source_map_is_not_read_where_nothing_tells_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (bundle, _) = built("one", "shop.kdl");
    std::fs::write(folder.path().join("x.gateb"), &bundle).unwrap();
    std::fs::write(folder.path().join("x.gateb.map"), "{").unwrap();
    let gated = Gated::start_in(folder, "x.gateb", &[]);
    assert_eq!(gated.get("/v").text(), "one");
    // Whoever reads the map has done so before this is answered.
    assert_eq!(gated.reload(), 200);
    let told = gated.log();
    assert!(!told.iter().any(|line| line.contains(".map")), "{told:?}");
}

#[test]
fn a_source_map_that_is_wrong_changes_nothing_and_one_that_comes_late_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (bundle, map) = built("one", "shop.kdl");
    let (_, of_another) = built("two", "other.kdl");
    std::fs::write(folder.path().join("1.gateb"), &bundle).unwrap();
    std::fs::write(folder.path().join("1.gateb.map"), of_another).unwrap();
    let gated = Gated::start_in(folder, ".", &["--dev"]);
    let missed = gated.get("/w").text();
    assert!(!missed.contains(".kdl:42"), "{missed}");
    gated.logged(&["1.gateb.map", "another bundle"]);
    let map_file = gated.folder().join("1.gateb.map");
    std::fs::write(&map_file, "{").unwrap();
    gated.logged(&["1.gateb.map", "cannot be read"]);
    assert_eq!(gated.get("/v").text(), "one");
    std::fs::write(&map_file, map).unwrap();
    wait_for(|| gated.get("/w").text().contains("shop.kdl:42").then_some(()))
        .expect("the map is not taken");
}

#[test]
fn a_file_that_is_no_bundle_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("junk.gateb"), "hello").unwrap();
    let output = super::support::command(folder.path(), "junk.gateb", &[])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && told.contains("`junk.gateb` is no bundle"),
        "{told}"
    );
}

#[test]
fn a_spec_that_went_and_came_back_is_still_watched_with_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inc");
    let root = format!(
        "{}\ninclude \"conf.d/*.kdl\"\n",
        with_listener(&word("r", "/r", "one"))
    );
    std::fs::create_dir_all(inner.join("conf.d")).unwrap();
    std::fs::write(inner.join("gate.kdl"), &root).unwrap();
    std::fs::write(inner.join("conf.d/a.kdl"), word("a", "/a", "one")).unwrap();
    let gated = Gated::start_in(folder, "inc/gate.kdl", &[]);
    let serves = |path: &str, text: &str| {
        wait_for(|| (gated.get(path).text() == text).then_some(()))
            .unwrap_or_else(|| panic!("{path} does not become {text}: {:#?}", gated.log()));
    };
    serves("/a", "one");
    let at = |name: &str| gated.folder().join("inc").join(name);
    std::fs::remove_file(at("gate.kdl")).unwrap();
    wait_for(|| (gated.status()["reloads"]["refused"] != 0).then_some(())).unwrap();
    std::fs::write(at("gate.kdl"), root.replace("\"one\"", "\"two\"")).unwrap();
    serves("/r", "two");
    std::fs::write(at("conf.d/a.kdl"), word("a", "/a", "two")).unwrap();
    serves("/a", "two");
    // The folder itself as well.
    std::fs::remove_dir_all(at("conf.d")).unwrap();
    wait_for(|| {
        (gated.get("/a").status == 404 || gated.status()["reloads"]["refused"] != 1).then_some(())
    })
    .unwrap();
    std::fs::create_dir(at("conf.d")).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(at("conf.d/a.kdl"), word("a", "/a", "three")).unwrap();
    serves("/a", "three");
}

#[test]
fn a_release_folder_behind_a_symlink_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    for (version, text) in [("1", "one"), ("2", "two")] {
        let release = folder.path().join("releases").join(version);
        std::fs::create_dir_all(&release).unwrap();
        std::fs::write(release.join("gate.kdl"), spec(text)).unwrap();
    }
    std::os::unix::fs::symlink("releases/1", folder.path().join("current")).unwrap();
    let gated = Gated::start_in(folder, "current/gate.kdl", &[]);
    assert_eq!(gated.get("/v").text(), "one");
    let serves = |text: &str| {
        wait_for(|| (gated.get("/v").text() == text).then_some(()))
            .unwrap_or_else(|| panic!("{text} is not served"));
    };
    for (version, text) in [("2", "two"), ("1", "one")] {
        let aside = gated.folder().join("tmp");
        std::os::unix::fs::symlink(format!("releases/{version}"), &aside).unwrap();
        std::fs::rename(aside, gated.folder().join("current")).unwrap();
        serves(text);
    }
    std::fs::write(gated.folder().join("releases/1/gate.kdl"), spec("three")).unwrap();
    serves("three");
}

#[test]
fn another_secret_is_used_without_another_bundle() {
    let backend = Backend::named("ok");
    let (folder, _) = super::support::folder_with(&proxy_to(&[(backend.address, 1)], "").replace(
        "proxy \"back\"",
        "request { set \"x-key\" (secret)\"api-key\" }\n proxy \"back\"",
    ));
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::write(folder.path().join("secrets/api-key"), "first-key\n").unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &["--secrets-dir", "secrets"]);
    let key = || {
        gated.get("/");
        super::support::values(&backend.last().head, "x-key")
    };
    assert_eq!(key(), ["first-key"]);
    let digest = gated.digest();
    std::fs::write(gated.folder().join("secrets/api-key"), "second-key\n").unwrap();
    wait_for(|| (key() == ["second-key"]).then_some(())).expect("the old secret is used on");
    assert_eq!(gated.digest(), digest);
    assert!(gated.log().iter().all(|line| !line.contains("-key\n")));
    // One that is gone is no reason to stop.
    std::fs::remove_file(gated.folder().join("secrets/api-key")).unwrap();
    wait_for(|| (gated.status()["reloads"]["refused"] != 0).then_some(())).unwrap();
    assert_eq!(key(), ["second-key"]);
}

#[test]
fn a_listener_moves_between_one_address_and_all() {
    let port = dead().port();
    let at =
        |address: &str, text: &str| spec(text).replace("127.0.0.1:0", &format!("{address}:{port}"));
    let gated = Gated::start(&at("127.0.0.1", "one"));
    let loopback = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    for (address, text) in [("0.0.0.0", "two"), ("127.0.0.1", "three")] {
        gated.write(&at(address, text));
        assert_eq!(gated.reload(), 200, "{}", gated.status()["refused"]);
        // As long as both are open the system gives connections to the narrower one, and resets those
        // that it holds when that is closed.
        wait_for(|| (gated.status()["listeners"].as_array().unwrap().len() == 1).then_some(()))
            .unwrap();
        assert_eq!(
            gated.status()["listeners"][0]["address"],
            format!("{address}:{port}")
        );
        assert_eq!(Client::connect(loopback).get("/v").text(), text);
    }
}

#[test]
fn an_address_that_becomes_free_is_had_without_a_further_change() {
    let gated = Gated::start(&spec("one"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    gated.write(&format!(
        "{}\nlistener \"second\" bind=\"{address}\"",
        spec("two")
    ));
    assert_eq!(gated.reload(), 422);
    drop(taken);
    wait_for(|| (gated.get("/v").text() == "two").then_some(())).expect("it is not tried again");
    assert_eq!(Client::connect(address).get("/v").text(), "two");
}

#[test]
fn series_of_routes_that_are_gone_go_as_well() {
    let gated = Gated::start(&with_listener(&word("old", "/old", "x")));
    gated.get("/old");
    let page = || gated.manage("/metrics").text();
    wait_for(|| page().contains("route=\"old\"").then_some(())).unwrap();
    gated.write(&spec("one"));
    assert_eq!(gated.reload(), 200);
    gated.get("/v");
    wait_for(|| (!page().contains("route=\"old\"")).then_some(())).expect("the series stays");
    wait_for(|| page().contains("route=\"v\"").then_some(())).unwrap();
}
