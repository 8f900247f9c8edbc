//! Policies: everything an editor asks, across KDL, YAML and Cedar.

use serde_json::json;

use crate::session::{Session, able};

mod answers;
mod names;

const GATE: &str = r##"listener "web" bind="127.0.0.1:8080"
include "routes.yaml"

identity "order-staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "level" type="long"
    claim "roles" type="set<string>" role=#true
}

identity "owner" {
    jwt issuer="https://id.example" audience="own" keys="https://id.example/jwks.json"
    claim "sub"
}

policies "policies/*.cedar" {
    headers "x-tenant"
    link "ours" "shared" principal=#"Role::"lead""#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "order-staff" "owner"
    tags "orders"
    respond 200
}

never "owners write" {
    identity "owner"
    route "put-order"
}
"##;

const ROUTES: &str = "routes:\n  put-order:\n    match:\n      - method: [PUT]\n        path: /orders/{id}\n    identity: [order-staff]\n    tags: [orders]\n    respond:\n      status: 200\n";

const CEDAR: &str = r#"// who may do what with orders
@id("readers")
permit (principal is OrderStaff, action == Action::"get-order", resource)
when { principal.level > 3 && resource.id == principal.sub };

permit (
    principal in Role::"admin",
    action in Action::"orders",
    resource
) when { context.headers has "x-tenant" && principal.sub == "x" };

forbid (principal, action == Action::"put-order", resource is Route::PutOrder)
unless { context.secure };

@id("shared")
permit (principal in ?principal, action in Action::"orders", resource);
"#;

const POLICY: &str = "policies/orders.cedar";

fn shop() -> Session {
    let files = [("gate.kdl", GATE), ("routes.yaml", ROUTES), (POLICY, CEDAR)];
    let mut client = able();
    client["window"] = json!({ "showDocument": { "support": true } });
    let mut session = Session::with(&files, client);
    session.open("gate.kdl");
    session.open(POLICY);
    // What is asked for below is known once the spec was read.
    let document = json!({ "textDocument": { "uri": session.uri(POLICY) },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } },
        "context": { "diagnostics": [] } });
    session.ask("textDocument/codeAction", document);
    session
}
