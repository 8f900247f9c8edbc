//! The figures as bars: each peer's in ratio to nginx, which is a line. Drawn so that it can be read
//! on light and on dark ground.

use super::run::Outcome;
use super::sample::Spread;
use super::table::{BASE, ratio};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 270.0;
const SCALE: f64 = 150.0;
/// Bars beyond this ratio are cut off; the number beside them tells the whole.
const MOST: f64 = 2.6;
const BAR: f64 = 9.0;
const GAP: f64 = 12.0;
const TOP: f64 = 44.0;

const STYLE: &str = "
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .small { font-size: 10px; }
  .line { stroke: #57606a; stroke-dasharray: 3 3; }
  .ends { stroke: #24292f; }
  .a { fill: #0969da; }
  .b { fill: #9a6700; }
  .c { fill: #1a7f37; }
  .d { fill: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .line { stroke: #9198a1; }
    .ends { stroke: #e6edf3; }
    .a { fill: #4493f8; }
    .b { fill: #d29922; }
    .c { fill: #3fb950; }
    .d { fill: #ab7df8; }
  }
";

/// The chart, SVG.
pub fn chart(outcomes: &[Outcome]) -> String {
    let peers = peers(outcomes);
    let mut body = String::new();
    let mut y = TOP;
    for outcome in outcomes {
        let bars = bars(outcome);
        if bars.is_empty() {
            continue;
        }
        let middle = y + bars.len() as f64 * (BAR + 2.0) / 2.0 + 3.0;
        body += &text(LABELS - 8.0, middle, "end", "", outcome.title);
        for (peer, spread) in bars {
            body += &bar(y, colour(&peers, peer), &spread);
            y += BAR + 2.0;
        }
        y += GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" width=\"{WIDTH}\" height=\"{y}\" role=\"img\" aria-label=\"Costs in ratio to nginx\">\n<style>{STYLE}</style>\n{}{body}</svg>\n",
        ground(&peers, y)
    )
}

/// Every peer that has bars, in the order of the table.
fn peers(outcomes: &[Outcome]) -> Vec<&'static str> {
    let all = outcomes.first().map(|outcome| outcome.peers.iter());
    let names = all.into_iter().flatten().map(|(peer, _)| *peer);
    names.filter(|peer| *peer != BASE).collect()
}

/// A peer's class in the style; from the fourth on colours come again.
fn colour(peers: &[&str], peer: &str) -> &'static str {
    let place = peers.iter().position(|other| *other == peer).unwrap_or(0);
    ["a", "b", "c", "d"].get(place % 4).copied().unwrap_or("a")
}

/// Every peer but nginx that was measured beside it.
fn bars(outcome: &Outcome) -> Vec<(&'static str, Spread)> {
    let peers = outcome.peers.iter().map(|(peer, _)| *peer);
    peers
        .filter(|peer| *peer != BASE)
        .filter_map(|peer| Some((peer, ratio(outcome, peer)?)))
        .collect()
}

/// The legend, and the line at which a peer costs as much as nginx.
fn ground(peers: &[&str], height: f64) -> String {
    let one = LABELS + SCALE;
    let mut ground = text(
        LABELS,
        16.0,
        "start",
        "",
        "costs in ratio to nginx; less is better",
    );
    ground += &text(one, 36.0, "middle", "small", "nginx = 1");
    ground += &format!(
        "<line class=\"line\" x1=\"{one}\" x2=\"{one}\" y1=\"{TOP}\" y2=\"{:.0}\"/>\n",
        height - GAP
    );
    for (place, peer) in peers.iter().enumerate() {
        let (x, class) = (8.0 + place as f64 * 70.0, colour(peers, peer));
        ground +=
            &format!("<rect class=\"{class}\" x=\"{x}\" y=\"8\" width=\"9\" height=\"9\"/>\n");
        ground += &text(x + 14.0, 16.0, "start", "", peer);
    }
    ground
}

fn bar(y: f64, class: &str, spread: &Spread) -> String {
    let at = |ratio: f64| LABELS + ratio.min(MOST) * SCALE;
    let length = at(spread.median) - LABELS;
    let mut bar = format!(
        "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\"/>\n"
    );
    let (least, greatest, middle) = (at(spread.least), at(spread.greatest), y + BAR / 2.0);
    bar += &format!(
        "<line class=\"ends\" x1=\"{least:.1}\" x2=\"{greatest:.1}\" y1=\"{middle}\" y2=\"{middle}\"/>\n"
    );
    let label = format!("{:.2}", spread.median);
    bar + &text(
        greatest.max(at(spread.median)) + 6.0,
        y + BAR,
        "start",
        "small",
        &label,
    )
}

fn text(x: f64, y: f64, anchor: &str, class: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::example;

    #[test]
    fn bars_stand_beside_nginx() {
        insta::assert_snapshot!(chart(&example::outcomes()));
    }
}
