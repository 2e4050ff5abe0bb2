//! Dialects, as files come.

use super::*;

fn known(usual: Delimiter, header: HeaderRow) -> TableHints {
    TableHints {
        delimiter: None,
        of_format: None,
        usual,
        escape: None,
        header,
    }
}

fn found(text: &str, known: TableHints) -> FoundDialect {
    let start = TableStart {
        bytes: text.as_bytes(),
        rest: Rest::Buffered,
    };
    start.dialect(known)
}

fn csv(text: &str) -> FoundDialect {
    found(text, known(Delimiter::COMMA, HeaderRow::First))
}

fn delimiter(text: &str) -> char {
    char::from(csv(text).dialect.delimiter.byte())
}

#[test]
fn the_delimiter_is_the_one_that_covers_most_rows() {
    let cases = [
        ("name,phone\nA,1\n", ','),
        ("name;phone\nA;1\n", ';'),
        ("name\tphone\nA\t1\n", '\t'),
        ("name|phone\nA|1\n", '|'),
        ("name;phone", ';'),
        ("\"a\nb\"\tc\nd,e\tf", '\t'),
        // Commas within the cells of every row.
        ("name;phone\nRao, A;1\nRoy, B;2\nDas, C;3\n", ';'),
        ("name;amount;phone\nA;1,5;1\nB;2,5;2\n", ';'),
        ("name,phone,tags\nA,1,x;y\nB,2,x;y\nC,3,\nD,4,,\n", ','),
        ("\"last, first\";phone\nx;1\ny;2\n", ';'),
        ("name,phone,note\r\nA,1,\"a;b;c\nd;e;f\"\r\nB,2,\r\n", ','),
        // One column, whatever its cells hold.
        ("phone\n1;2\n3;4\n5;6\n", ','),
        ("phone\n1\n2\n", ','),
        ("name\n\"Rao, A\"\n\"Roy, B\"\n", ','),
        ("", ','),
        // Ragged rows, and tags that are always two.
        (
            "name,phone,tags\nA,1,x|y\nB,2,x|y,,\nC,3,x|y,\nD,4,x|y,,,\n",
            ',',
        ),
        ("name;phone\rA;1\rB;2\r", ';'),
    ];
    for (text, expected) in cases {
        assert_eq!(delimiter(text), expected, "{text:?}");
    }
}

#[test]
fn a_guess_is_a_delimiter_that_the_name_did_not_let_expect() {
    let tsv = |text: &str| found(text, known(Delimiter::TAB, HeaderRow::First));
    for (found, is_guessed) in [
        (csv("a,b\n1,2\n"), false),
        (csv("a;b\n1;2\n"), true),
        (csv("sep=;\na;b\n"), true),
        (tsv("a\tb\n"), false),
        (tsv("a,b\tc\n"), false),
        (tsv("a,b\n1,2\n"), true),
        (csv("a;bp_row;bp_outcome\n1;2;3\n"), false),
    ] {
        assert_eq!(found.is_guessed, is_guessed, "{found:?}");
    }
}

#[test]
fn excels_first_line_names_the_delimiter_and_is_not_the_header() {
    for (text, byte) in [
        ("sep=;\na;b\n", b';'),
        ("SEP=|\r\na,b\n", b'|'),
        ("sep=\t\ra\tb\r", b'\t'),
        ("\"sep=;\"\na,b\n", b';'),
        ("sep=^\na^b\n", b'^'),
        ("sep=,,,\na,b,c,d\n", b','),
    ] {
        let dialect = csv(text).dialect;
        assert_eq!(
            (dialect.delimiter.byte(), dialect.above),
            (byte, 1),
            "{text:?}"
        );
    }
    for text in [
        "sep=\na,b\n",
        "separator,b\n",
        "sep=ab,c\n1,2\n",
        "sep\n",
        "sep=\"\na,b",
    ] {
        assert_eq!(csv(text).dialect.above, 0, "{text:?}");
    }
}

#[test]
fn a_rejects_file_is_read_with_the_delimiter_it_was_written_with() {
    let cases = [
        ("name;phone;bp_row;bp_outcome\n", b';'),
        ("\n\"a,b\"|\"bp_row\"|\"bp_outcome\"\r\n", b'|'),
        ("name\tphone\tbp_row", b'\t'),
        ("\"two\nlines\";bp_row;bp_code\n", b';'),
        ("name,my bp_row,x;y\n", b','),
        ("name;bp_rows,bp_row\n", b','),
        ("name^phone^bp_row^bp_outcome^bp_code\n", b'^'),
        ("name_phone_\"bp_row\"_\"bp_outcome\"\n", b'_'),
    ];
    for (text, byte) in cases {
        assert_eq!(csv(text).dialect.delimiter.byte(), byte, "{text:?}");
    }
    let named = TableHints {
        of_format: Some(Delimiter::TAB),
        ..known(Delimiter::TAB, HeaderRow::First)
    };
    for (text, byte) in [("name,phone,bp_row\n", b','), ("name,phone\n", b'\t')] {
        assert_eq!(found(text, named).dialect.delimiter.byte(), byte);
    }
    let long = format!(
        "{};phone;bp_row;bp_outcome\nA;1;2;invalid\n",
        "x,".repeat(32_000)
    );
    assert_eq!(delimiter(&long), ';');
}

#[test]
fn a_banner_is_what_is_above_a_row_that_reads_as_a_header() {
    let cases = [
        (
            "Contacts exported 2026-01-01\n\nname,phone\nA,+919876543210\n",
            Some(2),
        ),
        ("Contacts\nname,phone\nA,+919876543210\n", Some(1)),
        (
            "Contacts,,\n,,\nname,phone,city\nA,+919876543210,\n",
            Some(2),
        ),
        (
            "Report;;\nBy;Ann;\n\nname;phone;city\nA;919876543210;x\n",
            Some(3),
        ),
        ("sep=;\nContacts\nname;phone\nA;919876543210\n", Some(2)),
        // A header that is narrower than its rows is still one.
        ("name,phone\nA,919876543210,x\nB,919876543210,x\n", None),
        ("phone\n919876543210,A\n919876543211,B\n", None),
        // Nothing below, or nothing that is a number.
        ("Contacts\nname,phone\n", None),
        ("Contacts\nname,phone\nA,B\n", None),
        // No names: blank, twice the same, an address, a date.
        ("Contacts\nname,,phone\nA,B,919876543210\n", None),
        ("Contacts\nname,name\nA,919876543210\n", None),
        ("Contacts\na@b.c,phone\nA,919876543210\n", None),
        ("Contacts\n2026-01-01,phone\nA,919876543210\n", None),
        ("name,phone\nA,919876543210\n", None),
        ("name,phone,bp_row,bp_code\n,,,\nA,919876543210,2,x\n", None),
    ];
    for (text, banner) in cases {
        assert_eq!(csv(text).banner, banner, "{text:?}");
    }
}

#[test]
fn without_a_header_columns_are_counted_and_a_rejects_file_has_one_all_the_same() {
    let headless = |text: &str| found(text, known(Delimiter::COMMA, HeaderRow::None)).dialect;
    for (text, columns) in [
        ("A,1\nB,2,x\n", 3),
        ("sep=;\nA;1\n", 2),
        ("1\n2\n", 1),
        ("1;A\n2;B\n", 2),
        ("Contacts\nname,phone\nA,919876543210\n", 2),
    ] {
        assert_eq!(
            headless(text).heading,
            ColumnNaming::Numbered(columns),
            "{text:?}"
        );
    }
    assert_eq!(headless("A,1,bp_row\nB,2,3\n").heading, ColumnNaming::Named);
}

#[test]
fn a_row_that_the_look_cuts_off_does_not_count() {
    let cut = TableStart {
        bytes: b"a,b\n1,2\n3,4,5,6",
        rest: Rest::Beyond,
    };
    assert_eq!(cut.widths(Syntax::plain(Delimiter::COMMA)), [2, 2]);
    let whole = TableStart {
        rest: Rest::Buffered,
        ..cut
    };
    assert_eq!(whole.widths(Syntax::plain(Delimiter::COMMA)), [2, 2, 4]);
    let alone = TableStart {
        bytes: b"a,b,c",
        rest: Rest::Beyond,
    };
    assert_eq!(alone.widths(Syntax::plain(Delimiter::COMMA)), [3]);
}

#[test]
fn single_quotes_are_quotes_where_they_are_around_every_cell_of_a_column() {
    for (text, expected) in [
        ("'name','phone'\n'Asha','1'\n", '\''),
        ("name,phone\n'Asha','1'\n'Ravi',\n", '\''),
        ("name,phone\n'Asha',1\n'Ann's list',2\n,3\n", '\''),
        ("name,phone\n'Asha',1\n'O\\'Neil',2\n", '\''),
        ("id,name\n1,'Asha \\'A\\''\n2,'Ravi'\n", '\''),
        ("name,city\n'Asha','Pune, MH'\n'Ravi',L'Aquila\n", '\''),
        // One cell in quotes among others without.
        ("name,phone\n'Asha',1\nRavi,2\n", '"'),
        ("name,phone\n't Hooft,1\n'n Sync,2\n", '"'),
        // What keeps a spreadsheet from counting with a number.
        ("name,phone\nAsha,'+1\nRavi,'+2\n", '"'),
        ("name,phone\n'Asha','+1\n'Ravi','+2\n", '"'),
        ("name,phone\n'Asha',\"1\"\n'Ravi',\"2\"\n", '"'),
        ("name,phone\nAsha,1\n", '"'),
        ("'name','phone'\n", '"'),
    ] {
        assert_eq!(char::from(csv(text).dialect.quote), expected, "{text:?}");
    }
}
