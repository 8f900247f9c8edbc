//! The same requests, put to Cedar's authorizer with all policies and entities.

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision, Effect, Entities, EntityUid, PolicySet,
    Request, Schema,
};
use serde_json::{Value, json};

use super::requests::Asked;
use super::specs::{ENTITIES, ROUTES, Spec};

/// All policies of a spec.
pub(crate) struct Whole {
    policies: PolicySet,
    schema: Schema,
}

/// What Cedar says.
#[derive(Debug)]
pub(crate) struct Decided {
    /// A `forbid` that cannot be worked out counts as one that holds: in this guards are stricter.
    pub(crate) allowed: bool,
    /// Whether any policy could not be worked out.
    pub(crate) failed: bool,
}

const TYPES: [&str; 3] = ["Staff", "Robot", "Guest"];
const RESOURCES: [&str; 4] = [
    "Route::GetOrder",
    "Route::PutOrder",
    "Route::Page",
    "Route::Any",
];

impl Whole {
    pub(crate) fn of(spec: &Spec) -> Self {
        Self {
            policies: spec.policies.parse().unwrap(),
            schema: Schema::from_json_value(spec.schema.clone()).unwrap(),
        }
    }

    pub(crate) fn decide(&self, asked: &Asked) -> Decided {
        let uid = |kind: &str, id: &str| -> EntityUid {
            EntityUid::from_json(json!({ "type": kind, "id": id })).unwrap()
        };
        let principal = uid(TYPES[asked.identity], &asked.id);
        let action = uid("Action", ROUTES[asked.route].0);
        let resource = uid(RESOURCES[asked.route], &asked.path);
        let context =
            Context::from_json_value(context(asked), Some((&self.schema, &action))).unwrap();
        let request =
            Request::new(principal, action, resource, context, Some(&self.schema)).unwrap();
        let entities = Entities::from_json_value(entities(asked), Some(&self.schema)).unwrap();
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let mut failed = false;
        let mut forbid_failed = false;
        for error in response.diagnostics().errors() {
            let AuthorizationError::PolicyEvaluationError(error) = error;
            let policy = self.policies.policy(error.policy_id()).unwrap();
            failed = true;
            forbid_failed |= policy.effect() == Effect::Forbid;
        }
        Decided {
            allowed: response.decision() == Decision::Allow && !forbid_failed,
            failed,
        }
    }
}

fn context(asked: &Asked) -> Value {
    let mut query = json!({});
    if let Some(page) = &asked.page {
        query["page"] = json!(page);
    }
    let mut headers = json!({});
    if let Some(tenant) = &asked.tenant {
        headers["x-tenant"] = json!(tenant);
    }
    json!({
        "method": asked.method,
        "host": asked.host,
        "path": asked.path,
        "client": asked.client.to_string(),
        "time": { "__extn": { "fn": "offset", "args": [
            { "__extn": { "fn": "datetime", "arg": "1970-01-01" } },
            { "__extn": { "fn": "duration", "arg": format!("{}ms", asked.millis) } },
        ] } },
        "secure": asked.secure,
        "query": query,
        "headers": headers,
    })
}

/// The entities of the file, with the principal and the resource of the request.
fn entities(asked: &Asked) -> Value {
    let mut all: Vec<Value> = serde_json::from_str(ENTITIES).unwrap();
    let kind = TYPES[asked.identity];
    let mut parents: Vec<Value> = Vec::new();
    all.retain(|entity| {
        let own = entity["uid"]["type"] == kind && entity["uid"]["id"] == asked.id.as_str();
        if own {
            parents.extend(entity["parents"].as_array().unwrap().iter().cloned());
        }
        own || entity["uid"]["type"] != "Staff" && entity["uid"]["type"] != "Robot"
    });
    all.retain(|entity| entity["uid"]["type"] != kind);
    for role in asked
        .claims
        .get("roles")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        parents.push(json!({ "type": "Role", "id": role }));
    }
    all.push(json!({
        "uid": { "type": kind, "id": asked.id },
        "attrs": asked.claims,
        "parents": parents,
    }));
    all.push(json!({
        "uid": { "type": RESOURCES[asked.route], "id": asked.path },
        "attrs": asked.parameters,
        "parents": [],
    }));
    all.into_iter().map(with_attributes).collect()
}

/// Entities of the file have no attributes, and Cedar asks for the key.
fn with_attributes(mut entity: Value) -> Value {
    if entity.get("attrs").is_none() {
        entity["attrs"] = json!({});
    }
    entity
}
