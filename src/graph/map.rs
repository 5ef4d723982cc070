//! The bytes of a file, mapped or read. The only module with `unsafe`, for the one call that maps a file.
#![allow(unsafe_code, reason = "mapping a file is unsafe by nature; the one place is argued for below")]

use std::fs::File;
use std::io::Read;
use std::ops::Deref;
use std::path::Path;

/// Files up to this size are read: cheaper than mapping them, and all of it can be verified on the spot.
const SMALL: u64 = 1 << 20;

/// Bytes that do not change.
#[derive(Debug)]
pub(super) enum Bytes {
    /// In memory.
    Owned(Vec<u8>),
    /// In a file.
    Mapped(memmap2::Mmap),
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Owned(bytes) => bytes,
            Bytes::Mapped(bytes) => bytes,
        }
    }
}

/// Reads a small file, maps a large one.
pub(super) fn open(path: &Path) -> std::io::Result<Bytes> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length <= SMALL {
        let mut bytes = Vec::with_capacity(length as usize);
        // A file that is not one (a device, a pipe) may have no end.
        file.by_ref().take(SMALL + 1).read_to_end(&mut bytes)?;
        return Ok(Bytes::Owned(bytes));
    }
    // SAFETY: a mapping is sound as long as the file does not change under it. This program never writes to a graph
    // file in place: it writes a new one beside it and renames, which leaves the old one, and this mapping, as they
    // were. Another program that writes into the file breaks the promise of every mapped file; all reads are of
    // plain bytes and checked against the length, so that such a write yields wrong answers, not wild pointers.
    Ok(Bytes::Mapped(unsafe { memmap2::Mmap::map(&file)? }))
}
