//! Questions in controlled language: forms and words from the vocabulary files, turned into patterns.

mod reading;
pub mod vocabulary;
