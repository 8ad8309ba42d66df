//! A server in a process and a folder of its own, both gone when this process is, however it ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Ends the server when the other end of its input is closed, as it is even of a process that was killed.
const WATCHED: &str =
    r#"folder=$1; shift; "$@" & read -r _; kill -KILL $!; wait; rm -rf -- "$folder""#;

/// Longer than any of them takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs until this process ends.
pub struct Server {
    /// Where it listens on the loopback.
    pub port: u16,
    folder: PathBuf,
    lines: Mutex<Receiver<String>>,
    /// With its input open.
    _shell: Child,
}

impl Server {
    /// Starts the program, and waits until it logs `ready` and listens on the port, which slapd does a moment later.
    pub(crate) fn start(folder: Folder, port: u16, program: &mut Command, ready: &str) -> Self {
        let mut watched = folder.command("/bin/sh");
        watched.args(["-c", WATCHED, "sh"]).arg(folder.path());
        watched.arg(program.get_program()).args(program.get_args());
        watched.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut shell = watched.stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let log = BufReader::new(shell.stderr.take().unwrap());
        thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let server = Self {
            port,
            folder: folder.folder.keep(),
            lines: Mutex::new(lines),
            _shell: shell,
        };
        server.log_until(ready);
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "{program:?} does not listen");
            thread::yield_now();
        }
        server
    }

    /// The file of whom its certificate is from.
    pub fn roots(&self) -> String {
        let path = self.folder.join("ca.pem");
        path.to_str().unwrap().to_owned()
    }

    /// What it has logged up to a line that says so.
    pub fn log_until(&self, said: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = Vec::new();
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => seen.push(line),
                Err(_) => panic!("the server does not say `{said}`:\n{}", seen.join("\n")),
            }
            if seen.last().is_some_and(|line| line.contains(said)) {
                return seen;
            }
        }
    }
}

/// A new folder, of a user who is not root, as whom the server runs: PostgreSQL and MariaDB insist on that.
pub struct Folder {
    folder: TempDir,
    user: Option<u32>,
}

/// Debian's `nobody`.
const NOBODY: u32 = 65_534;

impl Folder {
    pub(crate) fn new() -> Self {
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
            user: is_root.then_some(NOBODY),
        };
        folder.give(folder.path());
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file in it; of itself, if that has no name.
    pub fn show(&self, name: &str) -> String {
        self.path().join(name).to_str().unwrap().to_owned()
    }

    /// Runs a program as the server's user.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.path()).env("LC_ALL", "C.UTF-8");
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Writes a file that nobody else reads.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        self.give(&path);
        self.show(name)
    }

    /// Makes a folder in it.
    pub(crate) fn make(&self, name: &str) -> String {
        let path = self.path().join(name);
        fs::create_dir(&path).unwrap();
        self.give(&path);
        self.show(name)
    }

    fn give(&self, path: &Path) {
        if let Some(user) = self.user {
            chown(path, Some(user), Some(user)).unwrap();
        }
    }
}

/// Of the program's package, if it is not there.
#[track_caller]
pub(crate) fn program(places: &[PathBuf], package: &str) -> PathBuf {
    let found = places.iter().find(|place| place.exists());
    let found = found.unwrap_or_else(|| panic!("{package} is needed: apt-get install {package}"));
    found.clone()
}

#[track_caller]
pub(crate) fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A port that nothing listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
