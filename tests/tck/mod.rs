//! The openCypher Technology Compatibility Kit, read from ../shared/tck where it is present.

mod conformance;
mod expect;
pub(crate) mod gherkin;
pub(crate) mod syntax;
