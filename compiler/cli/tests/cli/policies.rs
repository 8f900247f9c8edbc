//! `gatec policy`, tests that say who asks, and what is said of policies that are wrong.

use super::Folder;

const SPEC: &str = r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/keys"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

identity "guest" {
    anonymous
}

policies "*.cedar" {
    headers "x-tenant"
}

never "guests change orders" {
    identity "guest"
    route "writing"
}

never "guests in the clear" {
    identity "guest"
    when "!context.secure"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
}

route "put-order" {
    match "PUT" "/orders/{id:int}"
    tags "writing"
    identity "staff"
    respond 204
}

route "home" public=#true {
    match "GET" "/"
    respond 200
}

test "a lead changes orders" {
    request "PUT" "/orders/7" { as "staff" sub="ann" roles="lead" }
    expect 204
}

test "ann does not" {
    request "PUT" "/orders/7" { as "staff" sub="ann" }
    expect 403
}

test "nobody does" {
    request "PUT" "/orders/7"
    expect 401
}

test "and forgot to say who asks" {
    request "GET" "/orders/ann"
    expect 200
}
"##;

const POLICIES: &str = r#"// Leads change orders, and everybody reads their own.
@id("leads")
permit (principal in Role::"lead", action in Action::"writing", resource);
@id("own")
permit (principal is Staff, action == Action::"get-order", resource)
when { resource.id == principal.sub };
permit (principal is Guest, action == Action::"get-order", resource)
when { context.secure && context.headers has "x-tenant" };
@id("junior")
forbid (principal is Staff, action in Action::"writing", resource)
when { principal has level && principal.level < 2 };
"#;

fn folder() -> Folder {
    Folder::of(&[("gate.kdl", SPEC), ("all.cedar", POLICIES)])
}

#[test]
fn who_may_do_what_is_told() {
    let folder = folder();
    insta::assert_snapshot!(folder.run(&["policy", "check"]));
    insta::assert_snapshot!(folder.run(&["policy", "schema"]));
    let why = |arguments: &[&str]| folder.run(&[&["policy", "why"], arguments].concat());
    let staff = ["--as", "staff", "--claim", "sub=ann"];
    let told = [
        why(&[&["GET", "/orders/ann"], &staff[..]].concat()),
        why(&[
            &[
                "PUT",
                "/orders/7",
                "--claim",
                "roles=lead",
                "--claim",
                "level=1",
            ],
            &staff[..],
        ]
        .concat()),
        why(&["GET", "/orders/ann"]),
        why(&["GET", "/"]),
        why(&["GET", "/nowhere"]),
        why(&["GET", "/orders/7", "--as", "stuff"]),
        folder.run(&["why", "PUT", "/orders/7"]),
        folder.run(&["test"]),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn mistakes_are_found_at_their_line() {
    let wrong = |from: &str, to: &str| {
        let policies = POLICIES.replace(from, to);
        assert_ne!(policies, POLICIES);
        let folder = Folder::of(&[("gate.kdl", SPEC), ("all.cedar", &policies)]);
        folder.run(&["check", "--format", "concise"])
    };
    let told = [
        // The permit of a route is gone.
        wrong(
            "@id(\"leads\")\npermit (principal in Role::\"lead\", action in Action::\"writing\", resource);\n",
            "",
        ),
        wrong(
            "Action::\"get-order\", resource)\nwhen { resource.id",
            "Action::\"get-ordr\", resource)\nwhen { resource.id",
        ),
        {
            let spec = SPEC.replace("sub=\"ann\" roles=", "sub=\"ann\" rules=");
            let folder = Folder::of(&[("gate.kdl", &spec), ("all.cedar", POLICIES)]);
            folder.run(&["check", "--format", "concise"])
        },
        wrong("principal.sub", "principal.email"),
        wrong("principal.level < 2", "principal.level == \"2\""),
        wrong("resource.id", "resource.customer"),
        // A guest is let in without TLS.
        wrong("context.secure && ", ""),
        wrong(
            "permit (principal is Guest, action",
            "permit (principal is Guest action",
        ),
    ];
    insta::assert_snapshot!(told.join("\n"));
}
