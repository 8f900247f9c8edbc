//! A policy's expressions, with everything put in that is known of a route and an identity.

use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy::pst::{BinaryOp, EntityUID, Expr, Literal, PatternElem, UnaryOp, Var};
use gated_engine::program::{ClaimKind, Fact, IpQuestion, Term};

use super::entities::{Hierarchy, Uid};
use super::names::{ACTION, ROLE};
use super::pool::Pool;
use super::schema::CONTEXT;
use super::world::{Action, Principal, World};

/// How deep expressions may stand in each other.
const DEPTH: usize = 200;

/// Something that Cedar can say and a guard cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

/// The requests that a policy is put to: those of one identity on one route.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What policies can speak of.
    pub world: &'a World,
    /// What is part of what.
    pub hierarchy: &'a Hierarchy,
    /// Who asks.
    pub principal: &'a Principal,
    /// The route.
    pub route: &'a str,
    /// Its action.
    pub action: &'a Action,
}

/// What became of an expression.
#[derive(Clone)]
enum Folded {
    /// A value.
    Term(u32),
    /// An entity by name.
    Entity(Uid),
    /// `principal`
    Principal,
    /// `resource`
    Resource,
    /// `context`, `context.headers`, `context.query`.
    Context,
    Headers,
    Query,
    /// `context.session`.
    Session,
    /// A record written in the policy.
    Record(BTreeMap<String, Folded>),
    /// A set of entities.
    Entities(Vec<Folded>),
}

type Result<T> = std::result::Result<T, Unsupported>;

/// Folds expressions into a pool.
pub struct Folder<'a, 'p> {
    scene: Scene<'a>,
    pool: &'p mut Pool,
    depth: usize,
}

impl<'a, 'p> Folder<'a, 'p> {
    /// A folder for one scene.
    pub fn new(scene: Scene<'a>, pool: &'p mut Pool) -> Self {
        Self {
            scene,
            pool,
            depth: 0,
        }
    }

    /// The pool.
    pub fn pool(&mut self) -> &mut Pool {
        self.pool
    }

    /// A condition.
    ///
    /// # Errors
    /// [`Unsupported`]
    pub fn condition(&mut self, expr: &Expr) -> Result<u32> {
        let folded = self.expr(expr)?;
        self.term(folded)
    }

    /// Whether `principal` is this entity or part of it.
    pub fn principal_in(&mut self, uid: &Uid) -> u32 {
        let hierarchy = self.scene.hierarchy;
        let role = (ROLE.to_owned(), uid.1.clone());
        let mut roles = hierarchy.below(ROLE, uid);
        if *uid == role {
            roles.push(uid.1.clone());
        }
        let mut ids = hierarchy.below(&self.scene.principal.kind, uid);
        if uid.0 == self.scene.principal.kind {
            ids.push(uid.1.clone());
        }
        self.member(roles, ids)
    }

    fn member(&mut self, mut roles: Vec<String>, mut ids: Vec<String>) -> u32 {
        if self.scene.principal.roles.is_empty() {
            roles.clear();
        }
        roles.sort_unstable();
        roles.dedup();
        ids.sort_unstable();
        ids.dedup();
        match roles.is_empty() && ids.is_empty() {
            true => self.pool.bool(false),
            false => self.pool.keep(Term::Member(roles, ids)),
        }
    }

    /// Whether `principal` is this very entity.
    pub fn principal_is(&mut self, uid: &Uid) -> u32 {
        match uid.0 == self.scene.principal.kind {
            true => self.member(Vec::new(), vec![uid.1.clone()]),
            false => self.pool.bool(false),
        }
    }

    /// Whether `resource` is this very entity, whose id is the path.
    pub fn resource_is(&mut self, uid: &Uid) -> u32 {
        if uid.0 != self.scene.action.resource {
            return self.pool.bool(false);
        }
        let path = self.pool.keep(Term::Fact(Fact::Path));
        let id = self.pool.text(&uid.1);
        self.pool.equal(path, id)
    }

    /// The route.
    pub fn route(&self) -> &'a str {
        self.scene.route
    }

    /// Whether principals are of this type.
    pub fn principal_is_a(&mut self, kind: &str) -> u32 {
        self.pool.bool(kind == self.scene.principal.kind)
    }

    /// Whether resources are of this type.
    pub fn resource_is_a(&mut self, kind: &str) -> u32 {
        self.pool.bool(kind == self.scene.action.resource)
    }

    /// Whether the action is this one or in this group.
    pub fn action_in(&self, uid: &Uid) -> bool {
        uid.0 == ACTION && (uid.1 == self.scene.route || self.scene.action.tags.contains(&uid.1))
    }

    fn expr(&mut self, expr: &Expr) -> Result<Folded> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Unsupported(format!(
                "expressions stand more than {DEPTH} deep in each other"
            )));
        }
        let folded = self.part(expr);
        self.depth -= 1;
        folded
    }

    fn part(&mut self, expr: &Expr) -> Result<Folded> {
        match expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Var(Var::Principal) => Ok(Folded::Principal),
            Expr::Var(Var::Resource) => Ok(Folded::Resource),
            Expr::Var(Var::Context) => Ok(Folded::Context),
            Expr::Var(Var::Action) => Ok(Folded::Entity((
                ACTION.to_owned(),
                self.scene.route.to_owned(),
            ))),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr).map(Folded::Term),
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right).map(Folded::Term),
            Expr::GetAttr { expr, attr } => {
                let of = self.expr(expr)?;
                self.attribute(of, attr)
            }
            Expr::HasAttr { expr, attrs } => {
                let of = self.expr(expr)?;
                let attrs: Vec<&str> = attrs.iter().map(|attr| attr.as_str()).collect();
                self.has(of, &attrs).map(Folded::Term)
            }
            Expr::Like { expr, pattern } => {
                let text = self.expr(expr)?;
                let text = self.term(text)?;
                Ok(Folded::Term(self.pool.like(text, parts_of(pattern))))
            }
            Expr::Is {
                expr,
                entity_type,
                in_expr,
            } => {
                let of = self.expr(expr)?;
                let is = self.kind_of(&of)? == entity_type.to_string();
                let is = self.pool.bool(is);
                let within = match in_expr {
                    Some(target) => {
                        let target = self.expr(target)?;
                        self.within(&of, &target)?
                    }
                    None => self.pool.bool(true),
                };
                Ok(Folded::Term(self.pool.and(is, within)))
            }
            Expr::IfThenElse {
                cond,
                then_expr,
                else_expr,
            } => self.choice(cond, then_expr, else_expr),
            Expr::Set(items) => self.set(items),
            Expr::Record(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), self.expr(value)?)));
                Ok(Folded::Record(fields.collect::<Result<_>>()?))
            }
            _ => Err(Unsupported("an expression of this kind".to_owned())),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Result<Folded> {
        Ok(match literal {
            Literal::Bool(yes) => Folded::Term(self.pool.bool(*yes)),
            Literal::Long(number) => Folded::Term(self.pool.keep(Term::Long(*number))),
            Literal::String(text) => Folded::Term(self.pool.text(text)),
            Literal::EntityUID(uid) => Folded::Entity(name(uid)),
            _ => return Err(Unsupported("a literal of this kind".to_owned())),
        })
    }

    fn choice(&mut self, test: &Arc<Expr>, yes: &Arc<Expr>, no: &Arc<Expr>) -> Result<Folded> {
        let test = self.condition(test)?;
        match self.pool.decided(test) {
            Some(true) => self.expr(yes),
            Some(false) => self.expr(no),
            None => {
                let yes = self.condition(yes)?;
                let no = self.condition(no)?;
                Ok(Folded::Term(self.pool.choose(test, yes, no)))
            }
        }
    }

    fn set(&mut self, items: &[Arc<Expr>]) -> Result<Folded> {
        let items = items.iter().map(|item| self.expr(item));
        let items = items.collect::<Result<Vec<_>>>()?;
        let terms: Option<Vec<u32>> = items
            .iter()
            .map(|item| match item {
                Folded::Term(term) => Some(*term),
                _ => None,
            })
            .collect();
        Ok(match terms {
            Some(terms) => Folded::Term(self.pool.set(terms)),
            None => Folded::Entities(items),
        })
    }

    /// A value that can be worked out at run time.
    fn term(&mut self, folded: Folded) -> Result<u32> {
        match folded {
            Folded::Term(term) => Ok(term),
            Folded::Principal => Ok(self.pool.keep(Term::Fact(Fact::Principal))),
            Folded::Resource => Ok(self.pool.keep(Term::Fact(Fact::Path))),
            Folded::Entity(_) => Err(Unsupported("an entity where a value is needed".to_owned())),
            Folded::Context
            | Folded::Headers
            | Folded::Query
            | Folded::Session
            | Folded::Record(_) => Err(Unsupported("a whole record as a value".to_owned())),
            Folded::Entities(_) => Err(Unsupported("a set of entities as a value".to_owned())),
        }
    }

    fn kind_of(&self, folded: &Folded) -> Result<String> {
        match folded {
            Folded::Principal => Ok(self.scene.principal.kind.clone()),
            Folded::Resource => Ok(self.scene.action.resource.clone()),
            Folded::Entity((kind, _)) => Ok(kind.clone()),
            _ => Err(Unsupported(
                "the type of something that is no entity".to_owned(),
            )),
        }
    }

    fn attribute(&mut self, of: Folded, name: &str) -> Result<Folded> {
        let unknown = || Unsupported(format!("`{name}`, which is not declared"));
        let fact = match of {
            Folded::Context => match name {
                "headers" => return Ok(Folded::Headers),
                "query" => return Ok(Folded::Query),
                "session" => return Ok(Folded::Session),
                _ => return self.of_context(name).ok_or_else(unknown),
            },
            Folded::Headers => Fact::Header(name.to_owned()),
            Folded::Query => Fact::Query(name.to_owned()),
            Folded::Session => {
                let kind = self.scene.world.session.get(name).ok_or_else(unknown)?;
                Fact::Session(name.to_owned(), *kind)
            }
            Folded::Principal => {
                let (number, ..) = self.scene.principal.claims.get(name).ok_or_else(unknown)?;
                Fact::Claim(*number)
            }
            Folded::Resource => {
                let (kind, _) = self.scene.action.parameters.get(name).ok_or_else(unknown)?;
                Fact::Parameter(name.to_owned(), *kind)
            }
            Folded::Record(mut fields) => return fields.remove(name).ok_or_else(unknown),
            _ => return Err(unknown()),
        };
        Ok(Folded::Term(self.pool.keep(Term::Fact(fact))))
    }

    fn of_context(&mut self, name: &str) -> Option<Folded> {
        let fact = match name {
            "method" => match self.scene.action.methods.as_slice() {
                [only] => return Some(Folded::Term(self.pool.text(only))),
                _ => Fact::Method,
            },
            "host" => Fact::Host,
            "path" => match &self.scene.action.path {
                Some(only) => return Some(Folded::Term(self.pool.text(only))),
                None => Fact::Path,
            },
            "client" => Fact::Client,
            "time" => Fact::Time,
            "secure" => Fact::Secure,
            _ => return None,
        };
        Some(Folded::Term(self.pool.keep(Term::Fact(fact))))
    }

    fn has(&mut self, of: Folded, names: &[&str]) -> Result<u32> {
        let Some((name, rest)) = names.split_first() else {
            return Ok(self.pool.bool(true));
        };
        let here = match &of {
            Folded::Context => {
                let known = match *name {
                    "headers" => !self.scene.world.headers.is_empty(),
                    "query" => !self.scene.world.query.is_empty(),
                    "session" => !self.scene.world.session.is_empty(),
                    name => CONTEXT.iter().any(|(known, _)| *known == name),
                };
                self.pool.bool(known)
            }
            Folded::Headers => match self.scene.world.headers.iter().any(|known| known == name) {
                true => self.pool.keep(Term::Has(Fact::Header((*name).to_owned()))),
                false => self.pool.bool(false),
            },
            Folded::Query => match self.scene.world.query.iter().any(|known| known == name) {
                true => self.pool.keep(Term::Has(Fact::Query((*name).to_owned()))),
                false => self.pool.bool(false),
            },
            Folded::Session => match self.scene.action.session.get(*name) {
                Some(kind) => {
                    let fact = Fact::Session((*name).to_owned(), *kind);
                    self.pool.keep(Term::Has(fact))
                }
                None => self.pool.bool(false),
            },
            Folded::Principal => match self.scene.principal.claims.get(*name) {
                Some((number, _, true)) => self.pool.keep(Term::Has(Fact::Claim(*number))),
                known => self.pool.bool(known.is_some()),
            },
            Folded::Resource => match self.scene.action.parameters.get(*name) {
                Some((kind, true)) => {
                    let fact = Fact::Parameter((*name).to_owned(), *kind);
                    self.pool.keep(Term::Has(fact))
                }
                known => self.pool.bool(known.is_some()),
            },
            Folded::Record(fields) => self.pool.bool(fields.contains_key(*name)),
            Folded::Entity(_) => self.pool.bool(false),
            _ => return Err(Unsupported("`has` of what is no record".to_owned())),
        };
        if rest.is_empty() || self.pool.decided(here) == Some(false) {
            return Ok(here);
        }
        let below = self.attribute(of, name)?;
        let below = self.has(below, rest)?;
        Ok(self.pool.and(here, below))
    }

    fn unary(&mut self, op: UnaryOp, expr: &Arc<Expr>) -> Result<u32> {
        if let UnaryOp::Ip | UnaryOp::Decimal | UnaryOp::Datetime | UnaryOp::Duration = op {
            return self.constructed(op, expr);
        }
        let of = self.expr(expr)?;
        let one = self.term(of)?;
        let ip = |question| Term::IpIs(one, question);
        let term = match op {
            UnaryOp::Not => return Ok(self.pool.not(one)),
            UnaryOp::Neg => match self.pool.term(one) {
                Term::Long(number) if *number != i64::MIN => Term::Long(-number),
                _ => Term::Negate(one),
            },
            UnaryOp::IsEmpty => match self.pool.term(one) {
                Term::Texts(items) => Term::Bool(items.is_empty()),
                Term::Set(items) if items.is_empty() => Term::Bool(true),
                _ => Term::IsEmpty(one),
            },
            UnaryOp::IsIPv4 => ip(IpQuestion::V4),
            UnaryOp::IsIPV6 => ip(IpQuestion::V6),
            UnaryOp::IsLoopback => ip(IpQuestion::Loopback),
            UnaryOp::IsMulticast => ip(IpQuestion::Multicast),
            UnaryOp::ToDate => Term::ToDate(one),
            UnaryOp::ToTime => Term::ToTime(one),
            UnaryOp::ToMilliseconds => Term::ToUnits(one, 1),
            UnaryOp::ToSeconds => Term::ToUnits(one, 1_000),
            UnaryOp::ToMinutes => Term::ToUnits(one, 60_000),
            UnaryOp::ToHours => Term::ToUnits(one, 3_600_000),
            UnaryOp::ToDays => Term::ToUnits(one, 86_400_000),
            _ => return Err(Unsupported(format!("`{op}`"))),
        };
        Ok(self.pool.keep(term))
    }

    /// `ip("…")` and its like: validation lets only texts stand there.
    fn constructed(&mut self, op: UnaryOp, expr: &Arc<Expr>) -> Result<u32> {
        let Expr::Literal(Literal::String(text)) = &**expr else {
            return Err(Unsupported(format!("`{op}` of what is not written out")));
        };
        let wrong = || Unsupported(format!("`{op}(\"{text}\")`"));
        let term = match op {
            UnaryOp::Ip => {
                gated_engine::principal::Ip::parse(text).ok_or_else(wrong)?;
                Term::Ip(text.to_string())
            }
            UnaryOp::Decimal => {
                Term::Decimal(gated_engine::principal::parse_decimal(text).ok_or_else(wrong)?)
            }
            UnaryOp::Datetime => Term::Datetime(super::read::datetime(text).ok_or_else(wrong)?),
            _ => Term::Duration(super::read::duration(text).ok_or_else(wrong)?),
        };
        Ok(self.pool.keep(term))
    }

    fn binary(&mut self, op: BinaryOp, left: &Arc<Expr>, right: &Arc<Expr>) -> Result<u32> {
        if let BinaryOp::And | BinaryOp::Or = op {
            let one = self.condition(left)?;
            // What is never looked at may even be of a type that cannot be folded.
            if self.pool.decided(one) == Some(op == BinaryOp::Or) {
                return Ok(one);
            }
            let two = self.condition(right)?;
            return Ok(match op {
                BinaryOp::And => self.pool.and(one, two),
                _ => self.pool.or(one, two),
            });
        }
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        match op {
            BinaryOp::Eq => self.equal(&left, &right),
            BinaryOp::NotEq => {
                let equal = self.equal(&left, &right)?;
                Ok(self.pool.not(equal))
            }
            BinaryOp::In => self.within(&left, &right),
            BinaryOp::Contains if matches!(left, Folded::Entities(_)) => {
                self.any(&left, |folder, item| folder.equal(item, &right))
            }
            _ => {
                let (one, two) = (self.term(left)?, self.term(right)?);
                self.of_terms(op, one, two)
            }
        }
    }

    fn of_terms(&mut self, op: BinaryOp, one: u32, two: u32) -> Result<u32> {
        let pool = &mut *self.pool;
        let term = match op {
            BinaryOp::Less | BinaryOp::DecimalLessThan => return Ok(pool.less(one, two, false)),
            BinaryOp::LessEq | BinaryOp::DecimalLessEq => return Ok(pool.less(one, two, true)),
            BinaryOp::Greater | BinaryOp::DecimalGreater => return Ok(pool.less(two, one, false)),
            BinaryOp::GreaterEq | BinaryOp::DecimalGreaterEq => {
                return Ok(pool.less(two, one, true));
            }
            BinaryOp::Add => return Ok(pool.sum(one, two, i64::checked_add, Term::Add)),
            BinaryOp::Sub => return Ok(pool.sum(one, two, i64::checked_sub, Term::Subtract)),
            BinaryOp::Mul => return Ok(pool.sum(one, two, i64::checked_mul, Term::Multiply)),
            BinaryOp::Contains => return Ok(self.contains(one, two)),
            BinaryOp::ContainsAll => Term::ContainsAll(one, two),
            BinaryOp::ContainsAny => Term::ContainsAny(one, two),
            BinaryOp::IsInRange => Term::IsInRange(one, two),
            BinaryOp::Offset => Term::Offset(one, two),
            BinaryOp::DurationSince => Term::DurationSince(one, two),
            _ => return Err(Unsupported(format!("`{op}`"))),
        };
        Ok(pool.keep(term))
    }

    /// Of a route's methods it may be known that all or none are in a set.
    fn contains(&mut self, set: u32, item: u32) -> u32 {
        let methods = &self.scene.action.methods;
        if let (Term::Texts(texts), Term::Fact(Fact::Method)) =
            (self.pool.term(set), self.pool.term(item))
            && !methods.is_empty()
        {
            let inside = methods
                .iter()
                .filter(|method| texts.contains(method))
                .count();
            if inside == 0 || inside == methods.len() {
                return self.pool.bool(inside > 0);
            }
        }
        self.pool.contains(set, item)
    }

    fn equal(&mut self, left: &Folded, right: &Folded) -> Result<u32> {
        Ok(match (left, right) {
            (Folded::Entity(one), Folded::Entity(two)) => self.pool.bool(one == two),
            (Folded::Principal, Folded::Principal) | (Folded::Resource, Folded::Resource) => {
                self.pool.bool(true)
            }
            (Folded::Principal, Folded::Resource) | (Folded::Resource, Folded::Principal) => {
                self.pool.bool(false)
            }
            (Folded::Principal, Folded::Entity(uid)) | (Folded::Entity(uid), Folded::Principal) => {
                self.principal_is(uid)
            }
            (Folded::Resource, Folded::Entity(uid)) | (Folded::Entity(uid), Folded::Resource) => {
                self.resource_is(uid)
            }
            (Folded::Term(one), Folded::Term(two)) => self.equal_terms(*one, *two),
            _ => {
                return Err(Unsupported(
                    "records or sets of entities compared".to_owned(),
                ));
            }
        })
    }

    fn equal_terms(&mut self, one: u32, two: u32) -> u32 {
        let methods = &self.scene.action.methods;
        if let (Term::Fact(Fact::Method), Term::Text(text))
        | (Term::Text(text), Term::Fact(Fact::Method)) =
            (self.pool.term(one), self.pool.term(two))
            && !methods.is_empty()
            && !methods.contains(text)
        {
            return self.pool.bool(false);
        }
        self.pool.equal(one, two)
    }

    fn within(&mut self, left: &Folded, right: &Folded) -> Result<u32> {
        Ok(match (left, right) {
            (left, Folded::Entities(_)) => {
                return self.any(right, |folder, item| folder.within(left, item));
            }
            // An empty set has no entities in it to tell it from one of values.
            (_, Folded::Term(term)) if matches!(self.pool.term(*term), Term::Set(items) if items.is_empty()) => {
                self.pool.bool(false)
            }
            (Folded::Principal, Folded::Entity(uid)) => self.principal_in(uid),
            (Folded::Resource, Folded::Entity(uid)) => self.resource_is(uid),
            (Folded::Entity(one), Folded::Entity(two)) => {
                let is_in = match one.0 == ACTION {
                    true if one.1 == self.scene.route => self.action_in(two),
                    true => self.of_other_action(one, two),
                    false => self.scene.hierarchy.is_in(one, two),
                };
                self.pool.bool(is_in)
            }
            (Folded::Entity(_), Folded::Principal | Folded::Resource)
            | (_, Folded::Principal | Folded::Resource) => {
                return self.equal(left, right);
            }
            _ => return Err(Unsupported("`in` of what is no entity".to_owned())),
        })
    }

    fn of_other_action(&self, one: &Uid, two: &Uid) -> bool {
        let tags = self
            .scene
            .world
            .actions
            .get(&one.1)
            .map(|action| &action.tags);
        one == two || (two.0 == ACTION && tags.is_some_and(|tags| tags.contains(&two.1)))
    }

    /// Whether a test holds for any of several entities.
    fn any(
        &mut self,
        items: &Folded,
        mut test: impl FnMut(&mut Self, &Folded) -> Result<u32>,
    ) -> Result<u32> {
        let Folded::Entities(items) = items else {
            return Ok(self.pool.bool(false));
        };
        let mut any = self.pool.bool(false);
        let (mut roles, mut ids) = (Vec::new(), Vec::new());
        let mut paths: Vec<u32> = Vec::new();
        let path = self.pool.keep(Term::Fact(Fact::Path));
        for item in items {
            let term = test(self, item)?;
            // So are the paths that a resource may have.
            if let Term::Equal(one, two) = *self.pool.term(term)
                && one == path
                && matches!(self.pool.term(two), Term::Text(_))
            {
                paths.push(two);
                continue;
            }
            // All memberships are asked in one.
            if let Term::Member(some_roles, some_ids) = self.pool.term(term) {
                roles.extend(some_roles.clone());
                ids.extend(some_ids.clone());
                continue;
            }
            any = self.pool.or(any, term);
        }
        if !paths.is_empty() {
            let paths = self.pool.set(paths);
            let is_one = self.pool.contains(paths, path);
            any = self.pool.or(any, is_one);
        }
        let member = self.member(roles, ids);
        Ok(self.pool.or(any, member))
    }
}

/// An entity by type and id.
pub fn name(uid: &EntityUID) -> Uid {
    (uid.ty.to_string(), uid.eid.to_string())
}

/// The texts between the asterisks of a pattern.
fn parts_of(pattern: &[PatternElem]) -> Vec<String> {
    let mut parts = vec![String::new()];
    for elem in pattern {
        match (elem, parts.last_mut()) {
            (PatternElem::Char(c), Some(last)) => last.push(*c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

/// The type of a fact that a claim or a parameter gives.
pub fn kind_of(fact: &Fact, principal: &Principal) -> Option<ClaimKind> {
    match fact {
        Fact::Claim(number) => principal
            .claims
            .values()
            .find(|(own, ..)| own == number)
            .map(|(_, kind, _)| *kind),
        Fact::Parameter(_, kind) | Fact::Session(_, kind) => Some(*kind),
        Fact::Client => Some(ClaimKind::Ip),
        Fact::Time => Some(ClaimKind::Datetime),
        Fact::Secure => Some(ClaimKind::Bool),
        _ => Some(ClaimKind::Text),
    }
}
