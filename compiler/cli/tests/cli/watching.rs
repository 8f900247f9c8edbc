//! `gatec check --watch`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::{Folder, SHOP};

/// A watching check, ended when dropped; what it prints, line by line.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn of(folder: &Folder, arguments: &[&str]) -> Self {
        let arguments = [&["check", "--watch", "--format", "concise"], arguments].concat();
        let mut child = folder.command(&arguments).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        let (output, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let both = send.clone();
        std::thread::spawn(move || {
            let lines = BufReader::new(output).lines();
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(send.send(line)));
        });
        std::thread::spawn(move || {
            let lines = BufReader::new(errors).lines();
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(both.send(line)));
        });
        Self { child, lines }
    }

    /// Reads until a line holds these words.
    fn until(&self, words: &str) {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(words) => return,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no `{words}` ({error}) in {seen:#?}"),
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn each_change_is_checked() {
    let spec = format!("include \"routes/*.kdl\"\n{SHOP}");
    let folder = Folder::of(&[("gate.kdl", &spec), ("routes/a.kdl", "")]);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let watching = Watching::of(&folder, &[]);
    watching.until("no findings");
    watching.until("watching ");
    write("gate.kdl", &spec.replace("respond 404", "respond 999"));
    watching.until("error[S118]");
    write("gate.kdl", &spec);
    watching.until("no findings");
    // A file that comes, and one that an editor writes aside and renames.
    write("routes/b.kdl", "rout \"b\"\n");
    watching.until("routes/b.kdl:1:1: error[S101]");
    write("routes/aside", "");
    std::fs::rename(
        folder.path().join("routes/aside"),
        folder.path().join("routes/b.kdl"),
    )
    .unwrap();
    watching.until("no findings");
    std::fs::remove_file(folder.path().join("gate.kdl")).unwrap();
    watching.until("cannot read `gate.kdl`");
    write("gate.kdl", &spec);
    watching.until("no findings");
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    let mut watching = Watching::of(&folder, &["gate.kdl"]);
    watching.until("watching ");
    let pid = watching.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(watching.child.wait().unwrap().signal(), Some(2));
}

#[test]
fn standard_input_is_not_watched() {
    let told = Folder::of(&[]).run_with(&["check", "--watch", "-"], SHOP);
    assert!(
        told.contains("[exit 2]") && told.contains("cannot be watched"),
        "{told}"
    );
}
