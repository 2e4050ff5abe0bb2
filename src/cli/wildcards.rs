//! `*` and `?` in the names of inputs: on Windows no shell expands them.
//!
//! The only home of the glob crate. Only names of inputs: what an option says is never a pattern.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, glob_with};

/// Each pattern as the files that match it, by their names; a name without `*` and `?` as it is, and so is a pattern
/// that matches nothing: it is reported as a file that does not exist.
pub(super) fn expanded(files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.into_iter().flat_map(matching).collect()
}

fn matching(name: PathBuf) -> Vec<PathBuf> {
    let found = pattern(&name).map(|pattern| files_of(&pattern));
    found
        .filter(|files| !files.is_empty())
        .unwrap_or_else(|| vec![name])
}

/// The name as a pattern of `*` and `?` alone: brackets are usual in the names of downloads, `contacts (1) [new].csv`.
fn pattern(name: &Path) -> Option<String> {
    let text = name.to_str()?;
    // The prefix `\\?\` has a question mark, and nothing after it is a pattern.
    let is_pattern = text.contains(['*', '?']) && !text.starts_with(r"\\?\");
    is_pattern.then(|| text.replace('[', "[[]"))
}

fn files_of(pattern: &str) -> Vec<PathBuf> {
    let options = MatchOptions {
        case_sensitive: false,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let found = glob_with(pattern, options).into_iter().flatten();
    found
        .filter_map(Result::ok)
        .filter(|path| path.is_file() && !is_owner_file(path))
        .collect()
}

/// Excel's note of who has a workbook open: `~$contacts.xlsx`.
fn is_owner_file(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    name.is_some_and(|name| name.starts_with("~$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_the_files_that_match_them_and_names_stay() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "A.CSV", "c.txt", "[1].csv", ".d.csv", "~$b.csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("d.csv")).unwrap();
        let names = |name: &str| -> Vec<String> {
            let found = expanded(vec![folder.path().join(name)]);
            let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            let mut names: Vec<String> = found.iter().map(name).collect();
            names.sort();
            names
        };
        assert_eq!(names("*.csv"), [".d.csv", "A.CSV", "[1].csv", "b.csv"]);
        assert_eq!(names("?.csv"), ["A.CSV", "b.csv"]);
        assert_eq!(names("[*].csv"), ["[1].csv"]);
        assert_eq!(names("[1].csv"), ["[1].csv"]);
        assert_eq!(names("*.xlsx"), ["*.xlsx"]);
        assert_eq!(names("b.csv"), ["b.csv"]);
    }
}
