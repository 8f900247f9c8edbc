//! How often a route may be asked for, asked of a bundle.

use super::Bundle;
use crate::program::ArchivedLimitSet;

impl Bundle {
    /// The limits that hold on a route (by index); `None`: none.
    pub fn limit_set(&self, route: u32) -> Option<&ArchivedLimitSet> {
        let program = self.program();
        let set = program.routes.get(route as usize)?.limits.as_ref()?;
        program.limit_sets.get(set.to_native() as usize)
    }

    /// The name of a route.
    pub fn route_name(&self, route: u32) -> &str {
        let route = self.program().routes.get(route as usize);
        route.map_or("", |route| route.name.as_str())
    }

    /// The name of an identity.
    pub fn identity_name(&self, identity: u32) -> &str {
        let identity = self.program().identities.get(identity as usize);
        identity.map_or("", |identity| identity.name.as_str())
    }
}
