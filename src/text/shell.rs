//! Words of a command that a user can paste into a shell: what is printed must arrive as it was meant.
//!
//! On Windows one line serves PowerShell and cmd (and Git's bash): double quotes are read alike by all, as long as
//! nothing in them is special to one. What can only be written for one of them is written for PowerShell, the shell of
//! Windows Terminal, as its version 5.1 passes it on, which every Windows has; in cmd it must at least run nothing.

use super::quote::quoted;

/// What reads a printed command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    /// sh, bash, zsh, fish.
    Posix,
    /// PowerShell and cmd.
    Windows,
}

const HERE: Shell = if cfg!(windows) {
    Shell::Windows
} else {
    Shell::Posix
};

/// A text as the system's shells take it for one word: quoted only where it must be, and with double quotes where they
/// are enough, as people write them.
pub(crate) fn shell_word(text: &str) -> String {
    HERE.word(text)
}

/// An option and its value as one word: `--same-account="the old one"`.
pub(crate) fn shell_option(option: &str, value: &str) -> String {
    HERE.option(option, value)
}

/// A command for which a variable of the environment is set.
pub(crate) fn with_variable(name: &str, value: &str, command: &str) -> String {
    HERE.with_variable(name, value, command)
}

/// A command for which variables of the environment are unset.
pub(crate) fn without_variables(variables: &[String], command: &str) -> String {
    HERE.without_variables(variables, command)
}

/// Where the first word of a printed command ends: a quoted space is part of the word.
pub(crate) fn word_ends(text: &str) -> usize {
    HERE.word_ends(text)
}

impl Shell {
    fn word(self, text: &str) -> String {
        // A closing quote behind a backslash would be part of the word, and two backslashes would arrive as two where
        // PowerShell needs no quotes.
        let plain = match self {
            Shell::Windows if text.ends_with('\\') => text.replace('\\', ""),
            _ => text.to_owned(),
        };
        let is_plain = !text.is_empty() && plain.chars().all(|c| self.is_plain(c));
        match self {
            _ if is_plain => text.to_owned(),
            Shell::Posix if text.contains(['"', '$', '`', '\\', '!']) => {
                // A shell takes these signs for its own inside double quotes, too.
                format!("'{}'", text.replace('\'', r"'\''"))
            }
            Shell::Posix => quoted(text),
            Shell::Windows => windows_quoted(text),
        }
    }

    fn option(self, option: &str, value: &str) -> String {
        let has_dot = value.contains(['.', ':']);
        match self {
            // PowerShell splits a word that begins with a dash at its first dot (PowerShell issue 6291).
            Shell::Windows if has_dot => windows_quoted(&format!("{option}={value}")),
            Shell::Windows | Shell::Posix => format!("{option}={}", self.word(value)),
        }
    }

    fn with_variable(self, name: &str, value: &str, command: &str) -> String {
        match self {
            Shell::Posix => format!("{name}={value} {command}"),
            Shell::Windows => format!("$env:{name}='{value}'; {command}"),
        }
    }

    fn without_variables(self, variables: &[String], command: &str) -> String {
        let unset = |variable: &String| match self {
            Shell::Posix => format!("{variable}= "),
            Shell::Windows => format!("$env:{variable}=''; "),
        };
        let unset: String = variables.iter().map(unset).collect();
        unset + command
    }

    fn word_ends(self, text: &str) -> usize {
        let (mut inside, mut escaped) = (None, false);
        for (at, c) in text.char_indices() {
            match (c, inside) {
                _ if escaped => escaped = false,
                ('\\', None) => escaped = self == Shell::Posix,
                ('\'' | '"', None) => inside = Some(c),
                (quote, Some(open)) if quote == open => inside = None,
                (' ', None) => return at,
                _ => {}
            }
        }
        text.len()
    }

    /// Whether a shell takes a character for itself nowhere in a word. On Windows, a comma makes a list, and `@` takes a
    /// list apart; a backslash is a sign as any other, but Git's bash takes it for its own.
    fn is_plain(self, c: char) -> bool {
        let others = match self {
            Shell::Posix => "-_./:=,@%+",
            Shell::Windows => "-_./:=%+",
        };
        c.is_alphanumeric() || others.contains(c)
    }
}

fn windows_quoted(text: &str) -> String {
    match text.contains('"') {
        true => powershell_word(text),
        false => quoted(&for_powershell(&for_argv(text))),
    }
}

/// A text that stays itself between PowerShell's double quotes: a backtick escapes what it reads there, variables, itself
/// and the curly quotes that it takes for straight ones. To cmd a backtick is a sign as any other.
fn for_powershell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_special = match sign {
            '`' | '“' | '”' | '„' => true,
            // A lone dollar is no variable.
            '$' => signs.peek().is_some_and(|next| *next != ' '),
            _ => false,
        };
        if is_special {
            escaped.push('`');
        }
        escaped.push(sign);
    }
    escaped
}

/// A text with double quotes in it. In single quotes PowerShell reads nothing but such a quote, straight or curly: it is
/// doubled. To cmd single quotes mean nothing, and it would run what is behind an `&` of a stranger's file: such signs
/// become question marks, with which the command fails everywhere.
fn powershell_word(text: &str) -> String {
    let mut word = String::from("'");
    for c in for_argv(text).chars() {
        match c {
            '\'' | '‘' | '’' | '‚' | '‛' => word.extend([c, c]),
            '&' | '|' | '<' | '>' | '^' | '%' => word.push('?'),
            c => word.push(c),
        }
    }
    word + "'"
}

/// A text that stays itself between double quotes, as a program takes its command line apart: backslashes count only
/// before a quote, and the closing one is a quote ("Parsing C command-line arguments", learn.microsoft.com).
fn for_argv(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '"' {
            escaped.push_str(&"\\".repeat(backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    escaped.push_str(&"\\".repeat(backslashes));
    escaped
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_posix_shell_reads_the_word_back() {
        for (text, word) in [
            ("customers.csv", "customers.csv"),
            ("Phone Number", "\"Phone Number\""),
            ("it's", "\"it's\""),
            ("phone=Tel. #", "\"phone=Tel. #\""),
            ("", "\"\""),
            ("cost $", "'cost $'"),
            ("say \"it's\"", r#"'say "it'\''s"'"#),
        ] {
            assert_eq!(Shell::Posix.word(text), word);
        }
    }

    #[test]
    fn windows_shells_get_what_both_read_alike_and_else_what_powershell_reads() {
        for (text, word) in [
            ("customers.csv", "customers.csv"),
            ("50%", "50%"),
            ("Phone Number", "\"Phone Number\""),
            ("it's", "\"it's\""),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("@list", "\"@list\""),
            ("name={First} {Last}", "\"name={First} {Last}\""),
            ("cost $", "\"cost $\""),
            (r"C:\Users\Asha\a.csv", r#""C:\Users\Asha\a.csv""#),
            (
                r"\\server\share\my files\",
                r#""\\server\share\my files\\""#,
            ),
            (r"C:\data\", r"C:\data\"),
            (r"\", r"\"),
            ("a & b|c", "\"a & b|c\""),
            // Only PowerShell can be told these.
            ("cost $x", "\"cost `$x\""),
            ("$x & calc & rem.csv", "\"`$x & calc & rem.csv\""),
            ("tick `", "\"tick ``\""),
            ("it’s $x", "\"it’s `$x\""),
            ("say \"hi\"", r#"'say \"hi\"'"#),
            ("it’s \"x\"", r#"'it’’s \"x\"'"#),
            ("“x”", "\"`“x`”\""),
            // What cmd would run fails everywhere.
            ("\" & calc", r#"'\" ? calc'"#),
        ] {
            assert_eq!(Shell::Windows.word(text), word);
        }
    }

    #[test]
    fn an_option_with_its_value_is_one_word() {
        for (value, posix, windows) in [
            ("shop", "--x=shop", "--x=shop"),
            ("a b", "--x=\"a b\"", "--x=\"a b\""),
            ("api.v7", "--x=api.v7", "\"--x=api.v7\""),
            ("-1", "--x=-1", "--x=-1"),
            ("$a.b", "--x='$a.b'", "\"--x=`$a.b\""),
            ("C:\\", "--x='C:\\'", "\"--x=C:\\\\\""),
        ] {
            assert_eq!(Shell::Posix.option("--x", value), posix);
            assert_eq!(Shell::Windows.option("--x", value), windows);
        }
    }

    #[test]
    fn variables_are_set_and_unset_as_the_shell_does_it() {
        let names = ["A".to_owned(), "B".to_owned()];
        let posix = Shell::Posix.without_variables(&names, "bp-import a.csv");
        assert_eq!(posix, "A= B= bp-import a.csv");
        let set = |shell: Shell| shell.with_variable("A", "b", "bp-import");
        assert_eq!(set(Shell::Posix), "A=b bp-import");
        assert_eq!(set(Shell::Windows), "$env:A='b'; bp-import");
        let windows = Shell::Windows.without_variables(&names, "bp-import a.csv");
        assert_eq!(windows, "$env:A=''; $env:B=''; bp-import a.csv");
    }

    /// The word that PowerShell takes a printed word for, in so far as we print such: bare, or in one kind of quotes.
    fn powershell_reads(word: &str) -> Option<String> {
        let is_single = |c: char| matches!(c, '\'' | '‘' | '’' | '‚' | '‛');
        let is_double = |c: char| matches!(c, '"' | '“' | '”' | '„');
        let signs: Vec<char> = word.chars().collect();
        let is_quote: &dyn Fn(char) -> bool = match signs.first()? {
            c if is_single(*c) => &is_single,
            c if is_double(*c) => &is_double,
            _ => {
                return (!signs.iter().any(|c| "`$,;(){}@\"'|&<> #".contains(*c)))
                    .then(|| word.into());
            }
        };
        let mut read = String::new();
        let mut rest = signs[1..].iter().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            match c {
                c if is_quote(*c) && next.is_some_and(|next| is_quote(*next)) => {
                    read.push(*c);
                    rest.next();
                }
                c if is_quote(*c) => return next.is_none().then_some(read),
                '`' if !is_single(signs[0]) => read.extend(rest.next()),
                '$' if !is_single(signs[0]) && next.is_some_and(|next| !" \"".contains(*next)) => {
                    return None;
                }
                c => read.push(*c),
            }
        }
        None
    }

    /// As PowerShell 5.1 hands a word on: in double quotes where there is a space in it, and otherwise unchanged.
    fn handed_on(word: &str) -> String {
        match word.contains(' ') || word.is_empty() {
            true => format!("\"{word}\""),
            false => word.to_owned(),
        }
    }

    /// The one argument that a program makes of its command line.
    fn argv(line: &str) -> Option<String> {
        let (mut read, mut inside, mut backslashes) = (String::new(), false, 0);
        for c in line.chars() {
            if c == '\\' {
                backslashes += 1;
                continue;
            }
            let kept = if c == '"' {
                backslashes / 2
            } else {
                backslashes
            };
            read.push_str(&"\\".repeat(kept));
            match c {
                '"' if backslashes % 2 == 0 => inside = !inside,
                ' ' if !inside => return None,
                c => read.push(c),
            }
            backslashes = 0;
        }
        read.push_str(&"\\".repeat(backslashes));
        (!inside).then_some(read)
    }

    proptest! {
        #[test]
        fn what_powershell_reads_is_what_was_meant(text in "[a-zé0-9 $`'’“”\"\\\\.,=@{}:&-]{0,12}") {
            let word = Shell::Windows.word(&text);
            let read = powershell_reads(&word);
            prop_assert!(read.is_some(), "{word}");
            let arrived = argv(&handed_on(&read.unwrap()));
            // A backslash at the end of a word without a space stays doubled, which a path does not mind.
            let is_harmless = text.ends_with('\\') && !text.contains(' ');
            let meant = match text.contains('"') {
                true => text.replace('&', "?"),
                false => text.clone(),
            };
            prop_assert!(is_harmless || arrived.as_deref() == Some(&meant), "{word}: {arrived:?}");
        }

        #[test]
        fn what_cmd_hands_on_is_what_was_meant_where_double_quotes_do(text in "[a-zé0-9 '’\\\\.,=@{}:&|<>^-]{0,12}") {
            let word = Shell::Windows.word(&text);
            prop_assert_eq!(argv(&word), Some(text));
        }

        #[test]
        fn cmd_runs_nothing_of_a_strangers_text(text in "[a-z $`'’“”\"\\\\&|<>^%]{0,16}") {
            let mut is_inside = false;
            for c in Shell::Windows.word(&text).chars() {
                is_inside ^= c == '"';
                prop_assert!(is_inside || !"&|<>".contains(c), "{}", Shell::Windows.word(&text));
            }
        }

        #[test]
        fn a_printed_word_ends_where_it_ends(text in "[a-z $`'\"\\\\.=]{0,12}") {
            for shell in [Shell::Posix, Shell::Windows] {
                let word = shell.word(&text);
                prop_assert_eq!(shell.word_ends(&format!("{word} --next")), word.len(), "{}", word);
            }
        }
    }
}
