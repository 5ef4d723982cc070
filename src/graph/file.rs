//! A graph to a file and back. Writing never touches the old file until the new one is whole and on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Graph, GraphError, check, map};

/// How many names for the file in the making are tried, where others hold them.
const TRIES: u32 = 64;

impl Graph {
    /// Opens a graph file: a large one is mapped, and only its header and table are verified now; a small one is read
    /// and verified whole. [`check`](check::check) verifies any graph.
    pub fn open(path: &Path) -> Result<Graph, GraphError> {
        let bytes = map::open(path).map_err(|source| GraphError::Read { path: path.to_owned(), source })?;
        let name = path.display().to_string();
        let whole = matches!(bytes, map::Bytes::Owned(_));
        let graph = Graph::over(bytes, &name)?;
        if whole {
            check::checksums(&graph).map_or(Ok(()), |what| Err(graph.damaged(what)))?;
        }
        Ok(graph)
    }

    /// Writes the graph to a file: into a new file beside it, which is synced and then renamed. Whatever happens, the
    /// old file or the new one is there, whole; a reader that has the old one open keeps it.
    pub fn write(&self, path: &Path) -> Result<(), GraphError> {
        replace(path, self.as_bytes()).map_err(|source| GraphError::Write { path: path.to_owned(), source })
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link goes on pointing to the file, and the file keeps its permissions.
    let there = fs::canonicalize(path).ok();
    let path = there.as_deref().unwrap_or(path);
    let (mut file, beside) = create_beside(path)?;
    let done = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(&beside, old.permissions()).ok();
    }
    if let Err(error) = done.and_then(|()| fs::rename(&beside, path)) {
        // The first error is the one to tell; what is left behind is taken away as far as it goes.
        fs::remove_file(&beside).ok();
        return Err(error);
    }
    sync_folder(path);
    Ok(())
}

/// A new file in the same folder, so that renaming it is one step.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    let mut tries = 0;
    loop {
        let mut beside = name.to_owned();
        beside.push(format!(".{}-{tries}.tmp", std::process::id()));
        let beside = path.with_file_name(beside);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Makes the new name last through a power cut, where the system can.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Ok(folder) = File::open(folder) {
            folder.sync_all().ok();
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}
