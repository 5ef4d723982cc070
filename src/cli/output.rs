//! Printing: stdout for answers, stderr for everything else, colour where it is wanted.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failure;
use super::args::ColorWhen;

static COLOUR_STDERR: AtomicBool = AtomicBool::new(false);
static COLOUR_STDOUT: AtomicBool = AtomicBool::new(false);

/// Settles colour once: `--color` > NO_COLOR > CLICOLOR_FORCE > CLICOLOR > TERM=dumb > is a terminal.
pub(super) fn set_colour(when: ColorWhen) {
    let said = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
    let decide = |terminal: bool| match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if said("NO_COLOR").is_some() => false,
        ColorWhen::Auto if said("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
        ColorWhen::Auto if said("CLICOLOR").is_some_and(|v| v == "0") => false,
        ColorWhen::Auto if said("TERM").is_some_and(|v| v == "dumb") => false,
        ColorWhen::Auto => terminal,
    };
    COLOUR_STDERR.store(decide(std::io::stderr().is_terminal()), Ordering::Relaxed);
    COLOUR_STDOUT.store(decide(std::io::stdout().is_terminal()), Ordering::Relaxed);
}

/// Whether answers are coloured.
pub(crate) fn coloured() -> bool {
    COLOUR_STDOUT.load(Ordering::Relaxed)
}

fn painted(text: &str, style: anstyle::Style) -> String {
    if COLOUR_STDERR.load(Ordering::Relaxed) { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

fn stderr(line: &str) {
    // Where even stderr is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// An error. The message may say `error:` itself, as those with a place do.
pub(crate) fn complain(message: &str) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let body = message.strip_prefix("error: ").unwrap_or(message);
    stderr(&format!("{} {body}", painted("error:", red)));
}

/// A warning.
pub(crate) fn warn(message: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let body = message.strip_prefix("warning: ").unwrap_or(message);
    stderr(&format!("{} {body}", painted("warning:", yellow)));
}

/// Something said beside the answer: how a question was understood, what a build did.
pub(crate) fn remark(message: &str) {
    stderr(&painted(message, anstyle::Style::new().dimmed()));
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(crate) enum Out {
    /// Standard output.
    Stdout,
    /// A file, written beside and renamed.
    File(PathBuf),
}

impl Out {
    /// Standard output.
    pub(crate) fn stdout() -> Out {
        Out::Stdout
    }

    /// A file, or standard output for none and `-`.
    pub(crate) fn to(path: Option<&Path>) -> Out {
        match path {
            Some(p) if p != Path::new("-") => Out::File(p.to_owned()),
            _ => Out::Stdout,
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        match self {
            Out::Stdout => {
                let mut out = std::io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()?;
                Ok(())
            }
            Out::File(path) => std::fs::write(path, text).map_err(|e| {
                Failure::file(format!("cannot write {}: {e}; check the folder and its permissions", path.display()))
            }),
        }
    }
}
