//! What the parts of a spec are called in Cedar.

/// The type of roles.
pub const ROLE: &str = "Role";
/// The type of actions.
pub const ACTION: &str = "Action";
/// The namespace of resources.
pub const ROUTE: &str = "Route";

/// Types that Cedar has itself, and ours.
const TAKEN: [&str; 14] = [
    "Role",
    "Action",
    "Route",
    "Bool",
    "Boolean",
    "Long",
    "String",
    "Set",
    "Record",
    "Entity",
    "Extension",
    "ipaddr",
    "decimal",
    "datetime",
];

/// The type of the principals of an identity, or of the resources of a route: `order-staff` is
/// `OrderStaff`.
pub fn type_name(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            shown.push(first.to_ascii_uppercase());
            shown.push_str(letters.as_str());
        }
    }
    match shown.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{shown}"),
        Some(_) => shown,
    }
}

/// The type of the resources of a route, with its namespace.
pub fn resource_type(route: &str) -> String {
    format!("{ROUTE}::{}", type_name(route))
}

/// Whether a type of principals cannot have this name.
pub fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::type_name;

    #[test]
    fn names_become_types() {
        for (name, shown) in [
            ("staff", "Staff"),
            ("order-staff", "OrderStaff"),
            ("apiKeys", "ApiKeys"),
            ("2fa", "N2fa"),
            ("é", "Unnamed"),
        ] {
            assert_eq!(type_name(name), shown);
        }
    }
}
