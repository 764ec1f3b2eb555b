//! The names of the files: `audit-<sequence of the first line, 20 digits>.jsonl`, so that their order as text is that of the chain.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// The sequence of its first line.
    pub(crate) first: u64,
    pub(crate) path: PathBuf,
}

/// Returns the name of the file that begins with this line.
pub(crate) fn name(first: u64) -> String {
    format!("audit-{first:020}.jsonl")
}

/// Returns the files of a folder in the order of the chain. Whatever else is in it does not count. What has the name of a file and is
/// none, such as a pipe, is an error: whoever opened it would wait for ever.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<Named>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(first) = entry.file_name().to_str().and_then(first) {
            if !fs::metadata(entry.path())?.is_file() {
                let why = format!("{} is no regular file", short(&entry.path()));
                return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
            }
            found.push(Named { first, path: entry.path() });
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the name of a file without its folder.
pub(crate) fn short(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn first(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("audit-")?.strip_suffix(".jsonl")?;
    let is_ours = digits.len() == 20 && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(name(12), "audit-00000000000000000012.jsonl");
        for sequence in [1, 999, u64::MAX] {
            assert_eq!(first(&name(sequence)), Some(sequence));
        }
        assert!(name(9) < name(10));
    }

    #[test]
    fn other_names_do_not_count() {
        for other in [
            "audit.lock",
            "audit-1.jsonl",
            "audit-00000000000000000012.torn",
            "audit-+0000000000000000012.jsonl",
        ] {
            assert_eq!(first(other), None);
        }
    }
}
