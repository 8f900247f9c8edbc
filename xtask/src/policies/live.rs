//! What a request costs a live replica, in processor time.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::credentials::{Credentials, output};
use super::spec::{self, Act, Proved, ROUTES};
use crate::peers::cores::Cores;
use crate::peers::load::wrk::Wrk;
use crate::peers::running::Running;
use crate::peers::{client, place};

/// How long tokens that are sent once each may take.
const FRESH_SECONDS: u64 = 2;

/// What clients send with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Nothing to prove themselves with.
    Nothing,
    /// The same credential again and again.
    Same(Proved),
    /// Each token once.
    Fresh(Proved),
}

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// How the replica has who asks proved.
    pub proved: Proved,
    /// What the routes do.
    pub act: Act,
    /// What clients send.
    pub sent: Sent,
}

/// Everything that is measured, in the order of a round.
pub fn variants() -> Vec<Variant> {
    use Proved::{Es256, Key, Public, Rs256};
    let mut all = Vec::new();
    for act in [Act::Answer, Act::Proxy] {
        let mut add = |proved, sent| all.push(Variant { proved, act, sent });
        add(Public, Sent::Nothing);
        for proved in [Es256, Rs256, Key] {
            add(Public, Sent::Same(proved));
            add(proved, Sent::Same(proved));
        }
        if act == Act::Answer {
            add(Es256, Sent::Fresh(Es256));
            add(Rs256, Sent::Fresh(Rs256));
        }
    }
    all
}

/// The microseconds of processor time of a request, a round after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was measured.
    pub variant: Variant,
    /// The figures.
    pub figures: Vec<f64>,
}

/// What every measurement shares.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// A folder for everything that is written; it has the files that credentials are checked with.
    pub folder: &'a Path,
    /// The folder of `gated` and `gatec`.
    pub programs: &'a Path,
    /// Who runs where.
    pub cores: &'a Cores,
    /// Where requests are passed on to.
    pub upstream: SocketAddr,
    /// What clients send.
    pub credentials: &'a Credentials,
    /// How long one measurement lasts.
    pub seconds: u64,
}

/// A variant, ready to be started again and again.
struct Prepared {
    outcome: Outcome,
    bundle: PathBuf,
    address: SocketAddr,
    script: PathBuf,
    warm_up: PathBuf,
}

impl Bench<'_> {
    /// Measures everything in turn, so many times.
    ///
    /// # Errors
    /// When a replica does not start, or does not answer as it should.
    pub fn run(self, rounds: u32, say: &mut dyn FnMut(&str)) -> Result<Vec<Outcome>, String> {
        let all = variants().into_iter().enumerate();
        let all = all.map(|(number, variant)| self.prepare(number, variant));
        let mut all = all.collect::<Result<Vec<_>, _>>()?;
        for round in 1..=rounds {
            for one in &mut all {
                let figure = self.measure(one)?;
                say(&format!(
                    "round {round}  {figure:>7.2} µs  {:?}",
                    one.outcome.variant
                ));
                one.outcome.figures.push(figure);
            }
        }
        Ok(all.into_iter().map(|one| one.outcome).collect())
    }

    fn prepare(self, number: usize, variant: Variant) -> Result<Prepared, String> {
        let address = place::free()?;
        let text = spec::spec(variant.proved, variant.act, address, self.upstream);
        let (source, bundle) = (format!("v{number}.kdl"), format!("v{number}.gateb"));
        self.write(&source, &text)?;
        let mut build = Command::new(self.programs.join("gatec"));
        output(self.folder, build.args(["build", &source, "-o", &bundle]))?;
        let warm = match variant.sent {
            Sent::Fresh(proved) => Sent::Same(proved),
            sent => sent,
        };
        Ok(Prepared {
            outcome: Outcome {
                variant,
                figures: Vec::new(),
            },
            bundle: self.folder.join(bundle),
            address,
            script: self.script(&format!("v{number}.lua"), variant.sent)?,
            warm_up: self.script(&format!("v{number}-warm.lua"), warm)?,
        })
    }

    fn write(self, name: &str, text: &str) -> Result<PathBuf, String> {
        let file = self.folder.join(name);
        std::fs::write(&file, text).map_err(|error| format!("cannot write `{name}`: {error}"))?;
        Ok(file)
    }

    /// A script for `wrk` that asks for one route after the other.
    fn script(self, name: &str, sent: Sent) -> Result<PathBuf, String> {
        let Credentials { es256, rs256, key } = self.credentials;
        let of = |proved| match proved {
            Proved::Rs256 => rs256,
            _ => es256,
        };
        let first = |all: &[String]| all.first().cloned().unwrap_or_default();
        let header = match sent {
            Sent::Nothing | Sent::Fresh(_) => String::new(),
            Sent::Same(Proved::Key) => format!("wrk.headers['x-api-key'] = '{key}'\n"),
            Sent::Same(proved) => {
                let token = first(of(proved));
                format!("wrk.headers['authorization'] = 'Bearer {token}'\n")
            }
        };
        let Sent::Fresh(proved) = sent else {
            return self.write(
                name,
                &format!("{header}{SAME}").replace("ROUTES", &ROUTES.to_string()),
            );
        };
        let tokens = of(proved).get(1..).unwrap_or_default().join("\n");
        let tokens = self.write(&format!("{name}.tokens"), &tokens)?;
        let text = FRESH.replace("ROUTES", &ROUTES.to_string());
        self.write(name, &text.replace("TOKENS", &tokens.display().to_string()))
    }

    fn measure(self, one: &Prepared) -> Result<f64, String> {
        let variant = one.outcome.variant;
        let management = place::free()?;
        let mut command = self.cores.peer(&self.programs.join("gated"));
        command.arg("run").arg(&one.bundle);
        command.args(["--workers", "1", "--management", &management.to_string()]);
        let log = self.folder.join("gated.log");
        // A public route answers, a guarded one asks who is there.
        let up = || client::get(one.address, "/r0/item").is_some_and(|(status, _)| status != 503);
        let running = Running::begin(&mut command, &log, &up)?;
        let load = |script: &PathBuf, seconds| {
            let mut wrk = Wrk::new(one.address, "/");
            wrk.script = Some(script.clone());
            wrk.run(seconds)
        };
        load(&one.warm_up, 1)?;
        // What was asked last is answered and counted.
        sleep(Duration::from_millis(50));
        let before = running.usage().cpu;
        let seconds = match variant.sent {
            Sent::Fresh(_) => FRESH_SECONDS,
            _ => self.seconds,
        };
        let report = load(&one.script, seconds)?;
        let cpu = running.usage().cpu.saturating_sub(before);
        match (report.failed, report.requests) {
            (0, 1..) => Ok(cpu.as_secs_f64() * 1e6 / report.requests as f64),
            (failed, requests) => Err(format!(
                "{variant:?}: {failed} requests failed, {requests} were answered"
            )),
        }
    }
}

const SAME: &str = "local requests = {}
function init(args)
  for i = 0, ROUTES - 1 do
    requests[i] = wrk.format('GET', '/r' .. i .. '/item')
  end
end
local i = 0
function request()
  i = (i + 1) % ROUTES
  return requests[i]
end
";

const FRESH: &str = "local requests = {}
local count = 0
function init(args)
  for token in io.lines('TOKENS') do
    requests[count] = wrk.format('GET', '/r' .. (count % ROUTES) .. '/item', { authorization = 'Bearer ' .. token })
    count = count + 1
  end
end
local i = -1
function request()
  i = i + 1
  if i >= count then
    wrk.thread:stop()
    return requests[count - 1]
  end
  return requests[i]
end
";
