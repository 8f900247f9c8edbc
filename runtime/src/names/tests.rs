//! Names, asked for at a name server of ours.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

use super::Names;

/// A name server that gives each name the same IPv4 addresses; with none, there is no such name.
fn server(addresses: Arc<Mutex<Vec<[u8; 4]>>>, ttl: u32) -> (SocketAddr, Arc<Mutex<u32>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut packet = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            *count.lock().unwrap() += 1;
            let given = addresses.lock().unwrap().clone();
            let _ = socket.send_to(&answer(&packet[..length], &given, ttl), from);
        }
    });
    (address, asked)
}

/// An answer (RFC 1035, section 4).
fn answer(question: &[u8], addresses: &[[u8; 4]], ttl: u32) -> Vec<u8> {
    let mut end = 12;
    while question[end] != 0 {
        end += usize::from(question[end]) + 1;
    }
    let is_a = question[end + 1..end + 3] == [0, 1];
    let given = if is_a { addresses } else { &[] };
    let mut answer = question[..2].to_vec();
    answer.extend([0x84, if addresses.is_empty() { 3 } else { 0 }]);
    answer.extend([0, 1, 0, u8::try_from(given.len()).unwrap(), 0, 0, 0, 0]);
    answer.extend(&question[12..end + 5]);
    for address in given {
        answer.extend([0xc0, 12, 0, 1, 0, 1]);
        answer.extend(ttl.to_be_bytes());
        answer.extend([0, 4]);
        answer.extend(address);
    }
    answer
}

fn ips(addresses: &[[u8; 4]]) -> Vec<IpAddr> {
    addresses
        .iter()
        .map(|address| IpAddr::from(*address))
        .collect()
}

#[tokio::test]
async fn a_name_is_asked_for_once_while_its_answer_holds() {
    let addresses = Arc::new(Mutex::new(vec![[10, 0, 0, 1], [10, 0, 0, 2]]));
    let (at, asked) = server(Arc::clone(&addresses), 30);
    let names = Names::new(Some(at));
    assert!(names.known("orders.internal").is_none());
    for _ in 0..20 {
        let mut found = names.addresses("orders.internal").await.unwrap().to_vec();
        found.sort();
        assert_eq!(found, ips(&[[10, 0, 0, 1], [10, 0, 0, 2]]));
    }
    // One for each family, and what the first look without waiting may have asked.
    assert!(*asked.lock().unwrap() <= 4);
}

#[tokio::test]
async fn a_change_is_seen_and_a_name_that_goes_keeps_its_addresses() {
    let addresses = Arc::new(Mutex::new(vec![[10, 0, 0, 1]]));
    let (at, _) = server(Arc::clone(&addresses), 0);
    let names = Names::new(Some(at));
    let is = async |wanted: &[[u8; 4]]| {
        loop {
            let found = names.addresses("orders.internal").await.unwrap();
            if found[..] == ips(wanted) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    is(&[[10, 0, 0, 1]]).await;
    *addresses.lock().unwrap() = vec![[10, 0, 0, 2]];
    is(&[[10, 0, 0, 2]]).await;
    addresses.lock().unwrap().clear();
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let found = names.addresses("orders.internal").await.unwrap();
        assert_eq!(found[..], ips(&[[10, 0, 0, 2]]));
    }
    let none = names.addresses("other.internal").await.unwrap_err();
    assert_eq!(&*none, "there is no such name");
}

#[tokio::test]
async fn the_file_of_hosts_comes_first() {
    let (at, asked) = server(Arc::default(), 30);
    let names = Names::new(Some(at));
    let found = names.addresses("localhost").await.unwrap();
    assert!(found.iter().all(IpAddr::is_loopback), "{found:?}");
    assert_eq!(*asked.lock().unwrap(), 0);
}
