//! Real Redis servers: one, one with Sentinels, and a cluster. Each is ended when it is dropped.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::wait_for;

/// A port that was free a moment ago. A cluster's nodes talk to each other 10,000 ports further on.
fn free_port() -> u16 {
    let free = |port: &u16| {
        let beside = port.checked_add(10_000);
        beside.is_some_and(|port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok())
    };
    let ports = std::iter::repeat_with(crate::free_port).take(1000);
    ports
        .into_iter()
        .find(free)
        .expect("loopback has free ports")
}

/// A server, empty when it starts.
pub struct Redis {
    child: Child,
    port: u16,
    arguments: Vec<String>,
    folder: tempfile::TempDir,
}

impl Redis {
    /// Starts one and waits until it answers.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(Command::new("redis-server"), arguments)
    }

    /// Starts one by another program, which is given the server's arguments.
    pub fn start_with(program: Command, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder can be made");
        let port = free_port();
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        let child = spawn(program, folder.path(), port, &arguments);
        let redis = Self {
            child,
            port,
            arguments,
            folder,
        };
        redis.wait();
        redis
    }

    fn wait(&self) {
        wait_for("redis-server to answer", 20, || {
            self.cli(&["PING"]).trim() == "PONG"
        });
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What `redis-cli` prints for a command.
    pub fn cli(&self, command: &[&str]) -> String {
        cli(self.port, command)
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, at the same port and empty.
    pub fn restart(&mut self) {
        let program = Command::new("redis-server");
        self.child = spawn(program, self.folder.path(), self.port, &self.arguments);
        self.wait();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(mut program: Command, folder: &Path, port: u16, arguments: &[String]) -> Child {
    program
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed; `cargo xtask test` sees to that")
}

/// What `redis-cli` prints for a command.
pub fn cli(port: u16, command: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["-p", &port.to_string()])
        .args(command)
        .output()
        .expect("redis-cli is installed; `cargo xtask test` sees to that");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Sends a signal to a process that the test started.
pub fn signal(process: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status();
    assert!(sent.is_ok_and(|status| status.success()), "no signal sent");
}

/// A primary with a replica, and three Sentinels that watch them.
pub struct Sentinels {
    /// The primary and its replica, as they were started.
    pub servers: [Redis; 2],
    sentinels: Vec<(Child, u16)>,
    _folder: tempfile::TempDir,
}

impl Sentinels {
    /// Starts all, and waits until each Sentinel knows the others and the replica.
    pub fn start() -> Self {
        let primary = Redis::start(&[]);
        let port = primary.port().to_string();
        let replica = Redis::start(&["--replicaof", "127.0.0.1", &port]);
        let folder = tempfile::tempdir().expect("a scratch folder can be made");
        let sentinels = (0..3).map(|_| sentinel(folder.path(), primary.port()));
        let all = Self {
            sentinels: sentinels.collect(),
            servers: [primary, replica],
            _folder: folder,
        };
        wait_for("the Sentinels to know each other", 30, || {
            all.sentinels.iter().all(|(_, port)| {
                let told = cli(*port, &["SENTINEL", "MASTER", "main"]);
                let lines: Vec<&str> = told.lines().collect();
                let has = |name, value| lines.windows(2).any(|two| two == [name, value]);
                has("num-other-sentinels", "2") && has("num-slaves", "1")
            })
        });
        all
    }

    /// Their URL.
    pub fn url(&self) -> String {
        let hosts = self
            .sentinels
            .iter()
            .map(|(_, port)| format!("127.0.0.1:{port}"));
        format!(
            "redis+sentinel://{}/main",
            hosts.collect::<Vec<_>>().join(",")
        )
    }
}

impl Drop for Sentinels {
    fn drop(&mut self) {
        for (sentinel, _) in &mut self.sentinels {
            let _ = sentinel.kill();
            let _ = sentinel.wait();
        }
    }
}

fn sentinel(folder: &Path, primary: u16) -> (Child, u16) {
    let port = free_port();
    let file = folder.join(format!("sentinel-{port}.conf"));
    let text = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n"
    );
    std::fs::write(&file, text).expect("a file can be written");
    let child = Command::new("redis-server")
        .arg(&file)
        .arg("--sentinel")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed; `cargo xtask test` sees to that");
    (child, port)
}

/// Three primaries with a replica each.
pub struct Cluster {
    /// All six.
    pub nodes: Vec<Redis>,
}

impl Cluster {
    /// Starts six nodes and waits until all slots are served.
    pub fn start() -> Self {
        let arguments = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
        let nodes: Vec<Redis> = (0..6).map(|_| Redis::start(&arguments)).collect();
        let addresses = nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port()));
        let made = Command::new("redis-cli")
            .args(["--cluster", "create"])
            .args(addresses)
            .args(["--cluster-replicas", "1", "--cluster-yes"])
            .output()
            .expect("redis-cli is installed; `cargo xtask test` sees to that");
        assert!(
            made.status.success(),
            "{}{}",
            String::from_utf8_lossy(&made.stdout),
            String::from_utf8_lossy(&made.stderr)
        );
        wait_for("the cluster to serve all slots", 30, || {
            nodes.iter().all(|node| {
                let told = node.cli(&["CLUSTER", "INFO"]);
                told.contains("cluster_state:ok") && told.contains("cluster_known_nodes:6")
            })
        });
        Self { nodes }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let hosts = self
            .nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port()));
        format!("redis+cluster://{}", hosts.collect::<Vec<_>>().join(","))
    }

    /// Moves slots from one primary to the next, for the fault of a cluster that is being resharded.
    pub fn move_slots(&self, count: usize) {
        let Some(node) = self.nodes.first() else {
            return;
        };
        let nodes = node.cli(&["CLUSTER", "NODES"]);
        let primaries: Vec<&str> = nodes
            .lines()
            .filter(|line| line.contains("master") && line.contains("connected"))
            .filter_map(|line| line.split(' ').next())
            .collect();
        let pairs = primaries.iter().zip(primaries.iter().cycle().skip(1));
        for (from, to) in pairs {
            let _ = Command::new("redis-cli")
                .args([
                    "--cluster",
                    "reshard",
                    &format!("127.0.0.1:{}", node.port()),
                ])
                .args(["--cluster-from", from, "--cluster-to", to])
                .args(["--cluster-slots", &count.to_string(), "--cluster-yes"])
                .output();
        }
    }
}
