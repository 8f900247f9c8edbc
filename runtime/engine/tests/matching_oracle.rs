//! The compiled matcher and the obvious one agree, on random patterns and requests.

mod matching_support;

use matching_support::drawn::{Seen, holds};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_compiled_matcher_is_the_naive_one(data in prop::collection::vec(any::<u8>(), 0..500)) {
        holds(&data);
    }
}

/// The property above says something only if requests hit, miss, and ask for bodies.
#[test]
fn the_drawing_is_worth_it() {
    let mut all = Seen::default();
    let mut state = 1_u32;
    for _ in 0..300 {
        let data: Vec<u8> = (0..400)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        let seen = holds(&data);
        all.found += seen.found;
        all.needs_body += seen.needs_body;
        all.not_found += seen.not_found;
    }
    assert!(
        all.found > 100 && all.needs_body > 10 && all.not_found > 100,
        "{all:?}"
    );
}
