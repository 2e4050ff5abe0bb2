//! Lists that a program wrote into one cell as text: of JSON, Python, PostgreSQL and SharePoint.
//!
//! Owns their syntax. Lists without brackets, of which anything may be a separator, are not known here.

use super::quote_marks::closing_of;

/// The elements of a text that is a list as a whole: `["a"]`, `['a', 'b']`, `[u'a', None]`, `{a,"b c"}`,
/// `a;#12;#b;#13`. `None` where it may be anything else.
pub(crate) fn list_elements(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let bracketed = [('[', ']'), ('{', '}'), ('(', ')')]
        .into_iter()
        .find_map(|(open, close)| Some((open, text.strip_prefix(open)?.strip_suffix(close)?)));
    match bracketed {
        Some((open, inside)) => in_brackets(open, inside),
        None => of_sharepoint(text),
    }
}

fn in_brackets(open: char, inside: &str) -> Option<Vec<String>> {
    if inside.trim().is_empty() {
        // `()` is what a form leaves of a phone without its area code.
        return (open != '(').then(Vec::new);
    }
    let elements = elements(inside, |c| c == ',')?;
    let has_quotes = elements.iter().any(|element| element.is_quoted);
    let is_list = match open {
        '{' => true,
        // `[VIP]` is how somebody may write one tag; Java writes `[VIP, New]`.
        '[' => has_quotes || elements.len() > 1,
        _ => elements
            .iter()
            .all(|element| element.is_quoted || element.text.is_empty()),
    };
    let texts = elements.into_iter().filter(|element| !element.is_null());
    is_list.then(|| texts.map(|element| element.text).collect())
}

/// The elements of a text in which each is in quotes: `'VIP','Blog, news'`. `None` where one is not.
pub(crate) fn quoted_elements(text: &str, is_separator: fn(char) -> bool) -> Option<Vec<String>> {
    text.trim_start()
        .starts_with(|c| closing_of(c).is_some())
        .then_some(())?;
    let elements = elements(text, is_separator)?;
    let all = elements
        .iter()
        .all(|element| element.is_quoted || element.text.is_empty());
    all.then(|| elements.into_iter().map(|element| element.text).collect())
}

struct Element {
    text: String,
    is_quoted: bool,
}

impl Element {
    /// What the four programs write for no value; in quotes it is a text.
    fn is_null(&self) -> bool {
        let is_word = ["null", "none", "nan"]
            .iter()
            .any(|word| self.text.eq_ignore_ascii_case(word));
        !self.is_quoted && (is_word || self.text.is_empty())
    }
}

fn elements(inside: &str, is_separator: fn(char) -> bool) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    let mut rest = inside;
    loop {
        let (element, after) = element(rest.trim_start(), is_separator)?;
        elements.push(element);
        let after = after.trim_start();
        if after.is_empty() {
            return Some(elements);
        }
        rest = after.strip_prefix(is_separator)?;
    }
}

/// The first element, and what follows it.
fn element(text: &str, is_separator: fn(char) -> bool) -> Option<(Element, &str)> {
    // Python 2 marks its texts: `u'VIP'`.
    let unmarked = text
        .strip_prefix('u')
        .filter(|rest| rest.starts_with(['\'', '"']))
        .unwrap_or(text);
    let mut chars = unmarked.chars();
    if let Some(close) = chars.next().and_then(closing_of) {
        let (text, after) = quoted(chars.as_str(), close, is_separator)?;
        let element = Element {
            text,
            is_quoted: true,
        };
        return Some((element, after));
    }
    let end = text.find(is_separator).unwrap_or(text.len());
    let (bare, after) = text.split_at_checked(end)?;
    // An object, a list in a list, or no list at all.
    let is_other = bare.contains(['[', ']', '{', '}', '"', ':']);
    let element = Element {
        text: bare.trim().to_owned(),
        is_quoted: false,
    };
    (!is_other).then_some((element, after))
}

/// A text up to its closing quote. One within it is doubled, has a backslash before it, or is before a letter, as the
/// apostrophe of `'Ann's list'`.
fn quoted<'t>(
    text: &'t str,
    close: &[char],
    is_separator: fn(char) -> bool,
) -> Option<(String, &'t str)> {
    let mut element = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            element.push(match rest.next()? {
                'n' | 'r' | 't' => ' ',
                escaped => escaped,
            });
        } else if !close.contains(&c) {
            element.push(c);
        } else if let Some(doubled) = rest.as_str().strip_prefix(c) {
            element.push(c);
            rest = doubled.chars();
        } else {
            let after = rest.as_str();
            let behind = after.trim_start();
            if behind.is_empty() || behind.starts_with(is_separator) {
                return Some((element, after));
            }
            if !after.starts_with(char::is_alphanumeric) {
                return None;
            }
            element.push(c);
        }
    }
    None
}

/// `a;#12;#b;#13`: each value of a lookup has its number beside it, before or behind. `;#a;#b;#` has none. A semicolon
/// in a value is doubled: any other shows that this is a list of somebody else, as in `a;b;#c`.
fn of_sharepoint(text: &str) -> Option<Vec<String>> {
    const SEPARATOR: &str = ";#";
    const SEMICOLON: &str = ";;";
    // `#vip;#new` are tags that begin with a sign.
    if !text.contains(SEPARATOR) || text.starts_with('#') {
        return None;
    }
    let parts: Vec<&str> = text.split(SEPARATOR).map(str::trim).collect();
    if parts
        .iter()
        .any(|part| part.replace(SEMICOLON, "").contains(';'))
    {
        return None;
    }
    let every_second = |from: usize| parts.iter().skip(from).step_by(2);
    let are_numbers = |from| every_second(from).all(|part| is_item_number(part));
    let values: Vec<&str> = match (are_numbers(0), are_numbers(1)) {
        (true, false) => every_second(1).copied().collect(),
        (false, true) => every_second(0).copied().collect(),
        _ => parts,
    };
    let values = values.into_iter().filter(|value| !value.is_empty());
    Some(values.map(|value| value.replace(SEMICOLON, ";")).collect())
}

/// The number of an item in its list; more digits may be a phone.
fn is_item_number(text: &str) -> bool {
    const LONGEST: usize = 6;
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_list(text: &str, found: Option<Vec<String>>, expected: &[&str]) {
        assert_eq!(
            found.unwrap_or_else(|| panic!("{text} is no list")),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_list_that_a_program_wrote_as_text_has_elements() {
        let cases: [(&str, &[&str]); 25] = [
            ("[]", &[]),
            ("{}", &[]),
            (" [ ] ", &[]),
            (r#"["VIP","Blog, news"]"#, &["VIP", "Blog, news"]),
            (r#"["a \"b\"", "c\\d"]"#, &["a \"b\"", "c\\d"]),
            (r#"["VIP"]"#, &["VIP"]),
            (r#"["a",1,null]"#, &["a", "1"]),
            ("['VIP', 'New']", &["VIP", "New"]),
            (r#"["Ann's", 'b']"#, &["Ann's", "b"]),
            (r"['Ann\'s']", &["Ann's"]),
            ("[u'VIP', u'New', None]", &["VIP", "New"]),
            ("('a', 'b')", &["a", "b"]),
            ("('a',)", &["a"]),
            ("{'a', 'b'}", &["a", "b"]),
            ("[VIP, New]", &["VIP", "New"]),
            ("[“VIP”, “New”]", &["VIP", "New"]),
            (r#"{VIP,"Big Spender"}"#, &["VIP", "Big Spender"]),
            (r#"{VIP,NULL,"NULL"}"#, &["VIP", "NULL"]),
            ("{VIP}", &["VIP"]),
            ("a;#12;#b", &["a", "b"]),
            ("a;#12;#b;#13", &["a", "b"]),
            ("12;#a;#13;#b", &["a", "b"]),
            (";#a;#b;#", &["a", "b"]),
            ("12;#9876543210", &["9876543210"]),
            ("Food;; Drink;#12", &["Food; Drink"]),
        ];
        for (text, expected) in cases {
            assert_list(text, list_elements(text), expected);
        }
    }

    #[test]
    fn a_text_that_may_be_something_else_is_not_a_list() {
        for text in [
            "",
            "[",
            "VIP",
            "[VIP]",
            "[VIP], Blog",
            "(new)",
            "(a, b)",
            "()",
            "{\"a\":1}",
            "{a: b}",
            "[{\"a\":1}]",
            "[[1,2]]",
            "['VIP'",
            "['VIP' 'New']",
            "#vip;#new",
            "a;b",
            "a;b;#c",
            "24:7",
            "[a] [b]",
        ] {
            assert_eq!(list_elements(text), None, "{text}");
        }
    }

    #[test]
    fn texts_of_which_each_is_in_quotes_are_elements() {
        let is_separator = |c| matches!(c, ',' | ';');
        let cases: [(&str, &[&str]); 5] = [
            ("'VIP','Blog, news'", &["VIP", "Blog, news"]),
            ("“VIP”; “Blog, news”", &["VIP", "Blog, news"]),
            ("\"VIP\",\"a \"\"b\"\"\"", &["VIP", "a \"b\""]),
            ("'Ann's list', 'b',", &["Ann's list", "b", ""]),
            ("'VIP'", &["VIP"]),
        ];
        for (text, expected) in cases {
            assert_list(text, quoted_elements(text, is_separator), expected);
        }
        for text in [
            "VIP",
            "'VIP', Blog",
            "'t Hooft, 'n Sync",
            "\"VIP",
            "'90s",
            "",
        ] {
            assert_eq!(quoted_elements(text, is_separator), None, "{text}");
        }
    }
}
