//! What templates become, and what is said about wrong ones.

use gatec_syntax::{Sources, Span};
use gated_engine::program::{Filter, Segment, ValueSource};

use super::{Place, Scope, Site, compile, locate};

fn names() -> Vec<Vec<String>> {
    vec![vec!["id".to_owned(), "name".to_owned()]]
}

fn with_scope<T>(site: Site, place: Place, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let parameters = names();
    let environment = |name: &str| (name == "REGION").then(|| "north \"1\"".to_owned());
    run(&Scope {
        site,
        place,
        parameters: &parameters,
        numbers: &[],
        claims: &[],
        session: None,
        environment: &environment,
    })
}

fn values(text: &str) -> Vec<(ValueSource, Vec<Filter>)> {
    let (template, findings) = with_scope(Site::Response, Place::JsonLines, |scope| {
        compile(text, scope)
    });
    assert_eq!(findings, [], "{text}");
    let value = |segment| match segment {
        Segment::Value(expression) => Some((expression.source, expression.filters)),
        Segment::Text(_) => None,
    };
    template.segments.into_iter().filter_map(value).collect()
}

fn only(text: &str) -> (ValueSource, Vec<Filter>) {
    let mut found = values(text);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

#[test]
fn sources_and_filters() {
    for (text, source) in [
        ("{{path.id}}", ValueSource::Path("id".into())),
        ("{{ path }}", ValueSource::PathText),
        ("{{ query.page }}", ValueSource::Query("page".into())),
        ("{{ query[\"a b\"] }}", ValueSource::Query("a b".into())),
        (
            "{{ header.X-Trace }}",
            ValueSource::Header("x-trace".into()),
        ),
        ("{{ header['x-y'] }}", ValueSource::Header("x-y".into())),
        ("{{ body }}", ValueSource::Body),
        (
            "{{ body.a.b[0] }}",
            ValueSource::BodyJson("$.a.b[0]".into()),
        ),
        ("{{ body.a-b }}", ValueSource::BodyJson("$[\"a-b\"]".into())),
        ("{{ body[\"$..x\"] }}", ValueSource::BodyJson("$..x".into())),
        ("{{ json(\"$.a\") }}", ValueSource::BodyJson("$.a".into())),
        ("{{ form.user }}", ValueSource::BodyForm("user".into())),
        ("{{ random(1, 6) }}", ValueSource::Random(1, 6)),
        ("{{ counter(\"n\") }}", ValueSource::Counter("n".into())),
        (
            "{{ fake.first-name }}",
            ValueSource::Fake(gated_engine::program::Fake::FirstName),
        ),
    ] {
        assert_eq!(only(text), (source, vec![]), "{text}");
    }
    assert_eq!(
        only("{{ now|date(\"%Y\") | default( 'x' )|truncate(3)}}").1,
        [
            Filter::Date("%Y".into()),
            Filter::Default("x".into()),
            Filter::Truncate(3)
        ]
    );
}

#[test]
fn what_is_known_at_compile_time_becomes_text() {
    let (template, findings) = with_scope(Site::Response, Place::JsonLines, |scope| {
        compile(
            "\"{{ \"{{\" }} {{ env.REGION }} {{ env.REGION | upper | raw }} }}",
            scope,
        )
    });
    assert_eq!(findings, []);
    assert_eq!(
        template.segments,
        [Segment::Text(
            "\"{{ north \\\"1\\\" NORTH \"1\" }}".to_owned()
        )]
    );
}

fn said(site: Site, text: &str) -> String {
    let (_, findings) = with_scope(site, Place::Plain, |scope| compile(text, scope));
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| {
            let part = text.get(finding.range.clone()).unwrap();
            format!("{} [{part}] {}", finding.code, finding.message)
        })
        .collect();
    lines.join("\n")
}

#[test]
fn mistakes_are_told_at_their_place() {
    let wrong = [
        "{{ path.id",
        "{{ }}",
        "{{ path.id upper }}",
        "{{ path.id | }}",
        "{{ pth.id }}",
        "{{ path.nam }}",
        "{{ path.other }}",
        "{{ query }}",
        "{{ path.id | uper }}",
        "{{ path.id | upper(1) }}",
        "{{ now | date(\"%Q\") }}",
        "{{ env.NOPE }}",
        "{{ secret(\"k\") }}",
        "{{ error.status }}",
        "{{ json(\"$.a[\") }}",
        "{{ body.a[ }}",
        "{{ \"open }}",
        "{{ random(6, 1) }}",
        "{{ fake.nam }}",
        "{{ method.x }}",
        "{{ counter }}",
        "{{ a }} and {{ b }}",
        "{{ path.id {{ path.name }}",
    ];
    let all: Vec<_> = wrong
        .iter()
        .map(|text| said(Site::Response, text))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_captured_name_alone_is_mended() {
    let (_, findings) = with_scope(Site::Response, Place::Plain, |scope| {
        compile("a {{ id }}", scope)
    });
    assert_eq!(findings[0].replacement.as_deref(), Some("path.id"));
    assert_eq!(findings[0].range, 5..7);
}

#[test]
fn error_pages_have_an_error_but_no_route() {
    assert_eq!(
        said(
            Site::ErrorPage,
            "{{ error.status }} {{ error.reason }} {{ url }}"
        ),
        ""
    );
    insta::assert_snapshot!(said(
        Site::ErrorPage,
        "{{ path.id }} {{ body }} {{ form.x }}"
    ));
}

#[test]
fn a_finding_points_into_the_file() {
    let file = "body \"\"\"\n    one {{ x1 }}\n    two {{ x1 | upper }}\n    \"\"\"";
    let text = "one {{ x1 }}\ntwo {{ x1 | upper }}";
    let mut sources = Sources::new();
    let source = sources.add("a.kdl", file);
    let (_, findings) = with_scope(Site::Response, Place::Plain, |scope| compile(text, scope));
    let spans: Vec<_> = findings
        .iter()
        .map(|finding| locate(finding, text, Span::new(source, 5, file.len()), &sources).span)
        .collect();
    let at: Vec<_> = spans
        .iter()
        .map(|span| (sources.slice(*span), sources.place(*span)))
        .collect();
    assert_eq!(
        at,
        [
            ("x1", "a.kdl:2:12".to_owned()),
            ("x1", "a.kdl:3:12".to_owned())
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_ends(text in "[{}|a-z\"'(). \\[\\]\\\\,$0-9é-]{0,60}") {
        let (_, findings) = with_scope(Site::Response, Place::JsonLines, |scope| compile(&text, scope));
        for finding in findings {
            proptest::prop_assert!(text.get(finding.range.clone()).is_some());
            proptest::prop_assert!(text.get(finding.expression.clone()).is_some());
        }
    }
}

#[test]
fn a_template_of_nothing_but_mistakes_is_given_up_soon() {
    let scope = Scope {
        site: Site::Response,
        place: Place::Plain,
        parameters: &[],
        numbers: &[],
        claims: &[],
        session: None,
        environment: &|_| None,
    };
    for mistake in ["{{", "{{ '", "{{ nope }} ", "{{ method | nope "] {
        let began = std::time::Instant::now();
        let (_, findings) = compile(&mistake.repeat(200_000), &scope);
        assert!((100..110).contains(&findings.len()), "{}", findings.len());
        assert!(began.elapsed().as_secs() < 5, "{mistake}");
    }
}
