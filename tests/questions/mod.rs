//! Questions in three languages, names and wrong inputs over one small closed graph that no reading rule touches.
//!
//! `suite.txt`: blocks of questions and the pattern that each of them stands for. `names.tsv`: names and the tier that must
//! answer. `errors.txt`: wrong inputs with the whole message. `SAMBAND_BLESS=1` writes patterns and messages anew: read
//! the difference before it is committed.

mod errors;
mod names;
mod pages;
mod suite;
mod world;

use std::path::PathBuf;

/// A file of this folder.
fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/questions")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Whether files are to be written anew.
fn bless() -> bool {
    std::env::var_os("SAMBAND_BLESS").is_some()
}
