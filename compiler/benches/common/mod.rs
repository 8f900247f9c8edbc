//! Specs of any size for benchmarks: literal paths, parameters, methods and headers mixed as in a
//! large gateway.

use std::fmt::Write;

/// A spec of so many routes in KDL.
pub(crate) fn kdl(routes: usize) -> String {
    let mut text = String::from(
        "listener \"web\" bind=\"127.0.0.1:8080\"\n\nupstream \"orders\" {\n    server \"http://127.0.0.1:9000\"\n}\n",
    );
    for n in 0..routes {
        let (team, kind) = (n / 50, n % 5);
        let _ = match kind {
            0 => writeln!(
                text,
                "\nroute \"r{n}\" public=#true {{\n    match \"GET\" \"/team{team}/things/t{n}\"\n    respond 200 body=\"thing {n}\"\n}}"
            ),
            1 => writeln!(
                text,
                "\nroute \"r{n}\" public=#true {{\n    match \"GET\" \"/team{team}/orders{n}/{{id}}\"\n    proxy \"orders\" path=\"/v1/orders/{{{{ path.id }}}}\"\n}}"
            ),
            2 => writeln!(
                text,
                "\nroute \"r{n}\" public=#true {{\n    match \"POST\" \"/team{team}/orders{prev}/{{id}}\"\n    proxy \"orders\"\n}}",
                prev = n - 1
            ),
            3 => writeln!(
                text,
                "\nroute \"r{n}\" public=#true {{\n    match \"GET\" \"/team{team}/shared\" {{\n        header \"x-version\" \"v{n}\"\n    }}\n    respond 200 body=#\"{{\"version\": {n}}}\"#\n}}"
            ),
            _ => writeln!(
                text,
                "\nroute \"r{n}\" public=#true {{\n    match prefix=\"/team{team}/files{n}\" host=\"h{team}.example\"\n    redirect \"https://files.example{{{{ url }}}}\"\n}}"
            ),
        };
    }
    text
}

/// The same spec in YAML.
pub(crate) fn yaml(routes: usize) -> String {
    use gatec_compiler::load::{Format, Input, Options, front};
    let input = Input::Text {
        name: "gate.kdl".to_owned(),
        text: kdl(routes),
        format: Format::Kdl,
        base: ".".into(),
    };
    gatec_compiler::convert::to_yaml(&front(input, &Options::default()).document)
}
