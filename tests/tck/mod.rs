//! The openCypher Technology Compatibility Kit, read from ../shared/tck where it is present.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::panic, reason = "tables for whoever runs the tests")]

mod conformance;
mod expect;
pub(crate) mod gherkin;
pub(crate) mod syntax;
