//! The section of the docs. Only what stands between two markers is written anew.

use std::fmt::Write;
use std::path::Path;

use super::Options;
use super::inner::Inner;
use super::live::{Outcome, Sent, Variant};
use super::spec::{Act, Proved};
use crate::peers::document::splice;
use crate::peers::machine;
use crate::peers::sample::{Spread, paired};

const PAGE: &str = "docs/performance.md";
const MARK: &str = "cargo xtask bench policies";

/// Writes the page.
///
/// # Errors
/// It cannot be read or written.
pub fn write(root: &Path, section: &str) -> Result<(), String> {
    let page = root.join(PAGE);
    let failed = |error: std::io::Error| format!("`{PAGE}`: {error}");
    let old = std::fs::read_to_string(&page).map_err(failed)?;
    std::fs::write(&page, splice(&old, section, MARK)).map_err(failed)
}

/// What was found.
pub fn section(inner: &Inner, live: &[Outcome], options: &Options) -> String {
    let mut text = format!(
        "## Identities and policies\n\nMeasured on {}.\n\n    {MARK} --seconds {} --rounds {}\n\n",
        machine::machine(),
        options.seconds,
        options.rounds
    );
    if !inner.is_empty() {
        text += &decisions(inner);
    }
    text += &requests(live);
    text += &tokens(live);
    text
}

fn decisions(inner: &Inner) -> String {
    let get = |name: &str| inner.get(name);
    let (among, alone, random) = (get("among_ns"), get("alone_ns"), get("random_ns"));
    let whole = get("whole_us");
    format!(
        "500 routes with {:.0} policies: roles, owners, office hours, four prohibitions for everything. A decision begins with a\n\
         request whose route is found and whose principal is known; times are medians over batches of 64.\n\n\
         | what | figure | aim |\n|---|---|---|\n\
         | decision, a random route of 500 each time | {random:.0} ns | |\n\
         | decision, the same route again and again | {among:.0} ns | |\n\
         | the same with that route and its own policies alone | {alone:.0} ns: the above is {:.2} times that | 2 times |\n\
         | `cedar-policy`'s authorizer with the whole set, its request and entities made beforehand | {whole:.0} µs: {:.0} times a random route | 10 times |\n\
         | load of the bundle ({:.0} KiB) | {:.2} ms | 100 ms |\n\
         | compiling it, with all that is proved of the policies | {:.0} ms | |\n\n",
        get("policies"),
        ratio(among, alone),
        ratio(whole * 1e3, random),
        get("bundle_kib"),
        get("load_ms"),
        get("compile_ms"),
    )
}

fn ratio(one: f64, other: f64) -> f64 {
    if other > 0.0 { one / other } else { 0.0 }
}

fn figures(live: &[Outcome], proved: Proved, act: Act, sent: Sent) -> &[f64] {
    let wanted = Variant { proved, act, sent };
    let found = live.iter().find(|outcome| outcome.variant == wanted);
    found.map_or(&[], |outcome| &outcome.figures)
}

fn median(figures: &[f64]) -> f64 {
    Spread::of(figures).map_or(0.0, |spread| spread.median)
}

fn spread(figures: &[f64], base: &[f64]) -> String {
    match Spread::of(&paired(figures, base)) {
        None => "-".to_owned(),
        Some(Spread {
            median,
            least,
            greatest,
        }) => format!("{median:.2} ({least:.2} to {greatest:.2})"),
    }
}

fn requests(live: &[Outcome]) -> String {
    let mut text = String::from(
        "Fifty routes, live: all public, and with an identity on each and two permits and three prohibitions that may apply to each. Both\n\
         are asked the same, credentials included; the credential is the same each time, as it is for most clients. Figures are the\n\
         processor time of `gated` for a request, medians; ratios are taken within a round, with the least and the greatest. The aim is 1.3.\n\n\
         | routes | credential | public | with identity and policies | ratio | to public, where clients send nothing |\n\
         |---|---|---|---|---|---|\n",
    );
    for (act, what) in [(Act::Answer, "fixed answer"), (Act::Proxy, "passed on")] {
        let nothing = figures(live, Proved::Public, act, Sent::Nothing);
        for (proved, name) in [
            (Proved::Es256, "token, ES256"),
            (Proved::Rs256, "token, RS256"),
            (Proved::Key, "key"),
        ] {
            let public = figures(live, Proved::Public, act, Sent::Same(proved));
            let guarded = figures(live, proved, act, Sent::Same(proved));
            let _ = writeln!(
                text,
                "| {what} | {name} | {:.2} µs | {:.2} µs | {} | {} |",
                median(public),
                median(guarded),
                spread(guarded, public),
                spread(guarded, nothing)
            );
        }
    }
    text + "\n"
}

/// What verifying a token costs, and remembering it saves.
fn tokens(live: &[Outcome]) -> String {
    let mut text = String::from(
        "Requests a second that one processor has time for (fixed answer):\n\n\
         | token | none, public | the same token | every token a new one |\n|---|---|---|---|\n",
    );
    for (proved, name) in [
        (Proved::Es256, "ES256"),
        (Proved::Rs256, "RS256, 2048 bits"),
    ] {
        let rate = |proved, sent| {
            let cost = median(figures(live, proved, Act::Answer, sent));
            ratio(1e6, cost)
        };
        let _ = writeln!(
            text,
            "| {name} | {:.0} | {:.0} | {:.0} |",
            rate(Proved::Public, Sent::Nothing),
            rate(proved, Sent::Same(proved)),
            rate(proved, Sent::Fresh(proved))
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::live::variants;

    #[test]
    fn every_figure_has_its_place() {
        let all = variants().into_iter().zip(1_u32..);
        let live: Vec<Outcome> = all
            .map(|(variant, number)| Outcome {
                variant,
                figures: vec![f64::from(number)],
            })
            .collect();
        let text = requests(&live) + &tokens(&live);
        assert!(text.contains(
            "| fixed answer | token, ES256 | 2.00 µs | 3.00 µs | 1.50 (1.50 to 1.50) | 3.00 (3.00 to 3.00) |"
        ));
        assert!(
            text.contains("| ES256 | 1000000 | 333333 | 125000 |"),
            "{text}"
        );
        assert!(
            !text.contains(" 0.00 µs") && !text.contains("| - |"),
            "{text}"
        );
    }
}
