//! Where one JSON value ends, found byte by byte in buffers that end anywhere.
//!
//! Owns strings, escapes and depth, nothing else: whether the value is right is for a parser to say.

/// Looks for the end of one value, whose first byte is the first that it is given.
pub(super) struct Splitter {
    state: State,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// Within brackets, outside of strings.
    Inside,
    Text,
    Escape,
    /// A number, `true`, `false`, `null`, or another word.
    Word,
}

/// Where a value ends, seen from some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueCut {
    /// Not in these bytes: all of them, this many, belong to it.
    GoesOn(usize),
    /// After this many of the bytes.
    Ends(usize),
    /// After this many of the bytes a line ends within a string: its closing quote is missing.
    OpenText(usize),
}

impl Splitter {
    pub(super) fn new() -> Splitter {
        Splitter {
            state: State::Start,
            depth: 0,
        }
    }

    /// Where the value ends in `bytes`. Not to be called again after it has ended.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> ValueCut {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.ends_before(byte) {
                return ValueCut::Ends(at);
            }
            // JSON escapes line breaks: a bare one means that a quote is missing, and the rest of the input would be
            // one string.
            if byte == b'\n' && matches!(self.state, State::Text | State::Escape) {
                return ValueCut::OpenText(at);
            }
            self.step(byte);
            at += 1;
            if self.ended_with(byte) {
                return ValueCut::Ends(at);
            }
            if self.state == State::Text {
                at += plain_text(bytes.get(at..).unwrap_or_default());
            }
        }
        ValueCut::GoesOn(bytes.len())
    }

    /// Whether the input may end here: a word has no end of its own.
    pub(super) fn may_end(&self) -> bool {
        self.state == State::Word
    }

    fn ends_before(&self, byte: u8) -> bool {
        self.state == State::Word
            && (byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b':'))
    }

    fn ended_with(&self, byte: u8) -> bool {
        self.depth == 0 && self.state == State::Inside && matches!(byte, b'"' | b'}' | b']')
    }

    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            State::Escape => State::Text,
            State::Text if byte == b'\\' => State::Escape,
            State::Text if byte == b'"' => State::Inside,
            State::Text => State::Text,
            State::Word => State::Word,
            State::Start => self.step_start(byte),
            State::Inside => self.step_inside(byte),
        };
    }

    fn step_start(&mut self, byte: u8) -> State {
        match byte {
            b'"' | b'{' | b'[' => self.step_inside(byte),
            _ => State::Word,
        }
    }

    fn step_inside(&mut self, byte: u8) -> State {
        match byte {
            b'"' => return State::Text,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        State::Inside
    }
}

/// Bytes of a string up to one that means something.
pub(super) fn plain_text(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | b'\n'))
        .unwrap_or(bytes.len())
}

/// Whether bytes behind an element of a list hold another one whole.
pub(super) fn hold_an_element(bytes: &[u8]) -> bool {
    let is_between = |byte: &u8| *byte == b',' || byte.is_ascii_whitespace();
    let start = bytes.iter().position(|byte| !is_between(byte));
    let element = start.and_then(|start| bytes.get(start..));
    match element.unwrap_or_default() {
        [] | [b']' | b'}', ..] => false,
        element => matches!(Splitter::new().pass(element), ValueCut::Ends(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_its_brackets_and_quotes_are_closed() {
        let cases = [
            ("{}", ValueCut::Ends(2)),
            ("{\"a\":[1,{\"b\":2}]},", ValueCut::Ends(17)),
            ("{\"}\":\"]\\\"}\"} x", ValueCut::Ends(12)),
            ("\"a\\\\\"b\"", ValueCut::Ends(5)),
            ("\"\"", ValueCut::Ends(2)),
            ("[\"a\"", ValueCut::GoesOn(4)),
            ("{\"a\":1", ValueCut::GoesOn(6)),
            ("12.5e3,", ValueCut::Ends(6)),
            ("null]", ValueCut::Ends(4)),
            ("true\n", ValueCut::Ends(4)),
            ("12", ValueCut::GoesOn(2)),
            ("\"ab\ncd\"", ValueCut::OpenText(3)),
            ("{\"a\":\"b\\\n", ValueCut::OpenText(8)),
            ("{\n\"a\":1\n}", ValueCut::Ends(9)),
        ];
        for (text, cut) in cases {
            assert_eq!(Splitter::new().pass(text.as_bytes()), cut, "{text:?}");
        }
    }

    #[test]
    fn it_makes_no_difference_where_the_buffers_end() {
        let text = "{\"a\\\"\":[\"\\\\\",{\"b\":2}]}";
        for at in 1..text.len() {
            let mut splitter = Splitter::new();
            assert_eq!(
                splitter.pass(&text.as_bytes()[..at]),
                ValueCut::GoesOn(at),
                "{at}"
            );
            assert_eq!(
                splitter.pass(&text.as_bytes()[at..]),
                ValueCut::Ends(text.len() - at),
                "{at}"
            );
        }
    }

    #[test]
    fn an_element_is_whole_in_memory_once_its_end_is_there() {
        for (bytes, is_whole) in [
            (r#",{"phone":"1","more":{"a":[1]}}"#, true),
            (r#" , {"phone":"}"}  "#, true),
            (r#",{"phone":"1","more":{"a":1}"#, false),
            (r#",{"phone":"}"#, false),
            (",", false),
            ("", false),
            ("]", false),
            (" ]\n{\"next\":1}", false),
        ] {
            assert_eq!(hold_an_element(bytes.as_bytes()), is_whole, "{bytes}");
        }
    }
}
