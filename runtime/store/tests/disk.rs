//! What is kept in a file or in SQLite is there again, whoever killed the process, and is what memory would
//! have kept.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use gated_store::health::{Kind, State};
use gated_store::limit::SECOND;
use gated_store::{
    Ask, Bounds, Case, Change, Cursor, Debit, Guard, Key, Life, Lost, MemoryBounds, Rate, Reads,
    Space, Step, Store,
};

const KINDS: [Kind; 2] = [Kind::File, Kind::Sqlite];

fn open_with(
    kind: Kind,
    path: &Path,
    bounds: MemoryBounds,
) -> Result<Store, gated_store::Unusable> {
    match kind {
        Kind::File => Store::file(path, bounds),
        _ => Store::sqlite(path, bounds),
    }
}

/// Opens a store; the thread of one that was dropped may have the file for a moment still.
fn open(kind: Kind, path: &Path) -> Store {
    for _ in 0..1_000 {
        match open_with(kind, path, MemoryBounds::default()) {
            Ok(store) => return store,
            Err(error) if error.to_string().contains("another process") => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{} stays open", path.display());
}

fn space() -> Space {
    Space::new("kv", "disk", None)
}

fn step(name: &str, changes: Vec<Change>) -> Step {
    Step {
        key: Key::alone(&space(), name.to_owned().into()),
        cases: vec![Case {
            guards: vec![],
            changes,
            life: None,
        }],
        reads: Reads::All,
        bounds: Bounds::default(),
    }
}

fn add(name: &str) -> Step {
    step(name, vec![Change::Add("n".into(), 1)])
}

async fn count(store: &Store, name: &str) -> String {
    let done = store.step(&step(name, vec![])).await.unwrap();
    done.fields
        .get(b"n".as_slice())
        .map_or_else(String::new, |value| {
            String::from_utf8_lossy(value).into_owned()
        })
}

fn ask(name: &str, rate: Rate) -> Ask {
    Ask {
        key: Key::alone(&Space::new("limit", "disk", None), name.to_owned().into()),
        rate,
        cost: 1,
        extra: 0,
    }
}

#[tokio::test]
async fn what_was_kept_is_there_again() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let rate = Rate::new(1, 3600 * SECOND, 2);
        {
            let store = open(kind, &path);
            assert_eq!(
                (store.health().kind, store.health().state),
                (kind, State::Up)
            );
            assert!(store.take_now(&[]).is_none());
            for _ in 0..3 {
                store.step(&add("counted")).await.unwrap();
            }
            store.step(&add("gone")).await.unwrap();
            store
                .step(&step("gone", vec![Change::Clear]))
                .await
                .unwrap();
            let mut short = add("short");
            short.cases[0].life = Some(Life {
                idle: Some(Duration::from_millis(1)),
                absolute: None,
            });
            store.step(&short).await.unwrap();
            assert!(store.take(&[ask("a", rate), ask("b", rate)]).await.unwrap()[1].enough);
            assert_eq!(
                store
                    .debit(&[Debit {
                        key: ask("a", rate).key,
                        rate,
                        tokens: 3,
                        ago: 0
                    }])
                    .await,
                Ok(vec![2])
            );
            assert!(open_with(kind, &path, MemoryBounds::default()).is_err());
        }
        std::thread::sleep(Duration::from_millis(2));
        let store = open(kind, &path);
        assert_eq!(count(&store, "counted").await, "3");
        assert_eq!(count(&store, "gone").await, "");
        assert_eq!(count(&store, "short").await, "");
        let verdicts = store.take(&[ask("b", rate), ask("a", rate)]).await.unwrap();
        assert_eq!((verdicts[0].left, verdicts[1].left), (1, 0));
        assert!(verdicts[1].wait > 3000 * SECOND);
    }
}

#[tokio::test]
async fn bounds_hold_on_a_disk_too() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let bounds = MemoryBounds {
            limits: 10,
            records: 10,
            bytes: 1 << 20,
        };
        let store = open_with(kind, &folder.path().join("state"), bounds).unwrap();
        let rate = Rate::new(1, 3600 * SECOND, 1);
        for number in 0..50 {
            store.take(&[ask(&number.to_string(), rate)]).await.unwrap();
        }
        for number in 0..10 {
            store.step(&add(&number.to_string())).await.unwrap();
        }
        assert_eq!(store.step(&add("more")).await, Err(Lost::Full));
        assert!(store.step(&add("3")).await.is_ok());
        let health = store.health();
        let holds = health.holds.unwrap();
        assert_eq!((holds.limits, holds.records, health.evicted), (10, 10, 40));
        assert_eq!(health.failures.full, 1);
    }
}

#[tokio::test]
async fn pages_and_drops_are_of_one_space() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let store = open(kind, &folder.path().join("state"));
        let rate = Rate::new(1, 3600 * SECOND, 1);
        for number in 0..50 {
            store.step(&add(&number.to_string())).await.unwrap();
            store.take(&[ask(&number.to_string(), rate)]).await.unwrap();
        }
        let (mut found, mut after) = (Vec::new(), None::<Cursor>);
        loop {
            let page = store.list(&space(), after.as_ref(), 7).await.unwrap();
            found.extend(page.keys);
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 50);
        assert_eq!(store.drop_space(&space()).await, Ok(50));
        assert_eq!(count(&store, "7").await, "");
        assert_eq!(store.health().holds.unwrap().limits, 50);
    }
}

#[tokio::test]
async fn many_callers_at_once_lose_nothing() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let store = open(kind, &folder.path().join("state"));
        let callers: Vec<_> = (0..50)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    for _ in 0..20 {
                        store.step(&add("shared")).await.unwrap();
                    }
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap();
        }
        assert_eq!(count(&store, "shared").await, "1000");
    }
}

#[tokio::test]
async fn a_log_that_was_put_away_often_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let large = "x".repeat(10_000);
    {
        let store = open(Kind::File, &path);
        for number in 0..600 {
            let set = Change::Set("v".into(), large.clone().into());
            let name = (number % 5).to_string();
            store
                .step(&step(&name, vec![set, Change::Add("n".into(), 1)]))
                .await
                .unwrap();
        }
    }
    // 6 MB were logged, of which 50 kB count.
    assert!(std::fs::metadata(path.with_extension("log")).unwrap().len() < 2 << 20);
    let store = open(Kind::File, &path);
    for number in 0..5 {
        assert_eq!(count(&store, &number.to_string()).await, "120");
    }
}

#[tokio::test]
async fn what_is_no_store_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let path = folder.path().join(kind.name());
        std::fs::write(
            &path,
            "dear diary, this is long enough to be somebody's own text".repeat(9),
        )
        .unwrap();
        let error = open_with(kind, &path, MemoryBounds::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains(kind.name()), "{error}");
        assert!(
            std::fs::read_to_string(&path)
                .unwrap()
                .starts_with("dear diary")
        );
        let nowhere = folder.path().join("no/such/folder/state");
        assert!(open_with(kind, &nowhere, MemoryBounds::default()).is_err());
    }
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_read_up_to_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let log = path.with_extension("log");
    {
        let store = open(Kind::File, &path);
        for _ in 0..10 {
            store.step(&add("cut")).await.unwrap();
        }
    }
    let whole = std::fs::read(&log).unwrap();
    std::fs::write(&log, &whole[..whole.len() - 3]).unwrap();
    {
        let store = open(Kind::File, &path);
        assert_eq!(count(&store, "cut").await, "9");
        store.step(&add("cut")).await.unwrap();
    }
    assert_eq!(count(&open(Kind::File, &path), "cut").await, "10");
    let mut kept = std::fs::read(&path).unwrap();
    kept.extend(b"odd");
    std::fs::write(&path, kept).unwrap();
    let error = open_with(Kind::File, &path, MemoryBounds::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("damaged"), "{error}");
}

/// Not a test by itself: what [`nothing_that_was_told_is_lost_by_a_kill`] starts and kills.
#[tokio::test]
async fn counts_until_it_is_killed() {
    let Ok(path) = std::env::var("GATED_STORE_TEST_PATH") else {
        return;
    };
    let kind = KINDS[usize::from(std::env::var("GATED_STORE_TEST_KIND").unwrap() == "sqlite")];
    let store = open(kind, &PathBuf::from(path));
    loop {
        let done = store.step(&add("killed")).await.unwrap();
        let count = String::from_utf8_lossy(&done.fields[b"n".as_slice()]).into_owned();
        writeln!(std::io::stderr(), "told {count}").unwrap();
    }
}

#[tokio::test]
async fn nothing_that_was_told_is_lost_by_a_kill() {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut told = 0;
        for _ in 0..5 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["counts_until_it_is_killed", "--exact", "--nocapture"])
                .env("GATED_STORE_TEST_PATH", &path)
                .env("GATED_STORE_TEST_KIND", kind.name())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
            let number = |line: &str| {
                line.strip_prefix("told ")
                    .and_then(|number| number.parse::<u64>().ok())
            };
            let before = told;
            while told < before + 300 {
                told = number(&lines.next().unwrap().unwrap()).unwrap_or(told);
            }
            child.kill().unwrap();
            child.wait().unwrap();
            // The last line may be cut off; it was told nonetheless, so there can only be more.
            told = lines
                .map_while(Result::ok)
                .filter_map(|line| number(&line))
                .max()
                .unwrap_or(told)
                .max(told);
        }
        let kept: u64 = count(&open(kind, &path), "killed").await.parse().unwrap();
        assert!(kept >= told, "{kept} {told}");
        assert!(kept <= told + 5, "{kept} {told}");
    }
}

#[tokio::test]
async fn all_stores_do_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [
        Store::memory(MemoryBounds::default()),
        open(Kind::File, &folder.path().join("file")),
        open(Kind::Sqlite, &folder.path().join("sqlite")),
    ];
    let mut random = 7_u32;
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % below
    };
    for _ in 0..2_000 {
        let name = next(5).to_string();
        let field = ["a", "b", "c"][usize::try_from(next(3)).unwrap()];
        let change = match next(4) {
            0 => Change::Remove(field.into()),
            1 => Change::Add(field.into(), next(9).into()),
            2 => Change::Set(field.into(), next(3).to_string().into()),
            _ => Change::Clear,
        };
        let guard = match next(3) {
            0 => Guard::Exists,
            1 => Guard::Has(field.into()),
            _ => Guard::IsNot(field.into(), "1".into()),
        };
        let mut step = step(&name, vec![change]);
        step.cases[0].guards = vec![guard];
        step.cases.push(Case {
            changes: vec![Change::Add("else".into(), 1)],
            ..Case::default()
        });
        let mut told = Vec::new();
        for store in &stores {
            told.push(store.step(&step).await.unwrap());
        }
        assert!(
            told.windows(2).all(|two| two[0] == two[1]),
            "{step:?} {told:?}"
        );
    }
}
