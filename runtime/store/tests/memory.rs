//! What a million counts cost.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gated_store::limit::SECOND;
use gated_store::{Ask, Key, MemoryBounds, Rate, Space, Store};

const KEYS: usize = 1_000_000;

fn fill(store: &Store, space: &Space) -> usize {
    let rate = Rate::new(1, 3600 * SECOND, 1);
    let mut names = 0;
    for number in 0..KEYS {
        let name = format!("client-{number}");
        names += name.len();
        let ask = Ask {
            key: Key::alone(space, name.into()),
            rate,
            cost: 1,
            extra: 0,
        };
        let verdicts = store.take_now(&[ask]).unwrap();
        assert!(verdicts.iter().all(|verdict| verdict.enough));
    }
    names
}

#[test]
fn a_million_counts_cost_less_than_a_hundred_bytes_each_beyond_their_names() {
    let store = Store::memory(MemoryBounds {
        limits: KEYS * 2,
        ..MemoryBounds::default()
    });
    let space = Space::new("limit", "per-client", None);
    let mut names = 0;
    let counted = allocation_counter::measure(|| names = fill(&store, &space));
    // What stays is what was allocated and not given back; a table that grows has both for a moment.
    let stays = usize::try_from(counted.bytes_current).unwrap();
    let most = usize::try_from(counted.bytes_max).unwrap();
    println!(
        "{} bytes a key stay, {} at most",
        (stays - names) / KEYS,
        (most - names) / KEYS
    );
    // An allocator adds up to 16 bytes to each of the boxes.
    assert!((stays - names) / KEYS + 16 < 100);
    assert!((most - names) / KEYS + 16 < 100);
    assert_eq!(store.health().holds.unwrap().limits, KEYS);
}
