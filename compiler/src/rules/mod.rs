//! Every rule there is, by its code.

use gatec_syntax::Rule;

/// Every rule, in the order of the steps that find them: syntax, shape and loading, comments, checks, bundles.
pub fn all() -> Vec<&'static Rule> {
    let groups: [&[&'static Rule]; 10] = [
        gatec_syntax::kdl::RULES,
        gatec_syntax::yaml::RULES,
        crate::shape::rules::RULES,
        crate::load::rules::RULES,
        crate::ignore::rules::RULES,
        crate::check::RULES,
        crate::check::POLICY_RULES,
        crate::check::STATE_RULES,
        crate::template::RULES,
        &[&crate::emit::refused::RULE],
    ];
    groups.into_iter().flatten().copied().collect()
}

/// The rule with a code, such as `S101`; upper and lower case are the same.
pub fn find(code: &str) -> Option<&'static Rule> {
    all()
        .into_iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}
