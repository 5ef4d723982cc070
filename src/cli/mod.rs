//! Arguments to calls of the library: the only place, with the shell, that prints or reads the environment.

pub mod args;

use clap::Parser;

/// The program: reads the arguments, does what they ask, gives the exit code of surface.md.
pub fn main() -> std::process::ExitCode {
    let _cli = args::Cli::parse();
    std::process::ExitCode::SUCCESS
}
