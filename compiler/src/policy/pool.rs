//! Conditions as they are built: each part once, and decided at once where its parts are known.

use std::collections::HashMap;

use gated_engine::authorise::matches;
use gated_engine::principal::Ip;
use gated_engine::program::{ClaimKind, Fact, Term};

/// Terms, each once. A term refers to those before it.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    terms: Vec<Term>,
    known: HashMap<Term, u32>,
    /// Whether working the term out can fail.
    fails: Vec<bool>,
}

impl Pool {
    /// The terms, in order.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term with this number.
    pub fn term(&self, number: u32) -> &Term {
        self.terms
            .get(number as usize)
            .unwrap_or(&Term::Bool(false))
    }

    /// Whether a term is `true` or `false` whatever is asked.
    pub fn decided(&self, number: u32) -> Option<bool> {
        match self.term(number) {
            Term::Bool(yes) => Some(*yes),
            _ => None,
        }
    }

    /// Whether working a term out can fail.
    pub fn can_fail(&self, number: u32) -> bool {
        self.fails.get(number as usize).copied().unwrap_or(true)
    }

    /// `true` or `false`.
    pub fn bool(&mut self, yes: bool) -> u32 {
        self.keep(Term::Bool(yes))
    }

    /// A text.
    pub fn text(&mut self, text: &str) -> u32 {
        self.keep(Term::Text(text.to_owned()))
    }

    /// A term as it is.
    pub fn keep(&mut self, term: Term) -> u32 {
        if let Some(known) = self.known.get(&term) {
            return *known;
        }
        let number = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.fails.push(self.new_can_fail(&term));
        self.known.insert(term.clone(), number);
        self.terms.push(term);
        number
    }

    fn new_can_fail(&self, term: &Term) -> bool {
        let own = matches!(
            term,
            Term::Add(..)
                | Term::Subtract(..)
                | Term::Multiply(..)
                | Term::Negate(_)
                | Term::Offset(..)
                | Term::DurationSince(..)
                | Term::ToDate(_)
                | Term::Fact(
                    Fact::Header(_) | Fact::Query(_) | Fact::Parameter(_, ClaimKind::Text)
                )
                | Term::Has(Fact::Header(_) | Fact::Query(_))
        );
        own || parts(term).iter().any(|part| self.can_fail(*part))
    }

    /// `!a`
    pub fn not(&mut self, one: u32) -> u32 {
        match self.term(one) {
            Term::Bool(yes) => self.bool(!yes),
            Term::Not(inner) => *inner,
            _ => self.keep(Term::Not(one)),
        }
    }

    /// `a && b`, which does not look at `b` where `a` is false.
    pub fn and(&mut self, one: u32, two: u32) -> u32 {
        match (self.decided(one), self.decided(two)) {
            (Some(false), _) | (_, Some(true)) => one,
            (Some(true), _) => two,
            (None, Some(false)) if !self.can_fail(one) => two,
            _ if one == two => one,
            _ => self.keep(Term::And(one, two)),
        }
    }

    /// `a || b`, which does not look at `b` where `a` is true.
    pub fn or(&mut self, one: u32, two: u32) -> u32 {
        match (self.decided(one), self.decided(two)) {
            (Some(true), _) | (_, Some(false)) => one,
            (Some(false), _) => two,
            (None, Some(true)) if !self.can_fail(one) => two,
            _ if one == two => one,
            _ => self.keep(Term::Or(one, two)),
        }
    }

    /// `if a then b else c`
    pub fn choose(&mut self, test: u32, yes: u32, no: u32) -> u32 {
        match self.decided(test) {
            Some(true) => yes,
            Some(false) => no,
            None if yes == no && !self.can_fail(test) => yes,
            None => self.keep(Term::If(test, yes, no)),
        }
    }

    /// `a == b`
    pub fn equal(&mut self, one: u32, two: u32) -> u32 {
        let (left, right) = (self.term(one), self.term(two));
        let decided = match (left, right) {
            (Term::Ip(left), Term::Ip(right)) => Some(Ip::parse(left) == Ip::parse(right)),
            _ if is_constant(left) && is_constant(right) => Some(left == right),
            _ if one == two && !self.can_fail(one) => Some(true),
            _ => None,
        };
        match decided {
            Some(yes) => self.bool(yes),
            None => self.keep(Term::Equal(one, two)),
        }
    }

    /// `a < b`, or with `or_equal` `a <= b`.
    pub fn less(&mut self, one: u32, two: u32, or_equal: bool) -> u32 {
        match (rank(self.term(one)), rank(self.term(two))) {
            (Some(left), Some(right)) => self.bool(left < right || (or_equal && left == right)),
            _ if or_equal => self.keep(Term::LessOrEqual(one, two)),
            _ => self.keep(Term::Less(one, two)),
        }
    }

    /// A sum, difference or product of whole numbers; what overflows is left to be found at run time.
    pub fn sum(
        &mut self,
        one: u32,
        two: u32,
        of: fn(i64, i64) -> Option<i64>,
        term: fn(u32, u32) -> Term,
    ) -> u32 {
        let known = match (self.term(one), self.term(two)) {
            (Term::Long(one), Term::Long(two)) => of(*one, *two),
            _ => None,
        };
        self.keep(known.map_or_else(|| term(one, two), Term::Long))
    }

    /// `a like …`
    pub fn like(&mut self, text: u32, parts: Vec<String>) -> u32 {
        match self.term(text) {
            Term::Text(text) => {
                let yes = matches(text, &parts);
                self.bool(yes)
            }
            _ if parts.iter().all(String::is_empty) && parts.len() > 1 && !self.can_fail(text) => {
                self.bool(true)
            }
            _ => self.keep(Term::Like(text, parts)),
        }
    }

    /// `a.contains(b)`
    pub fn contains(&mut self, set: u32, item: u32) -> u32 {
        match (self.term(set), self.term(item)) {
            (Term::Texts(items), Term::Text(text)) => {
                let yes = items.binary_search(text).is_ok();
                self.bool(yes)
            }
            (Term::Texts(items), _) if items.is_empty() && !self.can_fail(item) => self.bool(false),
            _ => self.keep(Term::Contains(set, item)),
        }
    }

    /// A set.
    pub fn set(&mut self, items: Vec<u32>) -> u32 {
        let texts: Option<Vec<String>> = items
            .iter()
            .map(|item| match self.term(*item) {
                Term::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        match texts {
            Some(mut texts) if !items.is_empty() => {
                texts.sort_unstable();
                texts.dedup();
                self.keep(Term::Texts(texts))
            }
            _ => self.keep(Term::Set(items)),
        }
    }
}

fn is_constant(term: &Term) -> bool {
    matches!(
        term,
        Term::Bool(_)
            | Term::Long(_)
            | Term::Text(_)
            | Term::Decimal(_)
            | Term::Datetime(_)
            | Term::Duration(_)
            | Term::Ip(_)
            | Term::Texts(_)
    )
}

fn rank(term: &Term) -> Option<i64> {
    match term {
        Term::Long(number)
        | Term::Decimal(number)
        | Term::Datetime(number)
        | Term::Duration(number) => Some(*number),
        _ => None,
    }
}

/// The terms that a term is made of.
pub fn parts(term: &Term) -> Vec<u32> {
    match term {
        Term::Set(items) => items.clone(),
        Term::If(one, two, three) => vec![*one, *two, *three],
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
        | Term::DurationSince(one, two) => vec![*one, *two],
        Term::Not(one)
        | Term::Negate(one)
        | Term::IsEmpty(one)
        | Term::Like(one, _)
        | Term::IpIs(one, _)
        | Term::ToDate(one)
        | Term::ToTime(one)
        | Term::ToUnits(one, _) => vec![*one],
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
        | Term::Member(..) => Vec::new(),
    }
}
