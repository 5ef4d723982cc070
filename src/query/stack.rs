//! Room for recursion over syntax trees, on whatever thread a statement is handled.

/// What a recursion of the bounded depth needs at most, with a debug build's large frames, in bytes.
const NEEDED: usize = 4 << 20;
/// What is set up where the thread has less left, in bytes; only the pages touched are ever taken.
const GIVEN: usize = 16 << 20;

/// Runs a function with enough stack for recursion over a syntax tree of
/// [`MAX_DEPTH`](super::parse::MAX_DEPTH) levels: on the thread's own stack where that is large enough.
pub(crate) fn roomy<T>(go: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(NEEDED, GIVEN, go)
}
