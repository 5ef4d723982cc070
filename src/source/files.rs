//! Paths to documents: which files of a folder are documents, and what they are called.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::{Document, SourceError, read_bytes};

/// The largest file that is read, in bytes: offsets are 32-bit, and no document of this kind comes near it.
pub const MAX_FILE: u64 = 256 << 20;

/// How deep folders are followed.
const MAX_DEPTH: usize = 64;

/// Endings of the files of a folder that are read.
const READ: [&str; 8] = ["txt", "text", "md", "markdown", "html", "htm", "xhtml", "mdown"];

/// A file that is to be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The name that its document will have: relative to the PATH given, `/`-separated, NFC.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// What [`walk`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    /// The files to read, sorted by name; each file and each name once.
    pub found: Vec<Found>,
    /// How many files of folders were passed over, by their ending (`.pdf`), `hidden` or `unreadable`.
    pub passed_over: BTreeMap<String, usize>,
}

/// The documents under some paths. A folder is read recursively, hidden files and those with an ending of no text
/// passed over and counted; a file is taken whatever its ending. Two files that would have one name get the name of
/// the folder that was given before theirs.
///
/// # Errors
/// A path that does not exist or cannot be read, and paths with no document under them at all.
pub fn walk<P: AsRef<Path>>(paths: &[P]) -> Result<Walk, SourceError> {
    let mut walk = Walk::default();
    let mut all: Vec<(Found, PathBuf)> = Vec::new();
    for given in paths {
        let given = given.as_ref();
        let meta = fs::metadata(given).map_err(|e| missing(given, &e))?;
        if meta.is_dir() {
            let mut seen = BTreeSet::new();
            let mut files = Vec::new();
            folder(given, 0, &mut seen, &mut files, &mut walk.passed_over).map_err(|e| missing(given, &e))?;
            all.extend(files.into_iter().map(|path| (Found { name: name_in(given, &path), path }, given.to_owned())));
        } else {
            let name = given.file_name().map_or_else(String::new, |n| n.to_string_lossy().nfc().collect());
            all.push((Found { name, path: given.to_owned() }, given.to_owned()));
        }
    }
    // One file under two of the paths is one document.
    let mut files = BTreeSet::new();
    all.retain(|(f, _)| files.insert(fs::canonicalize(&f.path).unwrap_or_else(|_| f.path.clone())));
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (f, _) in &all {
        *names.entry(f.name.clone()).or_default() += 1;
    }
    for (f, given) in &mut all {
        if names.get(&f.name).is_some_and(|&n| n > 1) {
            let root = fs::canonicalize(&*given).unwrap_or_else(|_| given.clone());
            let root = if f.path == *given { root.parent().map(Path::to_path_buf).unwrap_or(root) } else { root };
            let folder: String = root.file_name().map_or_else(String::new, |n| n.to_string_lossy().nfc().collect());
            f.name = format!("{folder}/{}", f.name);
        }
    }
    all.sort();
    if let Some(w) = all.windows(2).find(|w| w[0].0.name == w[1].0.name) {
        return Err(SourceError::SameName {
            name: w[0].0.name.clone(),
            first: w[0].0.path.display().to_string(),
            second: w[1].0.path.display().to_string(),
        });
    }
    walk.found = all.into_iter().map(|(f, _)| f).collect();
    if walk.found.is_empty() {
        let given: Vec<String> = paths.iter().map(|p| p.as_ref().display().to_string()).collect();
        return Err(SourceError::NothingToRead {
            paths: given.join(", "),
            passed_over: walk.passed_over.values().sum(),
        });
    }
    Ok(walk)
}

/// Collects the files of a folder. A folder seen before on this walk (a link back) is not entered again.
fn folder(
    dir: &Path,
    depth: usize,
    seen: &mut BTreeSet<PathBuf>,
    files: &mut Vec<PathBuf>,
    passed_over: &mut BTreeMap<String, usize>,
) -> std::io::Result<()> {
    if depth > MAX_DEPTH || !seen.insert(fs::canonicalize(dir)?) {
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mut pass = |why: String| *passed_over.entry(why).or_default() += 1;
        let Ok(meta) = fs::metadata(&path) else {
            pass("unreadable".to_owned());
            continue;
        };
        if name.starts_with('.') || name.ends_with('~') {
            pass("hidden".to_owned());
        } else if meta.is_dir() {
            if folder(&path, depth + 1, seen, files, passed_over).is_err() {
                *passed_over.entry("unreadable".to_owned()).or_default() += 1;
            }
        } else if !meta.is_file() {
            pass("no regular file".to_owned());
        } else {
            match path.extension().map(|e| e.to_string_lossy().to_lowercase()) {
                Some(e) if READ.contains(&e.as_str()) => files.push(path),
                Some(e) => pass(format!(".{e}")),
                None => pass("no ending".to_owned()),
            }
        }
    }
    Ok(())
}

/// The name of a file relative to a root; of a file outside it, or of the root itself, its file name.
fn name_in(root: &Path, path: &Path) -> String {
    let own = path.strip_prefix(root).ok().filter(|p| p.components().next().is_some());
    let own = own.unwrap_or_else(|| path.file_name().map_or(path, Path::new));
    let parts: Vec<String> = own
        .components()
        .filter_map(|c| match c {
            Component::Normal(part) => Some(part.to_string_lossy().nfc().collect()),
            _ => None,
        })
        .collect();
    parts.join("/")
}

/// Reads the document at `path`; its name is relative to `root` (a folder, or the file itself).
///
/// # Errors
/// As [`read_bytes`], and where the file is missing or cannot be read.
pub fn read_path(root: &Path, path: &Path) -> Result<Document, SourceError> {
    read_file(&name_in(root, path), path)
}

/// Reads the document at `path` under a name of the caller's, as [`walk`] gives it.
///
/// # Errors
/// As [`read_path`].
pub fn read_file(name: &str, path: &Path) -> Result<Document, SourceError> {
    let unreadable = |e: std::io::Error| missing(path, &e);
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > MAX_FILE {
        return Err(SourceError::TooLarge { name: name.to_owned(), megabytes: size >> 20 });
    }
    let mut bytes = Vec::with_capacity(size as usize);
    // A pipe or a growing file says nothing of its size.
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    read_bytes(name, &bytes)
}

fn missing(path: &Path, e: &std::io::Error) -> SourceError {
    let path = path.display().to_string();
    match e.kind() {
        std::io::ErrorKind::NotFound => SourceError::Missing { path },
        _ => SourceError::Unreadable { path, why: e.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn a_folder_is_walked_in_order_and_what_is_left_is_counted() {
        let dir =
            folder_with(&[("b.txt", "x"), ("a/c.md", "x"), ("a/d.pdf", "x"), (".e.txt", "x"), ("A\u{30a}.txt", "x")]);
        let walk = walk(&[dir.path()]).unwrap();
        let names: Vec<_> = walk.found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["a/c.md", "b.txt", "Å.txt"]);
        assert_eq!(walk.passed_over[".pdf"], 1);
        assert_eq!(walk.passed_over["hidden"], 1);
    }

    #[test]
    fn one_file_is_taken_whatever_its_ending_and_once() {
        let dir = folder_with(&[("b.rst", "x")]);
        let path = dir.path().join("b.rst");
        let walk = walk(&[&path, &path]).unwrap();
        assert_eq!(walk.found.len(), 1);
        assert_eq!(walk.found[0].name, "b.rst");
    }

    #[test]
    fn two_files_of_one_name_are_told_apart() {
        let dir = folder_with(&[("x/a.txt", "1"), ("y/a.txt", "2")]);
        let walk = walk(&[dir.path().join("x"), dir.path().join("y")]).unwrap();
        let names: Vec<_> = walk.found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["x/a.txt", "y/a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_ends_the_walk() {
        let dir = folder_with(&[("a/b.txt", "x")]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("a/loop")).unwrap();
        assert_eq!(walk(&[dir.path()]).unwrap().found.len(), 1);
    }

    #[test]
    fn errors_say_what_to_do() {
        let dir = folder_with(&[("a.pdf", "x"), ("empty.txt", " \n")]);
        let missing = walk(&[dir.path().join("none")]).unwrap_err();
        assert!(matches!(missing, SourceError::Missing { .. }));
        let nothing = walk(&[folder_with(&[("a.pdf", "x")]).path()]).unwrap_err();
        assert!(nothing.to_string().contains("1 file"), "{nothing}");
        let path = dir.path().join("empty.txt");
        assert!(matches!(read_path(&path, &path), Err(SourceError::Empty { .. })));
        assert_eq!(name_in(&path, &path), "empty.txt");
    }
}
