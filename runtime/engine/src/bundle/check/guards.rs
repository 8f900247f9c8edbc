//! Guards: every number leads to something smaller, no deeper than a request should have to go.

use crate::program::{ArchivedArm, ArchivedFact, ArchivedProgram, ArchivedTerm};

use smallvec::SmallVec;

use super::{Check, header_name, must, within};

/// How deep terms may stand in each other.
const DEPTH: u16 = 256;

pub(super) fn check(program: &ArchivedProgram) -> Check {
    check_terms(&program.terms)?;
    for guard in program.guards.iter() {
        for arm in guard.arms.iter() {
            check_arm(program, arm)?;
        }
    }
    let guards = program.guards.len();
    for route in program.routes.iter() {
        let guard = route.guard.as_ref().map(|guard| guard.to_native());
        must(guard.is_none_or(|guard| within(guard, guards)), || {
            format!("route `{}` has a guard that is not there", route.name)
        })?;
    }
    Ok(())
}

fn check_arm(program: &ArchivedProgram, arm: &ArchivedArm) -> Check {
    must(
        within(arm.identity.to_native(), program.identities.len()),
        || "a guard is for an identity that is not there".to_owned(),
    )?;
    for policy in arm.forbids.iter().chain(arm.permits.iter()) {
        must(
            within(policy.name.to_native(), program.policies.len()),
            || "a guard names a policy that is not there".to_owned(),
        )?;
        must(
            within(policy.condition.to_native(), program.terms.len()),
            || "a policy has a condition that is not there".to_owned(),
        )?;
    }
    Ok(())
}

fn check_terms(terms: &[ArchivedTerm]) -> Check {
    let mut depths: Vec<u16> = Vec::with_capacity(terms.len());
    for term in terms {
        let mut deepest = 0;
        for part in parts(term) {
            let depth = depths.get(part as usize);
            let depth = depth.ok_or("a part of a condition refers to a later one")?;
            deepest = deepest.max(*depth);
        }
        must(deepest < DEPTH, || "a condition is too deep".to_owned())?;
        depths.push(deepest + 1);
        check_term(term)?;
    }
    Ok(())
}

fn check_term(term: &ArchivedTerm) -> Check {
    match term {
        ArchivedTerm::Fact(ArchivedFact::Header(name))
        | ArchivedTerm::Has(ArchivedFact::Header(name)) => header_name(name),
        ArchivedTerm::Ip(text) => must(crate::principal::Ip::parse(text).is_some(), || {
            format!("`{text}` is no address")
        }),
        ArchivedTerm::ToUnits(_, unit) => must(unit.to_native() > 0, || {
            "a unit of time is not positive".to_owned()
        }),
        ArchivedTerm::Texts(items) => must(items.is_sorted(), || "texts are not sorted".to_owned()),
        ArchivedTerm::Member(roles, ids) => must(roles.is_sorted() && ids.is_sorted(), || {
            "roles or ids are not sorted".to_owned()
        }),
        _ => Ok(()),
    }
}

/// The terms that a term is made of.
fn parts(term: &ArchivedTerm) -> SmallVec<[u32; 4]> {
    use ArchivedTerm as Term;
    match term {
        Term::Set(items) => items.iter().map(|item| item.to_native()).collect(),
        Term::If(one, two, three) => {
            SmallVec::from_slice(&[one.to_native(), two.to_native(), three.to_native()])
        }
        Term::And(one, two)
        | Term::Or(one, two)
        | Term::Equal(one, two)
        | Term::Less(one, two)
        | Term::LessOrEqual(one, two)
        | Term::Add(one, two)
        | Term::Subtract(one, two)
        | Term::Multiply(one, two)
        | Term::Contains(one, two)
        | Term::ContainsAll(one, two)
        | Term::ContainsAny(one, two)
        | Term::IsInRange(one, two)
        | Term::Offset(one, two)
        | Term::DurationSince(one, two) => {
            SmallVec::from_slice(&[one.to_native(), two.to_native()])
        }
        Term::Not(one)
        | Term::Negate(one)
        | Term::IsEmpty(one)
        | Term::Like(one, _)
        | Term::IpIs(one, _)
        | Term::ToDate(one)
        | Term::ToTime(one)
        | Term::ToUnits(one, _) => SmallVec::from_slice(&[one.to_native()]),
        Term::Bool(_)
        | Term::Long(_)
        | Term::Text(_)
        | Term::Decimal(_)
        | Term::Datetime(_)
        | Term::Duration(_)
        | Term::Ip(_)
        | Term::Texts(_)
        | Term::Fact(_)
        | Term::Has(_)
        | Term::Member(..) => SmallVec::new(),
    }
}
