//! Guards against Cedar itself: for random specs, policies and requests the sliced, folded decision is
//! that of Cedar's authorizer over the whole set of policies.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cedar;
mod expressions;
mod paths;
mod requests;
mod specs;

use specs::Spec;

/// Specs that are tried, and requests to each: 100,000 cases in all.
const SPECS: u64 = 400;
const REQUESTS: u64 = 250;

/// What came of some cases.
#[derive(Default)]
struct Tally {
    cases: u64,
    allowed: u64,
    failed: u64,
    shut: u64,
}

#[test]
fn a_guard_decides_as_cedar_does() {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let share =
            |thread| scope.spawn(move || compare((thread..SPECS).step_by(threads as usize)));
        let running: Vec<_> = (0..threads).map(share).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let sum = |pick: fn(&Tally) -> u64| tallies.iter().map(pick).sum::<u64>();
    let (cases, allowed, failed) = (
        sum(|one| one.cases),
        sum(|one| one.allowed),
        sum(|one| one.failed),
    );
    let shut = sum(|one| one.shut);
    println!(
        "{cases} cases, {allowed} allowed, {failed} with a policy that could not be worked out, {shut} \
         where it is proved that nobody gets in"
    );
    assert_eq!(cases, SPECS * REQUESTS);
    // Neither always yes nor always no.
    assert!(
        allowed > cases / 20 && allowed < cases * 19 / 20,
        "{allowed}"
    );
    assert!(failed > 100, "{failed}");
    assert!(shut > cases / 100, "{shut}");
}

fn compare(seeds: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut chance = fastrand::Rng::with_seed(seed);
        let spec = Spec::random(&mut chance);
        let whole = cedar::Whole::of(&spec);
        for number in 0..REQUESTS {
            let asked = requests::Asked::random(&mut chance);
            let ours = asked.ours(&spec);
            let theirs = whole.decide(&asked);
            let place = (asked.route_name(), asked.identity_name());
            let is_place = |(route, identity): &&(String, String)| {
                (route.as_str(), identity.as_str()) == place
            };
            let shut = spec.shut.iter().find(is_place);
            assert!(
                !(ours && shut.is_some()),
                "{shut:?} is not shut: {asked:#?}\n{}",
                spec.policies
            );
            tally.shut += u64::from(shut.is_some());
            tally.cases += 1;
            tally.allowed += u64::from(theirs.allowed);
            tally.failed += u64::from(theirs.failed);
            assert_eq!(
                ours, theirs.allowed,
                "seed {seed}, request {number}: {asked:#?}\n{}\n{}\n{theirs:?}",
                spec.text, spec.policies
            );
        }
    }
    tally
}
