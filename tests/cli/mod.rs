//! The command from the outside: the binary in a folder of its own, over a handful of documents written here.
//! The bodies exist, the persons and what is said of them are invented.

mod answers;
mod examples;
mod exits;
mod explain;
mod graphs;
mod pipe;
#[cfg(target_os = "linux")]
mod shell;
mod untrusted;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// The documents: name and text.
pub(crate) const DOCUMENTS: [(&str, &str); 3] = [
    (
        "samarbete.md",
        "# Samarbete i Småland\n\nVetlanda kommun är partner till Kalmar kommun. Kalmar kommun är medlem i föreningen \
         Smålands Hamnar.\n\nEmma Ekdahl är näringslivschef på Vetlanda kommun.\n\nOtto Ekdahl är förvaltningschef på Kalmar kommun.\n",
    ),
    (
        "turku.txt",
        "Turun kaupunki on Itämeren Satamat ry:n jäsen.\n\nLiisa Koskinen on Turun kaupungin johtaja. Turun kaupunki \
         tekee yhteistyötä Kalmarin kunnan kanssa.\n",
    ),
    (
        "hamnar/avtal.html",
        "<html><head><title>Hamnar</title></head><body><h1>Hamnar</h1><p>Kalmar kommun är medlem i föreningen Smålands \
         Hamnar. Sedan 2014 samarbetar Kalmar kommun med Turku.</p></body></html>\n",
    ),
];

/// What the command did.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Outcome {
    /// The exit code and what stdout and stderr hold; empty texts ask for nothing.
    #[track_caller]
    pub(crate) fn is(self, code: i32, out: &str, err: &str) -> Outcome {
        let told = format!("exit {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.out, self.err);
        assert_eq!(self.code, code, "{told}");
        assert!(self.out.contains(out), "stdout lacks {out:?}\n{told}");
        assert!(self.err.contains(err), "stderr lacks {err:?}\n{told}");
        assert!(!self.err.contains("panicked"), "{told}");
        self
    }
}

/// A folder of its own in which the command runs.
pub(crate) struct Room(TempDir);

impl Room {
    pub(crate) fn new() -> Room {
        Room(TempDir::new().expect("a temporary folder"))
    }

    /// With the documents in `docs`.
    pub(crate) fn with_documents() -> Room {
        let room = Room::new();
        for (name, text) in DOCUMENTS {
            room.write(&format!("docs/{name}"), text);
        }
        room
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The command with the machine's settings out of the way.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samband"));
        command.current_dir(self.0.path()).env("HOME", self.0.path());
        for folder in ["CONFIG", "STATE", "DATA"] {
            command.env(format!("XDG_{folder}_HOME"), self.0.path().join("xdg").join(folder.to_lowercase()));
        }
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PAGER", "SAMBAND_PAGER"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    /// With a text on stdin.
    pub(crate) fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Outcome {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        // A command that needs no input may be gone before it is written.
        let _ = child.stdin.take().expect("stdin").write_all(input.as_ref());
        let output = child.wait_with_output().expect("the command ends");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
        }
    }
}

/// The graph of the documents, built once for all tests.
static GRAPH: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let room = Room::with_documents();
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "3 documents (3 read)");
    room.read("g.samband")
});

/// A folder that holds the graph as `g.samband`.
pub(crate) fn graph_room() -> Room {
    let room = Room::new();
    room.write("g.samband", &*GRAPH);
    room
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
