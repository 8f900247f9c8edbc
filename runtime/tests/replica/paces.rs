//! HTTP/2 streams whose sides do not keep pace with each other: one waits, and the other must go on.

use std::future::poll_fn;
use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use http::Request;

use super::frames::{
    DATA, END_STREAM, GOAWAY, PREFACE, RST_STREAM, Raw, SETTINGS, frame, get, post,
};
use super::support::{
    Backend, Gated, PATIENCE, folder_with, proxy_to, wait_for, with_listener, word,
};

/// Speaks HTTP/2 with a replica, but not for ever.
fn speak<T>(gated: &Gated, talk: impl AsyncFnOnce(SendRequest<Bytes>) -> T) -> T {
    let address = gated.web();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let (sender, connection) = h2::client::handshake(socket).await.unwrap();
        tokio::spawn(connection);
        let sender = sender.ready().await.unwrap();
        tokio::time::timeout(PATIENCE, talk(sender)).await.unwrap()
    })
}

#[test]
fn an_upload_goes_on_while_its_answer_waits_for_the_client() {
    const UPLOAD: usize = 4_000_000;
    let address = Backend::each(|client| {
        client.head();
        let mut writer = client.stream.get_ref().try_clone().unwrap();
        let writing = std::thread::spawn(move || {
            let _ = writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n");
            let _ = writer.write_all(&vec![b'x'; 3_000_000]);
        });
        client.bytes(UPLOAD);
        writing.join().unwrap();
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let taken = speak(&gated, async |mut sender| {
        let request = Request::post("http://shop.example/")
            .header("content-length", UPLOAD)
            .body(())
            .unwrap();
        let (answer, mut upload) = sender.send_request(request, false).unwrap();
        let mut body = answer.await.unwrap().into_body();
        // Nothing of the answer is taken before all is sent.
        let mut left = UPLOAD;
        while left > 0 {
            upload.reserve_capacity(left);
            let room = poll_fn(|context| upload.poll_capacity(context)).await;
            let room = room.unwrap().unwrap().min(left);
            left -= room;
            upload
                .send_data(Bytes::from(vec![b'u'; room]), left == 0)
                .unwrap();
        }
        let mut taken = 0;
        while let Some(data) = body.data().await {
            let data = data.unwrap();
            taken += data.len();
            body.flow_control().release_capacity(data.len()).unwrap();
        }
        taken
    });
    assert_eq!(taken, 3_000_000);
}

#[test]
fn a_slow_client_gets_all_of_what_lies_in_memory() {
    let spec =
        with_listener("route \"big\" public=#true {\n match prefix=\"/\"\n files \"site\"\n}")
            .replace(
                "bind=\"127.0.0.1:0\"",
                "bind=\"127.0.0.1:0\" {\n limits {\n  idle-timeout \"1s\"\n }\n}",
            );
    let (folder, _) = folder_with(&spec);
    std::fs::create_dir(folder.path().join("site")).unwrap();
    std::fs::write(folder.path().join("site/big"), vec![b'x'; 2 << 20]).unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &[]);
    let taken = speak(&gated, async |mut sender| {
        let request = Request::get("http://shop.example/big").body(()).unwrap();
        let (answer, _) = sender.send_request(request, true).unwrap();
        let mut body = answer.await.unwrap().into_body();
        let mut taken = 0;
        while let Some(data) = body.data().await {
            let data = data.unwrap();
            taken += data.len();
            // All of it takes several times as long as a connection may be idle.
            tokio::time::sleep(Duration::from_micros(2 * data.len() as u64)).await;
            body.flow_control().release_capacity(data.len()).unwrap();
        }
        taken
    });
    assert_eq!(taken, 2 << 20);
}

#[test]
fn an_upload_that_the_client_breaks_off_never_looks_whole() {
    for code in [0_u32, 8] {
        let (ends, ended) = channel();
        let ends = Mutex::new(ends);
        let address = Backend::each(move |client| {
            client.head();
            let first = client.chunk();
            ends.lock().unwrap().send(first).unwrap();
            let mut rest = Vec::new();
            let _ = client.stream.read_to_end(&mut rest);
            ends.lock().unwrap().send(Some(rest)).unwrap();
        });
        let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
        let mut raw = Raw::connect(&gated);
        raw.send(&[post(1, "/"), frame(DATA, 0, 1, b"half")].concat());
        let first = ended.recv_timeout(PATIENCE).unwrap();
        assert_eq!(first.unwrap(), b"half");
        raw.send(&frame(RST_STREAM, 0, 1, &code.to_be_bytes()));
        let rest = ended.recv_timeout(PATIENCE).unwrap().unwrap();
        assert_eq!(String::from_utf8(rest).unwrap(), "", "reset with {code}");
    }
}

#[test]
fn a_connection_that_begins_during_a_stop_is_told_to_go() {
    let spec = with_listener(&word("a", "/a", "a")).replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n protocols \"http2\"\n}",
    );
    let mut gated = Gated::start(&spec);
    let [mut raw, mut mute] = [(); 2].map(|()| {
        let mut raw = Raw(std::net::TcpStream::connect(gated.web()).unwrap());
        raw.0.set_read_timeout(Some(PATIENCE)).unwrap();
        // The replica has spoken first, and waits for the client.
        assert_eq!(raw.next().unwrap().kind, SETTINGS);
        raw
    });
    gated.signal("TERM");
    wait_for(|| (gated.manage("/ready").status == 503).then_some(())).unwrap();
    raw.send(&[PREFACE.to_vec(), frame(SETTINGS, 0, 0, &[]), get(1, "/a")].concat());
    // In either order: the word to go may come before the answer or after it.
    let (mut answered, mut told) = (false, false);
    while !(answered && told) {
        let came = raw.next().unwrap();
        answered |= came.kind == DATA && came.flags & END_STREAM != 0;
        told |= came.kind == GOAWAY;
    }
    drop(raw);
    // And who never says anything keeps nobody waiting.
    assert!(mute.next().is_none());
    gated.logged(&["replica.stopped", "connections_cut\":0"]);
    assert_eq!(gated.wait().code(), Some(0));
}

#[test]
fn many_streams_at_once_all_come_to_their_end() {
    const BODY: usize = 200_000;
    let address = Backend::each(|client| {
        loop {
            let head = client.head();
            if head.is_empty() {
                return;
            }
            // Sent back as it comes.
            client.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            while let Some(chunk) = client.chunk() {
                client.send(format!("{:x}\r\n", chunk.len()));
                client.send(&chunk);
                client.send("\r\n");
            }
            client.send("0\r\nx-sum: 7\r\n\r\n");
        }
    });
    let gated = Gated::start(&with_listener(&format!(
        r#"upstream "back" {{
            server "http://{address}"
        }}
        route "mock" public=#true {{
            match "GET" "/mock"
            respond 200 "mock"
        }}
        route "back" public=#true {{
            match prefix="/"
            proxy "back"
        }}"#
    )));
    let done = speak(&gated, async |sender| {
        let mut asked = tokio::task::JoinSet::new();
        for number in 0..96_usize {
            let sender = sender.clone();
            asked.spawn(async move {
                let mut sender = sender.ready().await.unwrap();
                if number.is_multiple_of(3) {
                    let request = Request::get("http://a/mock").body(()).unwrap();
                    let (answer, _) = sender.send_request(request, true).unwrap();
                    let mut body = answer.await.unwrap().into_body();
                    return body.data().await.unwrap().unwrap().len() == 4;
                }
                let request = Request::post("http://a/echo").body(()).unwrap();
                let (answer, mut upload) = sender.send_request(request, false).unwrap();
                let sending = tokio::spawn(async move {
                    let mut left = BODY;
                    while left > 0 {
                        upload.reserve_capacity(left.min(5000 + number * 100));
                        let room = poll_fn(|context| upload.poll_capacity(context)).await;
                        let room = room.unwrap().unwrap().min(left);
                        left -= room;
                        upload.send_data(Bytes::from(vec![7; room]), false).unwrap();
                    }
                    upload.send_trailers(http::HeaderMap::new()).unwrap();
                });
                let mut body = answer.await.unwrap().into_body();
                let mut taken = 0;
                while let Some(data) = body.data().await {
                    let data = data.unwrap();
                    taken += data.len();
                    body.flow_control().release_capacity(data.len()).unwrap();
                }
                sending.await.unwrap();
                let trailers = body.trailers().await.unwrap().unwrap();
                taken == BODY && trailers["x-sum"] == "7"
            });
        }
        let mut done = 0;
        while let Some(sound) = asked.join_next().await {
            assert!(sound.unwrap());
            done += 1;
        }
        done
    });
    assert_eq!(done, 96);
}

#[test]
fn an_upload_that_is_too_long_is_told_so() {
    let address = Backend::each(|client| {
        client.head();
    });
    let spec = proxy_to(&[(address, 1)], "").replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n limits {\n  body-size \"1KiB\"\n }\n}",
    );
    let gated = Gated::start(&spec);
    let statuses = speak(&gated, async |mut sender| {
        let mut statuses = Vec::new();
        for announced in [true, false] {
            let mut request = Request::post("http://a/");
            if announced {
                request = request.header("content-length", 3_000_000);
            }
            let request = request.body(()).unwrap();
            let (answer, mut upload) = sender.send_request(request, false).unwrap();
            upload
                .send_data(Bytes::from(vec![b'u'; 3_000_000]), true)
                .unwrap();
            let answer = answer.await.unwrap();
            statuses.push(answer.status().as_u16());
        }
        statuses
    });
    assert_eq!(statuses, [413, 413]);
}
