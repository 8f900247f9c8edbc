use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::support::{Client, Gated};

/// Clients that ask for `/v` all the time, half of them on connections that they keep.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    served: Arc<AtomicU64>,
    clients: Vec<std::thread::JoinHandle<()>>,
}

impl Load {
    pub(crate) fn on(gated: &Gated) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let served = Arc::new(AtomicU64::new(0));
        let address = gated.web();
        let client = |index: u32| {
            let (stop, served) = (Arc::clone(&stop), Arc::clone(&served));
            std::thread::spawn(move || {
                let mut kept = Client::connect(address);
                while !stop.load(Ordering::Relaxed) {
                    if index % 2 == 1 {
                        kept = Client::connect(address);
                    }
                    let answer = kept.get("/v");
                    assert_eq!(answer.status, 200);
                    assert!(answer.text().parse::<u32>().is_ok());
                    // Told to go elsewhere, because the worker is to end.
                    if answer.header("connection").as_deref() == Some("close") {
                        kept = Client::connect(address);
                    }
                    served.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let clients = (0..4).map(client).collect();
        Self {
            stop,
            served,
            clients,
        }
    }

    pub(crate) fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Ends it; how many requests were served.
    pub(crate) fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().expect("a request was lost");
        }
        self.served.load(Ordering::Relaxed)
    }
}
