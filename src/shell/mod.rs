//! The interactive shell on rustyline. Needed by nothing but the command line.
