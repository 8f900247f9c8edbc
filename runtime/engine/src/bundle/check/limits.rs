//! Limits: rates that can be counted, sets that lead to limits, each only once on a route.

use crate::program::{ArchivedLimitKey, ArchivedProgram};

use super::templates::Templates;
use super::{Check, must, within};

pub(super) fn check(program: &ArchivedProgram, templates: &mut Templates<'_>) -> Check {
    for limit in program.limits.iter() {
        let counts = limit.count.to_native() > 0
            && limit.burst.to_native() > 0
            && (1..=400 * 86_400_000).contains(&limit.period_ms.to_native());
        must(counts, || {
            format!("the limit `{}` cannot be counted", limit.name)
        })?;
        for part in limit.by.iter() {
            if let ArchivedLimitKey::Template(template) = part {
                templates.check(template)?;
            }
        }
    }
    for set in program.limit_sets.iter() {
        let mut limits: Vec<u32> = set.limits.iter().map(|one| one.0.to_native()).collect();
        must(
            limits
                .iter()
                .all(|limit| within(*limit, program.limits.len())),
            || "a route has a limit that is not there".to_owned(),
        )?;
        limits.sort_unstable();
        must(limits.is_sorted_by(|one, next| one < next), || {
            "a route has a limit twice".to_owned()
        })?;
    }
    for route in program.routes.iter() {
        let set = route.limits.as_ref().map(|set| set.to_native());
        must(
            set.is_none_or(|set| within(set, program.limit_sets.len())),
            || format!("route `{}` has limits that are not there", route.name),
        )?;
    }
    Ok(())
}
