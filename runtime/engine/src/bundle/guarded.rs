//! Who may use a route, asked of a bundle.

use super::Bundle;
use crate::authorise::{self, Question, Verdict};
use crate::program::{ArchivedArm, ArchivedGuard, ArchivedTerm};

impl Bundle {
    /// Who may use a route (by index); `None`: anybody.
    pub fn guard(&self, route: u32) -> Option<&ArchivedGuard> {
        let program = self.program();
        let route = program.routes.get(route as usize)?;
        let guard = route.guard.as_ref()?;
        program.guards.get(guard.to_native() as usize)
    }

    /// Whether who asks may do what they ask.
    pub fn authorise(&self, guard: &ArchivedGuard, question: &Question<'_>) -> Verdict {
        authorise::authorise(self.terms(), guard, question.principal.identity, question)
    }

    /// Every policy (by its name) of an arm with whether its condition holds, for those who want to know
    /// why.
    pub fn explain_decision(
        &self,
        arm: &ArchivedArm,
        question: &Question<'_>,
    ) -> Vec<(u32, bool, Result<bool, authorise::Problem>)> {
        let forbids = arm.forbids.iter().map(|policy| (policy, false));
        let permits = arm.permits.iter().map(|policy| (policy, true));
        forbids
            .chain(permits)
            .map(|(policy, permits)| {
                let condition = policy.condition.to_native();
                let held = authorise::holds(self.terms(), condition, question);
                (policy.name.to_native(), permits, held)
            })
            .collect()
    }

    /// The name of a policy.
    pub fn policy(&self, number: u32) -> &str {
        let name = self.program().policies.get(number as usize);
        name.map_or("", |name| name.as_str())
    }

    fn terms(&self) -> &[ArchivedTerm] {
        &self.program().terms
    }
}
