//! Rows, lines and quotes, followed in the raw bytes: csv-core reports none of them.
//!
//! Owns the limits on a quoted cell. Cuts no cells: it follows the same rules as csv-core, byte by byte. Of a row that
//! was cut another way it learns where that row ends.

pub(super) const QUOTE: u8 = b'"';

/// Bytes between quotes at which a quote counts as never closed.
pub(super) const BYTE_LIMIT: u64 = 1_000_000;
/// Lines that a quoted cell reaches when its quote counts as never closed.
pub(super) const LINE_LIMIT: u64 = 1_000;
/// Lines that a quoted cell may span without a remark.
const LINES_WITHOUT_REMARK: u64 = 20;

/// Follows the bytes of a table.
#[derive(Clone, Copy)]
pub(super) struct QuoteTracker {
    delimiter: u8,
    state: State,
    previous: u8,
    line: u64,
    rows_ended: u64,
    /// The row, as a spreadsheet counts, of the cell that was passed last.
    pub(super) row: u64,
    quote: Quote,
    /// The line of a quote that reached the limits, whether it was closed after that or not.
    pub(super) overrun: Option<u64>,
    /// The first suspiciously long cell of a row; the reader takes it at the row's end.
    pub(super) long: Option<LongCell>,
    /// Whether a quoted cell spanned lines; taken at the row's end, too.
    pub(super) spanning: Spanning,
}

/// Whether a quoted cell of a row spans lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spanning {
    #[default]
    None,
    /// It does.
    Lines,
    /// …and text follows its closing quote.
    LinesTorn,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    RowStart,
    /// Between rows, where a line feed still belongs to the row before.
    AfterReturn,
    CellStart,
    Bare,
    Quoted,
    /// A quote within a quoted cell: its end, or the first half of a doubled one.
    QuoteSeen,
}

/// What ended a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowEnd {
    Line,
    Input,
}

/// The quote that was opened last.
#[derive(Clone, Copy)]
struct Quote {
    line: u64,
    bytes: u64,
}

/// A quoted cell that spans suspiciously many lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LongCell {
    /// The line of its opening quote.
    pub(super) line: u64,
    /// How many lines it spans.
    pub(super) lines: u64,
}

impl QuoteTracker {
    pub(super) fn new(delimiter: u8) -> QuoteTracker {
        QuoteTracker {
            delimiter,
            state: State::RowStart,
            previous: 0,
            line: 1,
            rows_ended: 0,
            row: 1,
            quote: Quote { line: 1, bytes: 0 },
            overrun: None,
            long: None,
            spanning: Spanning::None,
        }
    }

    /// Takes note of the bytes that follow those before.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            self.state = self.step(byte);
            self.count_line(byte);
            // Most bytes of a table are in bare cells: skipping them is what makes tracking cheap.
            bytes = if self.state == State::Bare {
                self.skip_bare(rest)
            } else {
                rest
            };
        }
    }

    /// Nothing but a delimiter or a line end changes anything in a bare cell.
    fn skip_bare<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let matters = |byte: &u8| *byte == self.delimiter || is_line_end(*byte);
        let plain = bytes.iter().position(matters).unwrap_or(bytes.len());
        bytes.get(plain..).unwrap_or_default()
    }

    /// The line of a quote that is open now.
    pub(super) fn open_quote(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.quote.line)
    }

    /// Takes note of a row that was cut another way: the bytes from its first to behind its line end.
    pub(super) fn pass_row(&mut self, bytes: &[u8], last: RowEnd) {
        self.row = self.rows_ended + 1;
        bytes.iter().for_each(|byte| self.count_line(*byte));
        self.state = match (last, bytes.last()) {
            (RowEnd::Line, Some(b'\r')) => self.end_row(State::AfterReturn),
            (RowEnd::Line, _) => self.end_row(State::RowStart),
            (RowEnd::Input, _) => State::Bare,
        };
    }

    /// The row that begins in `bytes`, which are next, behind blank lines.
    pub(super) fn row_ahead(&self, bytes: &[u8]) -> u64 {
        let blank = bytes.iter().take_while(|byte| is_line_end(**byte)).count();
        let mut ahead = *self;
        ahead.pass(bytes.get(..blank).unwrap_or_default());
        ahead.rows_ended + 1
    }

    /// The line that is `bytes` further on.
    pub(super) fn line_behind(&self, bytes: &[u8]) -> u64 {
        let mut ahead = *self;
        bytes.iter().for_each(|byte| ahead.count_line(*byte));
        ahead.line
    }

    /// Takes note of a quoted cell over several lines, of a row that was cut another way.
    pub(super) fn note_quoted(&mut self, cell: LongCell, spanning: Spanning) {
        self.spanning = self.spanning.max(spanning);
        if cell.lines > LINES_WITHOUT_REMARK || spanning == Spanning::LinesTorn {
            self.long.get_or_insert(cell);
        }
    }

    fn step(&mut self, byte: u8) -> State {
        match self.state {
            State::Quoted => self.step_quoted(byte),
            State::QuoteSeen if byte == QUOTE => self.grow(),
            State::QuoteSeen => self.step_closed(byte),
            State::Bare => self.step_bare(byte),
            State::CellStart => self.step_cell_start(byte),
            State::AfterReturn if byte == b'\n' => State::RowStart,
            State::AfterReturn | State::RowStart => self.step_row_start(byte),
        }
    }

    fn step_row_start(&mut self, byte: u8) -> State {
        if !is_line_end(byte) {
            self.row = self.rows_ended + 1;
        }
        self.step_cell_start(byte)
    }

    fn step_cell_start(&mut self, byte: u8) -> State {
        if byte != QUOTE {
            return self.step_bare(byte);
        }
        self.quote = Quote {
            line: self.line,
            bytes: 0,
        };
        State::Quoted
    }

    fn step_bare(&mut self, byte: u8) -> State {
        match byte {
            b'\r' => self.end_row(State::AfterReturn),
            b'\n' => self.end_row(State::RowStart),
            _ if byte == self.delimiter => State::CellStart,
            _ => State::Bare,
        }
    }

    fn end_row(&mut self, next: State) -> State {
        self.rows_ended += 1;
        next
    }

    fn step_quoted(&mut self, byte: u8) -> State {
        if byte == QUOTE {
            if self.lines_in_quote() > 1 {
                self.spanning = self.spanning.max(Spanning::Lines);
            }
            if self.lines_in_quote() > LINES_WITHOUT_REMARK {
                self.remark();
            }
            return State::QuoteSeen;
        }
        self.grow()
    }

    /// Text after a closing quote is a mistake: if the cell spans several lines, it may have swallowed rows.
    fn step_closed(&mut self, byte: u8) -> State {
        let next = self.step_bare(byte);
        if next == State::Bare && self.lines_in_quote() > 1 {
            self.spanning = Spanning::LinesTorn;
            self.remark();
        }
        next
    }

    fn grow(&mut self) -> State {
        self.quote.bytes += 1;
        // A quote that never closes would swallow the rest of the input, and all its contacts.
        if self.quote.bytes >= BYTE_LIMIT || self.lines_in_quote() >= LINE_LIMIT {
            self.overrun.get_or_insert(self.quote.line);
        }
        State::Quoted
    }

    fn lines_in_quote(&self) -> u64 {
        self.line - self.quote.line + 1
    }

    fn remark(&mut self) {
        let now = LongCell {
            line: self.quote.line,
            lines: self.lines_in_quote(),
        };
        let known = self.long.get_or_insert(now);
        if known.line == now.line {
            *known = now;
        }
    }

    fn count_line(&mut self, byte: u8) {
        let second_half = byte == b'\n' && self.previous == b'\r';
        if is_line_end(byte) && !second_half {
            self.line += 1;
        }
        self.previous = byte;
    }
}

pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(text: &str) -> QuoteTracker {
        let mut tracker = QuoteTracker::new(b',');
        tracker.pass(text.as_bytes());
        tracker
    }

    #[test]
    fn a_quote_is_open_only_where_a_cell_began_with_it_and_did_not_end() {
        let cases = [
            ("\"", Some(1)),
            ("\"abc", Some(1)),
            ("\"abc\"", None),
            ("\"\"", None),
            ("\"\"\"", Some(1)),
            ("\"\"\"\"", None),
            ("\"abc\"d\"ef", None),
            ("\"abc\"\"def", Some(1)),
            ("ab\"cd", None),
            ("ab\"cd\n\"ef", Some(2)),
            ("a,\"b", Some(1)),
            ("a,\"b\",\"c", Some(1)),
            ("a, \"b", None),
            ("a\r\nb\r\n\"c", Some(3)),
            ("a\rb\r\"c", Some(3)),
            ("a\n\n\r\n\"c\n\nd", Some(4)),
            ("\"a\r\n\r\nb\",\"c", Some(3)),
        ];
        for (text, line) in cases {
            assert_eq!(watched(text).open_quote(), line, "{text:?}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        let cases = [
            ("a", 1),
            ("a\n", 1),
            ("a\nb", 2),
            ("a\r\nb", 2),
            ("a\rb", 2),
            ("\n\na", 3),
            ("\r\n\r\na", 3),
            ("\r\ra", 3),
            ("\n\r\n\ra", 4),
            ("\"a\nb\nc\"\nd", 2),
            ("\"a\r\nb\"\r\n\r\nd,e", 3),
            ("\"a\"b\"\nc", 2),
        ];
        for (text, row) in cases {
            assert_eq!(watched(text).row, row, "{text:?}");
        }
    }

    #[test]
    fn it_makes_no_difference_where_the_buffers_end() {
        let text = "a,\"b\r\n\"\"c\"\r\n\r\n\"d\"e\"\r\"f\n";
        let whole = watched(text);
        for cut in 0..text.len() {
            let mut tracker = watched(&text[..cut]);
            tracker.pass(&text.as_bytes()[cut..]);
            assert_eq!(
                (tracker.row, tracker.open_quote()),
                (whole.row, whole.open_quote()),
                "{cut}"
            );
        }
    }

    #[test]
    fn a_quoted_cell_over_20_lines_gets_a_remark() {
        let of =
            |lines: usize| watched(&format!("x\n\"{}\",b\n", vec!["a"; lines].join("\r\n"))).long;
        assert_eq!(of(20), None);
        assert_eq!(of(21), Some(LongCell { line: 2, lines: 21 }));
    }

    #[test]
    fn the_remark_about_several_long_cells_is_the_first_one_in_full() {
        let cell = format!("\"{}\"\"{}\"", "\n".repeat(30), "\n".repeat(30));
        assert_eq!(
            watched(&format!("{cell},{cell}\n")).long,
            Some(LongCell { line: 1, lines: 61 })
        );
    }

    #[test]
    fn text_behind_a_closing_quote_gets_a_remark_when_the_cell_spans_lines() {
        assert_eq!(
            watched("\"Bob,1\n\"Ann\",2\n").long,
            Some(LongCell { line: 1, lines: 2 })
        );
        assert_eq!(watched("\"Bob\"by,1\n").long, None);
        assert_eq!(watched("\"Bob\nby\",1\n").long, None);
    }

    #[test]
    fn a_quoted_cell_that_reaches_1000_lines_or_a_megabyte_is_an_overrun_even_when_it_closes() {
        let lines = |count: usize| watched(&format!("\"{}\"", vec!["a"; count].join("\n"))).overrun;
        assert_eq!((lines(999), lines(1_000)), (None, Some(1)));
        let bytes = |count: usize| watched(&format!("x\n\"{}\"", "a".repeat(count))).overrun;
        assert_eq!((bytes(999_999), bytes(1_000_000)), (None, Some(2)));
        assert_eq!(watched(&"a".repeat(2_000_000)).overrun, None);
    }
}
