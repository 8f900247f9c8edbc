//! The two scripts, their arguments as flat strings of bytes, and what they answer. A script is named by its
//! digest and sent whole only to a server that does not know it (any more).

use std::fmt::Write;
use std::sync::LazyLock;

use redis::Value;

use crate::record::{Fields, ticks};
use crate::{Ask, Change, Debit, Done, Guard, Life, Lost, Rate, Reads, Step, Verdict};

/// A script and its digest.
#[derive(Debug)]
pub struct Script {
    /// Its text.
    pub text: &'static str,
    /// Its SHA-1, by which a server knows it again.
    pub digest: String,
}

impl Script {
    fn new(text: &'static str) -> Self {
        let digest = sha1_smol::Sha1::from(text).digest().to_string();
        Self { text, digest }
    }
}

/// Takes from limits.
pub static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));
/// Steps a record.
pub static STEP: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("step.lua")));

/// One call of a script.
#[derive(Debug)]
pub struct Call {
    /// Which script.
    pub script: &'static Script,
    /// The keys that it touches, all in one slot.
    pub keys: Vec<Vec<u8>>,
    /// Its arguments.
    pub arguments: Vec<Vec<u8>>,
}

impl Call {
    /// Takes tokens. A tick given stands in for the server's time: tests say when it is.
    #[must_use]
    pub fn take(keys: Vec<Vec<u8>>, asks: &[Ask], now: Option<i64>) -> Self {
        let rates = asks
            .iter()
            .map(|ask| (ask.rate, ask.cost, i64::from(ask.extra)));
        Self::limits(keys, "take", rates, now)
    }

    /// Takes tokens that were let through already.
    #[must_use]
    pub fn debit(keys: Vec<Vec<u8>>, debits: &[Debit], now: Option<i64>) -> Self {
        let rates = debits
            .iter()
            .map(|one| (one.rate, one.tokens, one.ago.max(0)));
        Self::limits(keys, "debit", rates, now)
    }

    fn limits(
        keys: Vec<Vec<u8>>,
        mode: &str,
        rates: impl Iterator<Item = (Rate, u32, i64)>,
        now: Option<i64>,
    ) -> Self {
        let mut arguments = vec![optional(now), mode.into()];
        for (rate, cost, extra) in rates {
            arguments.extend([number(rate.step()), number(rate.fill())]);
            arguments.extend([rate.capacity(), cost].map(number));
            arguments.push(number(extra));
        }
        Self {
            script: &TAKE,
            keys,
            arguments,
        }
    }

    /// Steps a record. Where the key holds only a digest of its name, `named` is what lists tell instead.
    #[must_use]
    pub fn step(key: Vec<u8>, step: &Step, named: &[u8], now: Option<i64>) -> Self {
        let mut out = vec![optional(now), named.into()];
        out.extend([step.bounds.fields, step.bounds.bytes].map(number));
        out.push(number(step.cases.len()));
        for case in &step.cases {
            out.push(number(case.guards.len()));
            case.guards
                .iter()
                .for_each(|guard| write_guard(guard, &mut out));
            out.push(number(case.changes.len()));
            case.changes
                .iter()
                .for_each(|change| write_change(change, &mut out));
            write_life(case.life, &mut out);
        }
        match &step.reads {
            Reads::Nothing => out.push("n".into()),
            Reads::All => out.push("a".into()),
            Reads::These(names) => {
                out.extend(["t".into(), number(names.len())]);
                out.extend(names.iter().map(|name| name.to_vec()));
            }
        }
        Self {
            script: &STEP,
            keys: vec![key],
            arguments: out,
        }
    }
}

fn write_guard(guard: &Guard, out: &mut Vec<Vec<u8>>) {
    match guard {
        Guard::Exists => out.push("E".into()),
        Guard::Absent => out.push("A".into()),
        Guard::Has(name) => out.extend(["H".into(), name.to_vec()]),
        Guard::Lacks(name) => out.extend(["L".into(), name.to_vec()]),
        Guard::Is(name, value) => out.extend(["I".into(), name.to_vec(), value.to_vec()]),
        Guard::IsNot(name, value) => out.extend(["N".into(), name.to_vec(), value.to_vec()]),
    }
}

fn write_change(change: &Change, out: &mut Vec<Vec<u8>>) {
    match change {
        Change::Set(name, value) => out.extend(["S".into(), name.to_vec(), value.to_vec()]),
        Change::Remove(name) => out.extend(["R".into(), name.to_vec()]),
        Change::Add(name, amount) => {
            let most = (1_i64 << 53) - 1;
            out.extend([
                "A".into(),
                name.to_vec(),
                number((*amount).clamp(-most, most)),
            ]);
        }
        Change::Clear => out.push("C".into()),
    }
}

fn write_life(life: Option<Life>, out: &mut Vec<Vec<u8>>) {
    let Some(life) = life else {
        return out.push("0".into());
    };
    out.push("1".into());
    out.extend([life.idle, life.absolute].map(|time| optional(time.map(ticks))));
}

fn number(number: impl std::fmt::Display) -> Vec<u8> {
    let mut text = String::with_capacity(20);
    let _ = write!(text, "{number}");
    text.into_bytes()
}

fn optional(tick: Option<i64>) -> Vec<u8> {
    tick.map(number).unwrap_or_default()
}

/// What came of a take.
///
/// # Errors
/// When this is no answer of the script.
pub fn verdicts(answer: Value) -> Result<Vec<Verdict>, Lost> {
    let numbers = numbers(answer)?;
    let verdict = |five: &[i64]| match *five {
        [enough, taken, left, wait, full_in] => Some(Verdict {
            enough: enough == 1,
            taken: u32::try_from(taken).ok()?,
            left: u32::try_from(left).ok()?,
            wait: if wait < 0 { i64::MAX } else { wait },
            full_in,
        }),
        _ => None,
    };
    let verdicts: Option<_> = numbers.chunks(5).map(verdict).collect();
    verdicts.ok_or_else(odd)
}

/// What was more than the buckets held.
///
/// # Errors
/// When this is no answer of the script.
pub fn beyond(answer: Value) -> Result<Vec<u32>, Lost> {
    let numbers = numbers(answer)?.into_iter().map(u32::try_from);
    numbers.collect::<Result<_, _>>().map_err(|_| odd())
}

/// What came of a step.
///
/// # Errors
/// When this is no answer of the script.
pub fn done(answer: Value) -> Result<Done, Lost> {
    let Value::Array(told) = answer else {
        return Err(odd());
    };
    let mut told = told.into_iter();
    let (Some(Value::Int(case)), Some(Value::Int(too_large))) = (told.next(), told.next()) else {
        return Err(odd());
    };
    let mut fields = Fields::new();
    while let Some(name) = told.next() {
        let (Value::BulkString(name), Some(Value::BulkString(value))) = (name, told.next()) else {
            return Err(odd());
        };
        fields.insert(name.into(), value.into());
    }
    Ok(Done {
        case: usize::try_from(case).ok(),
        too_large: too_large == 1,
        fields,
    })
}

fn numbers(answer: Value) -> Result<Vec<i64>, Lost> {
    let Value::Array(values) = answer else {
        return Err(odd());
    };
    let number = |value| match value {
        Value::Int(number) => Ok(number),
        _ => Err(odd()),
    };
    values.into_iter().map(number).collect()
}

fn odd() -> Lost {
    Lost::Failed("the server gave an answer that no script of this gateway gives".to_owned())
}
