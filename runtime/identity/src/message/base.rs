//! The text that is signed (RFC 9421, section 2.5): a line for each part that is covered, and one for
//! what the signature says about itself.

use sfv::{InnerList, Item, ItemSerializer, ListSerializer};

use super::{components, flag};
use crate::{Asked, Denied};

/// Longest text.
const LONGEST: usize = 128 << 10;

/// The text for a request.
pub(super) fn of(asked: &Asked<'_>, input: &InnerList) -> Result<String, Denied> {
    let mut lines = String::new();
    let mut seen: Vec<String> = Vec::new();
    for item in &input.items {
        let name = identifier(item)?;
        if seen.contains(&name) {
            return Err(Denied::refused("the signature covers the same twice"));
        }
        let value = value(asked, item)?;
        lines.push_str(&name);
        lines.push_str(": ");
        lines.push_str(&value);
        lines.push('\n');
        if lines.len() > LONGEST {
            return Err(Denied::refused("the signature covers too much"));
        }
        seen.push(name);
    }
    let mut parameters = ListSerializer::new();
    let mut inner = parameters.inner_list();
    inner.items(&input.items);
    inner.finish().parameters(&input.params);
    let parameters = parameters.finish().unwrap_or_default();
    lines.push_str("\"@signature-params\": ");
    lines.push_str(&parameters);
    Ok(lines)
}

/// A part as it is named at the beginning of its line.
fn identifier(item: &Item) -> Result<String, Denied> {
    if item.bare_item.as_string().is_none() {
        return Err(Denied::refused("a part that is signed has no name"));
    }
    Ok(ItemSerializer::new()
        .bare_item(&item.bare_item)
        .parameters(&item.params)
        .finish())
}

fn value(asked: &Asked<'_>, item: &Item) -> Result<String, Denied> {
    let name = item.bare_item.as_string().map_or("", |text| text.as_str());
    for (parameter, _) in &item.params {
        let known = name == "@query-param" && parameter.as_str() == "name";
        if !known {
            return Err(Denied::refused(format!(
                "`{name}` is signed with `{}`, which is not supported",
                parameter.as_str()
            )));
        }
    }
    let named = item.params.get("name");
    match (name, flag(named)) {
        ("@query-param", true) => {
            let wanted = named.and_then(|value| value.as_string());
            let wanted = wanted.ok_or(Denied::refused("`@query-param` names no parameter"))?;
            components::parameter(asked, wanted.as_str())
        }
        _ if name.starts_with('@') => components::derived(asked, name),
        _ => components::field(asked, name)?
            .ok_or_else(|| Denied::refused(format!("the header `{name}` is signed and missing"))),
    }
}
