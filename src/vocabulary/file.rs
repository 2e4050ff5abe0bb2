//! The form of the vocabulary's files: sections of lines of words.
//!
//! ```text
//! # a comment
//! [meaning] where the words were seen language: word | word ```
//!
//! What a line's key is (a language, a field, a region) is for the file to say. A word that begins or ends with a
//! space is in quotes.

/// A section of a file: a meaning, and the words that have it.
pub(super) struct WordSection {
    /// What the words mean.
    pub(crate) name: &'static str,
    /// Where they were seen.
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for readers of the file; a test wants one in each section"
        )
    )]
    pub(crate) seen: &'static str,
    /// The lines, in order.
    pub(crate) lines: Vec<WordLine>,
}

/// A line of a section.
pub(super) struct WordLine {
    /// What is before the colon.
    pub(crate) key: &'static str,
    /// The words behind it.
    pub(crate) words: Vec<&'static str>,
}

impl WordSection {
    /// All words of the section.
    pub(crate) fn words(&self) -> impl Iterator<Item = &'static str> {
        self.lines
            .iter()
            .flat_map(|line| line.words.iter().copied())
    }
}

/// The sections of a file. A line of no known form is passed over; a test proves that no file has one.
pub(super) fn sections(text: &'static str) -> Vec<WordSection> {
    let mut sections: Vec<WordSection> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, seen)) = heading(line) {
            sections.push(WordSection {
                name,
                seen,
                lines: Vec::new(),
            });
        // A line before the first section belongs to none.
        } else if let (Some(section), Some((key, words))) =
            (sections.last_mut(), line.split_once(": "))
        {
            section.lines.push(WordLine {
                key,
                words: words.split(" | ").map(unquoted).collect(),
            });
        }
    }
    sections
}

/// The words of a section of a file, for tests that try all of them.
#[cfg(test)]
pub(super) fn words_in(file: &'static str, section: &str) -> Vec<&'static str> {
    let sections = sections(file);
    let named = sections.iter().filter(|known| known.name == section);
    named
        .flat_map(WordSection::words)
        .map(|word| word.trim_end_matches('*'))
        .collect()
}

fn heading(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (name, seen) = line.strip_prefix('[')?.split_once(']')?;
    Some((name, seen.trim()))
}

fn unquoted(word: &'static str) -> &'static str {
    let inside = word
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'));
    inside.unwrap_or(word)
}
