//! What the files of the crate use of each other, and which of them do so in a circle.
//!
//! Reads the source as tokens. A file uses another when it names something that the other defines: a re-export counts
//! as the file behind it, so a parent that lists modules and re-exports their names uses none of them. What is reached
//! by a method call alone is not seen.

use std::collections::{BTreeMap, BTreeSet};

type Path = Vec<String>;

/// A re-export of a re-export is followed; more steps than this are an import that leads back to itself.
const MOST_REEXPORTS: usize = 8;

/// Files by their names below `src`, without extension, and the names that each takes from others.
pub struct Graph(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

impl Graph {
    pub fn of(sources: &BTreeMap<String, String>) -> Graph {
        let read = |(name, code): (&String, &String)| (name.clone(), Module::read(name, code));
        let modules: BTreeMap<String, Module> = sources.iter().map(read).collect();
        let uses = modules.iter().map(|(name, module)| {
            let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for path in &module.uses {
                if let Some(home) = home(&modules, path, MOST_REEXPORTS).filter(|it| it != name) {
                    let used = path.last().cloned().unwrap_or_default();
                    uses.entry(home).or_default().insert(used);
                }
            }
            (name.clone(), uses)
        });
        Graph(uses.collect())
    }

    /// The sets of files each of which leads to all others of its set.
    pub fn circles(&self) -> Vec<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> = self
            .0
            .keys()
            .map(|file| (file.as_str(), self.reached_from(file)))
            .collect();
        let circle = |file: &str| -> BTreeSet<&str> {
            let there = reached[file].iter().copied();
            there
                .filter(|other| reached[other].contains(file))
                .collect()
        };
        let circles: BTreeSet<_> = self.0.keys().map(|file| circle(file)).collect();
        circles.into_iter().filter(|it| !it.is_empty()).collect()
    }

    fn reached_from<'a>(&'a self, start: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(file) = open.pop() {
            let next = self.0.get(file).into_iter().flat_map(BTreeMap::keys);
            open.extend(
                next.map(String::as_str)
                    .filter(|next| reached.insert(*next)),
            );
        }
        reached
    }

    /// What makes a circle: `a uses b: Name, Other`.
    pub fn explain(&self, circle: &BTreeSet<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        for file in circle {
            for (used, names) in &self.0[*file] {
                if circle.contains(used.as_str()) {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    lines.push(format!("{file} uses {used}: {}", names.join(", ")));
                }
            }
        }
        lines
    }
}

/// The modules at the crate's root that a file names, its own among them.
pub fn modules_named(file: &str, code: &str) -> BTreeSet<String> {
    let module = Module::read(file, code);
    let paths = module.uses.iter().chain(module.imports.values());
    paths.filter_map(|path| path.first().cloned()).collect()
}

/// The file that defines what a path from the crate's root names.
fn home(modules: &BTreeMap<String, Module>, path: &[String], steps: usize) -> Option<String> {
    let file = (1..=path.len())
        .rev()
        .map(|length| (path[..length].join("/"), &path[length..]))
        .find(|(file, _)| modules.contains_key(file));
    let (file, rest) = file?;
    let module = &modules[&file];
    if let [first, rest @ ..] = rest
        && let Some(imported) = module.imports.get(first)
        && !module.defines.contains(first)
        && steps > 0
    {
        return home(modules, &[imported, rest].concat(), steps - 1);
    }
    Some(file)
}

/// What a file says of others, in paths from the crate's root.
#[derive(Default)]
struct Module {
    here: Path,
    children: BTreeSet<String>,
    defines: BTreeSet<String>,
    /// The names that it may use without a path, its re-exports among them.
    imports: BTreeMap<String, Path>,
    uses: Vec<Path>,
}

impl Module {
    fn read(name: &str, code: &str) -> Module {
        let tokens = tokens(code);
        let mut module = Module {
            here: name.split('/').map(ToOwned::to_owned).collect(),
            ..Module::default()
        };
        module.note_definitions(&tokens);
        let body = module.take_imports(&tokens);
        module.note_paths(&body);
        module
    }

    fn note_definitions(&mut self, tokens: &[&str]) {
        const KEYWORDS: [&str; 7] = ["struct", "enum", "trait", "type", "fn", "const", "static"];
        for three in tokens.windows(3) {
            match three {
                ["mod", name, ";"] => drop(self.children.insert((*name).to_owned())),
                [keyword, name, _] if KEYWORDS.contains(keyword) => {
                    self.defines.insert((*name).to_owned());
                }
                _ => {}
            }
        }
    }

    /// Notes what `use` says; what is left are the tokens without it.
    fn take_imports<'a>(&mut self, tokens: &[&'a str]) -> Vec<&'a str> {
        let mut body = Vec::new();
        let mut rest = tokens;
        while let [token, after @ ..] = rest {
            // Not the `use<'a>` of a return type.
            if *token == "use" && after.first() != Some(&"<") {
                let end = after
                    .iter()
                    .position(|it| *it == ";")
                    .unwrap_or(after.len());
                let is_reexport = is_after_visibility(&body);
                self.note_tree(&[], &after[..end], is_reexport);
                rest = &after[end..];
            } else {
                body.push(*token);
                rest = after;
            }
        }
        body
    }

    /// Notes each name of a tree as in `a::{b, c::{self, d as e}}`.
    fn note_tree(&mut self, before: &[&str], tree: &[&str], is_reexport: bool) {
        if let Some(open) = tree.iter().position(|token| *token == "{") {
            let before = [before, &tree[..open]].concat();
            let close = tree.len().saturating_sub(1);
            for branch in branches(&tree[open + 1..close.max(open + 1)]) {
                self.note_tree(&before, branch, is_reexport);
            }
            return;
        }
        let all = [before, tree].concat();
        let names: Vec<&str> = all.iter().copied().filter(|it| *it != "::").collect();
        let (names, alias) = match names.as_slice() {
            [names @ .., "as", alias] => (names, Some(*alias)),
            names => (names, None),
        };
        let names = names.strip_suffix(&["self"]).unwrap_or(names);
        let (Some(path), Some(last)) = (self.absolute(names), names.last()) else {
            return;
        };
        if !is_reexport {
            self.uses.push(path.clone());
        }
        self.imports.insert(alias.unwrap_or(last).to_owned(), path);
    }

    /// Notes paths such as `super::limits::MOST` in the code itself.
    fn note_paths(&mut self, body: &[&str]) {
        let mut rest = body;
        while let [first, after @ ..] = rest {
            let mut names = vec![*first];
            rest = after;
            while let ["::", name, after @ ..] = rest {
                if !is_name(name) {
                    break;
                }
                names.push(name);
                rest = after;
            }
            if names.len() > 1
                && let Some(path) = self.absolute(&names)
            {
                self.uses.push(path);
            }
        }
    }

    /// A path of this file as one from the crate's root; `None` where it leads out of the crate.
    fn absolute(&self, names: &[&str]) -> Option<Path> {
        let mut here = self.here.clone();
        let mut rest = names;
        match *rest.first()? {
            "crate" => {
                here.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while let ["super", after @ ..] = rest {
                    here.pop();
                    rest = after;
                }
            }
            child if self.children.contains(child) => {}
            name => {
                here = self.imports.get(name)?.clone();
                rest = &rest[1..];
            }
        }
        here.extend(rest.iter().map(|name| (*name).to_owned()));
        Some(here)
    }
}

/// Whether what was read last is `pub`, or `pub(…)`.
fn is_after_visibility(body: &[&str]) -> bool {
    let open = body.iter().rposition(|token| *token == "(");
    let before = match (body.last(), open) {
        (Some(&")"), Some(open)) => &body[..open],
        _ => body,
    };
    before.last() == Some(&"pub")
}

/// What is between the commas of a list, those within inner braces left alone.
fn branches<'a, 'b>(list: &'b [&'a str]) -> Vec<&'b [&'a str]> {
    let mut depth = 0;
    let at_comma = |token: &&str| {
        depth += i32::from(*token == "{") - i32::from(*token == "}");
        *token == "," && depth == 0
    };
    let branches = list.split(at_comma);
    branches.filter(|branch| !branch.is_empty()).collect()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::`, and other marks one by one. Comments and literals are left out.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = literal(rest).unwrap_or(0);
        if length > 0 {
            rest = &rest[length..];
            continue;
        }
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if is_of_name(first) {
            rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// The length of the comment, text or character that code begins with.
pub fn literal(code: &str) -> Option<usize> {
    let until = |end: &str, from: usize| {
        let found = code[from..].find(end);
        found.map_or(code.len(), |at| from + at + end.len())
    };
    if code.starts_with("//") {
        return Some(until("\n", 2));
    }
    if code.starts_with("/*") {
        return Some(until("*/", 2));
    }
    let raw = code.strip_prefix("br").or_else(|| code.strip_prefix('r'));
    if let Some(raw) = raw
        && raw.trim_start_matches('#').starts_with('"')
    {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        let opens = code.len() - raw.len() + marks + 1;
        return Some(until(&format!("\"{}", "#".repeat(marks)), opens));
    }
    let text = code.strip_prefix('b').unwrap_or(code);
    let skipped = code.len() - text.len();
    let quoted = match text.chars().next()? {
        '"' => quoted(text, '"'),
        // A lifetime has no second mark: `'a` as in `<'a>`, but `'a'` and `'\n'`.
        '\'' if text.starts_with("'\\") || text.chars().nth(2) == Some('\'') => quoted(text, '\''),
        _ => None,
    };
    quoted.map(|length| skipped + length)
}

fn quoted(text: &str, mark: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == mark => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(files: &[(&str, &str)]) -> Graph {
        let owned = |(name, code): &(&str, &str)| ((*name).to_owned(), (*code).to_owned());
        Graph::of(&files.iter().map(owned).collect())
    }

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let graph = graph(files);
        let all = graph.circles();
        let joined = |circle: &BTreeSet<&str>| {
            let files: Vec<&str> = circle.iter().copied().collect();
            files.join(" ")
        };
        all.iter().map(joined).collect()
    }

    #[test]
    fn two_files_that_use_each_other_are_a_circle() {
        let a = ("a", "use crate::b::{self, B};");
        assert_eq!(circles(&[a, ("b", "struct B;")]), [""; 0]);
        for b in [
            "use crate::a::A;",
            "use crate::{c, a::{d, A as Other}};",
            "fn f(a: crate::a::A) {}",
            "use super::a; fn f() -> a::A {}",
        ] {
            assert_eq!(circles(&[a, ("b", b), ("c", "")]), ["a b"], "{b}");
        }
    }

    #[test]
    fn a_longer_circle_is_one() {
        let files = [
            ("a", "use crate::b::B;"),
            ("b", "use crate::c::C;"),
            ("c", "use crate::a::A; use crate::d::D;"),
            ("d", ""),
        ];
        assert_eq!(circles(&files), ["a b c"]);
    }

    #[test]
    fn a_name_of_a_parent_that_it_re_exports_is_its_child_s() {
        let parent = "mod child; mod sibling; pub(crate) use child::{Name, Other as Alias};";
        let child = ("a/child", "struct Name;");
        let sibling = ("a/sibling", "use super::Name; use super::Alias;");
        assert_eq!(circles(&[("a", parent), child, sibling]), [""; 0]);
        let back = ("a/child", "struct Name; use crate::a::sibling::Thing;");
        assert_eq!(
            circles(&[("a", parent), back, sibling]),
            ["a/child a/sibling"]
        );
    }

    #[test]
    fn a_name_that_a_parent_defines_makes_a_circle_with_a_child_it_uses() {
        let parent = "mod child; use child::Name; struct Options;";
        let child = ("a/child", "use super::Options; struct Name;");
        let both = [("a", parent), child];
        assert_eq!(circles(&both), ["a a/child"]);
        let graph = graph(&both);
        assert_eq!(
            graph.explain(&graph.circles()[0]),
            ["a uses a/child: Name", "a/child uses a: Options"]
        );
    }

    #[test]
    fn what_is_only_written_about_is_not_used() {
        let a = ("a", "use crate::b::B;");
        for b in [
            "// use crate::a::A;",
            "/* use crate::a::A; */",
            "const TEXT: &str = \"\\\"use crate::a::A;\";",
            "const TEXT: &str = r#\"\" use crate::a::A; \"#;",
            "fn f<'a>(c: char) -> bool { c == '\"' } // crate::a::A",
            "fn f<'a>() -> impl Sized + use<'a> {}",
        ] {
            assert_eq!(circles(&[a, ("b", b)]), [""; 0], "{b}");
        }
    }

    #[test]
    fn the_modules_of_all_paths_are_known() {
        let code = "use crate::record::Place; use crate::{tally, event::{Event, a::B}};
            pub use crate::wire::profile; use std::fs; fn f() { crate::text::mask(super::units()) }";
        let named: Vec<String> = modules_named("a/b", code).into_iter().collect();
        assert_eq!(named, ["a", "event", "record", "tally", "text", "wire"]);
    }

    #[test]
    fn a_lifetime_and_a_quotation_mark_hide_nothing() {
        let a = ("a", "use crate::b::B;");
        for b in [
            "fn f<'a>(a: &'a crate::a::A) {}",
            "fn f(c: char) -> bool { c == '\"' || crate::a::A }",
            "fn f(c: char) -> bool { c == '\\'' || crate::a::A }",
        ] {
            assert_eq!(circles(&[a, ("b", b)]), ["a b"], "{b}");
        }
    }
}
