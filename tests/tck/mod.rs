//! The openCypher Technology Compatibility Kit, read from ../shared/tck where it is present.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that counts, or skips itself, says so")]

pub(crate) mod gherkin;
pub(crate) mod syntax;
