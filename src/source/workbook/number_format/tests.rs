//! Number formats, by what a sheet shows.

use super::super::digits;
use super::*;

fn shown(code: &str, number: f64) -> String {
    match NumberFormat::parse(code).show(number) {
        DisplayedNumber::Stored => digits::number(number),
        DisplayedNumber::Text(text) => text,
        other => format!("{other:?}"),
    }
}

#[test]
fn literals_and_leading_zeros_are_shown_as_the_sheet_shows_them() {
    for (code, number, expected) in [
        (r"\+0", 6_591_234_567.0, "+6591234567"),
        ("+#", 6_591_234_567.0, "+6591234567"),
        ("+0", 6_591_234_567.0, "+6591234567"),
        ("\"+\"0_)", 6_591_234_567.0, "+6591234567"),
        ("\"+91 \"0", 9_876_543_210.0, "+91 9876543210"),
        (
            "\"+91 \"00000\" \"00000",
            9_876_543_210.0,
            "+91 98765 43210",
        ),
        (r"\+00\ 00000\-00000", 919_876_543_210.0, "+91 98765-43210"),
        ("[$+91 -4009]0", 9_876_543_210.0, "+91 9876543210"),
        ("\"+91 \"General", 9_876_543_210.0, "+91 9876543210"),
        ("\"+91 \"@", 9_876_543_210.0, "+91 9876543210"),
        ("0000000000", 612_345_678.0, "0612345678"),
        ("00000 00000", 612_345_678.0, "06123 45678"),
        ("\"0\"0", 612_345_678.0, "0612345678"),
        ("\"00\"0", 919_876_543_210.0, "00919876543210"),
        ("\"(0)\"##########", 612_345_678.0, "(0)612345678"),
        ("0\" ext. 12\"", 9_876_543_210.0, "9876543210 ext. 12"),
        ("[Red]\"+\"0;-0", 6_591_234_567.0, "+6591234567"),
        ("\"+\"* 0", 6_591_234_567.0, "+6591234567"),
        ("\\+#,##0", 6_591_234_567.0, "+6591234567"),
        ("\\+0.00", 6_591_234_567.0, "+6591234567"),
        (
            "[>=10000000000]\\+0;\"+91\"0",
            9_876_543_210.0,
            "+919876543210",
        ),
        (
            "[>=10000000000]\\+0;\"+91\"0",
            919_876_543_210.0,
            "+919876543210",
        ),
        ("0\\1", 5.0, "51"),
        ("000", 0.0, "000"),
        ("0;-0;", 0.0, ""),
        ("0;-0;\"none\"", 0.0, "none"),
    ] {
        assert_eq!(shown(code, number), expected, "{code}");
    }
}

#[test]
fn a_format_that_only_dresses_the_digits_leaves_them_as_they_are_stored() {
    for code in [
        "General",
        "@",
        "0",
        "#",
        "#,##0",
        "0.00",
        "#,##0.00_);(#,##0.00)",
        "0_)",
        "00000 00000",
        "[<=9999999]###-####;(###) ###-####",
        "###-####",
        "0.00E+00",
        "##0.0E+0",
        "[Red]0",
        "[$-409]0",
        "[$₹-4009] #,##0",
        "????0",
        "0;-0;;@",
        "[DBNum1]0",
        "",
        "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"??_);_(@_)",
        "#\\ ###\\ ###",
        "0;[Red]-0",
    ] {
        assert_eq!(shown(code, 9_876_543_210.0), "9876543210", "{code}");
    }
    assert_eq!(shown("0", 12.5), "12.5", "rounding would lose digits");
    assert_eq!(shown("0000000000", -5.0), "-5");
    assert_eq!(shown("\\+0", 1e21), "1E21");
}

#[test]
fn what_shows_another_number_is_not_understood() {
    for code in [
        "0%",
        "0.00%",
        "0,",
        "0.0,,\"M\"",
        "# ?/?",
        "# ??/16",
        "\"secret\"",
        ";;;",
        "\"+\"",
    ] {
        assert_eq!(shown(code, 9_876_543_210.0), "Unknown", "{code}");
    }
    assert_eq!(shown("0%", 0.0), "0");
}

#[test]
fn words_and_a_plus_of_any_width_are_shown_beside_the_digits() {
    for (code, expected) in [
        ("0\" (Mum)\"", "9876543210 (Mum)"),
        ("\"Fax \"0", "Fax 9876543210"),
        ("\"\u{FF0B}\"0", "\u{FF0B}9876543210"),
        ("\\+0", "+9876543210"),
    ] {
        assert_eq!(shown(code, 9_876_543_210.0), expected, "{code}");
    }
}

#[test]
fn dates_and_durations_are_not_numbers() {
    for code in [
        "dd/mm/yyyy",
        "[$-409]d-mmm-yy;@",
        "h:mm AM/PM",
        "yyyy\"年\"m\"月\"",
        "[Red]d",
        "mm:ss.0",
        "m/d/yy h:mm",
    ] {
        assert_eq!(shown(code, 45_413.0), "Date", "{code}");
    }
    for code in ["[h]:mm", "[mm]:ss", "[ss]"] {
        assert_eq!(shown(code, 1.5), "Duration", "{code}");
    }
    for (code, expected) in [
        ("[Red]0", "45413"),
        ("\"day\" 0", "day 45413"),
        ("0\\d", "45413d"),
        ("[$USD] 0", "USD 45413"),
    ] {
        assert_eq!(shown(code, 45_413.0), expected, "{code}");
    }
}

#[test]
fn the_formats_known_by_number_are_dates_percents_or_plain() {
    let built_in = |id, number| NumberFormat::built_in(id).show(number);
    assert_eq!(built_in(0, 5.0), DisplayedNumber::Stored);
    assert_eq!(built_in(3, 5.0), DisplayedNumber::Stored);
    assert_eq!(built_in(9, 5.0), DisplayedNumber::Unknown);
    assert_eq!(built_in(11, 9_876_543_210.0), DisplayedNumber::Stored);
    assert_eq!(built_in(14, 45_413.0), DisplayedNumber::Date);
    assert_eq!(built_in(46, 1.5), DisplayedNumber::Duration);
    assert_eq!(built_in(49, 5.0), DisplayedNumber::Stored);
}

#[test]
fn a_text_gets_what_its_format_puts_before_it() {
    let text = |code: &str| NumberFormat::parse(code).show_text("9876543210");
    for (code, expected) in [
        ("\"+91 \"@", Some("+91 9876543210")),
        ("0;-0;0;\"+91 \"@", Some("+91 9876543210")),
        ("\\+0;\\-0;0;@", None),
        ("\"Mr \"@", None),
        ("\\+0", None),
        ("General", None),
    ] {
        assert_eq!(text(code).as_deref(), expected, "{code}");
    }
}

#[test]
fn a_code_of_any_signs_is_answered() {
    for code in [
        "\"",
        "\\",
        "_",
        "*",
        "[",
        "[>",
        "[$",
        "[<=x]0",
        ";;;;;;;",
        "0;0;0;0;0",
        "E+",
        "\u{1f600}0",
        "[]",
    ] {
        shown(code, 5.0);
        NumberFormat::parse(code).show_text("x");
    }
    let long = "0".repeat(100_000);
    shown(&long, 5.0);
}
