//! Objects, defective records and short rows.

use super::*;

#[test]
fn objects_are_mapped_each_by_its_own_keys() {
    let options = rules(&["name=person.name", "email=mail.work"]);
    let mut mapper = Mapper::new(&options);
    let first = header(Layout::Object, &["phone", "person.name"]);
    let second = header(Layout::Object, &["mail.work", "whatsapp"]);
    let asha = contact(mapper.map(record(&first, texts(&[INDIAN, "Asha"])).shared().get()));
    assert_eq!((asha.name.as_deref(), asha.email), (Some("Asha"), None));
    let work = contact(
        mapper.map(
            record(&second, texts(&["a@example.com", AMERICAN]))
                .shared()
                .get(),
        ),
    );
    assert_eq!(
        (work.name, work.email.as_deref()),
        (None, Some("a@example.com"))
    );
}

#[test]
fn an_object_whose_keys_do_not_fit_is_invalid_by_itself() {
    for (names, code, full) in [
        (&["id"][..], Code::NoPhone, "no phone"),
        (
            &["phone", "phone"],
            Code::BadJson,
            r#"the key "phone" stands twice"#,
        ),
        (
            &["phone", "a b", "a-b"],
            Code::AttributeClash,
            r#""a b" and "a-b" would both become attr.ab; give one another key: --map attr.ab2=a-b"#,
        ),
        (
            &["phone", "é!"],
            Code::AttributeClash,
            if cfg!(windows) {
                r#""é!" gives no attribute key (letters a to z and digits); name one: --map attr.KEY="é!""#
            } else {
                r#""é!" gives no attribute key (letters a to z and digits); name one: --map attr.KEY='é!'"#
            },
        ),
    ] {
        let options = all_attributes(Options::default());
        let header = header(Layout::Object, names);
        let reason = reason(
            Mapper::new(&options).map(record(&header, texts(&[INDIAN, "1", "2"])).shared().get()),
        );
        assert_eq!((reason.code, reason.full.as_str()), (code, full));
    }
}

#[test]
fn an_object_without_a_phone_key_is_the_callers_to_judge() {
    let options = Options::default();
    for (key, columns) in [("id", 0), ("tel", 1)] {
        let plan = Plan::new(&header(Layout::Object, &[key]), &options).unwrap();
        assert_eq!(plan.phone_columns(), columns, "{key}");
    }
}

#[test]
fn a_defective_record_is_invalid_whatever_its_cells_say() {
    let column = Some("Name".to_owned());
    for (defect, code, brief, full) in [
        (
            Defect::SurplusCells {
                found: 9,
                expected: 7,
            },
            Code::SurplusCells,
            "more cells than the header has columns",
            "more cells than the header has columns: 9 of 7",
        ),
        (
            Defect::BadEncoding {
                column: column.clone(),
            },
            Code::BadEncoding,
            "unreadable characters in a cell",
            r#"a cell has characters that cannot be read (column "Name"): save the file as "CSV UTF-8", or name its encoding, as in --encoding windows-1252"#,
        ),
        (
            Defect::CellTooLarge { column: None },
            Code::CellTooLarge,
            "a cell is too large",
            "a cell is over 1 MB: shorten it",
        ),
        (
            Defect::BadJson {
                words: "a text".into(),
            },
            Code::BadJson,
            "no JSON object",
            "no JSON object: a text",
        ),
    ] {
        let header = table(&["Phone"]);
        let defective = DraftRecord {
            defect: Some(defect),
            ..record(&header, texts(&[INDIAN]))
        };
        let options = Options::default();
        let reason = reason(
            Plan::new(&header, &options)
                .unwrap()
                .apply(defective.shared().get(), &options),
        );
        assert_eq!(
            reason,
            Reason {
                code,
                brief: brief.into(),
                full: full.into()
            }
        );
    }
}

#[test]
fn bytes_of_a_card_that_were_not_read_count_only_where_they_would_be_sent() {
    let cases = [
        ([INDIAN, "Asha", "\u{fffd}"], None),
        ([INDIAN, "Jos\u{fffd}", ""], Some(Code::BadEncoding)),
        (
            ["+91 98765\u{fffd}43210", "Asha", ""],
            Some(Code::BadEncoding),
        ),
    ];
    for (cells, code) in cases {
        let header = table(&["TEL", "FN", "NOTE"]);
        let column = "NOTE".to_owned();
        let defective = DraftRecord {
            defect: Some(Defect::UnreadValue { column }),
            ..record(&header, texts(&cells))
        };
        let options = Options::default();
        let mapped = Plan::new(&header, &options)
            .unwrap()
            .apply(defective.shared().get(), &options);
        match code {
            None => assert_eq!(contact(mapped).name.as_deref(), Some("Asha")),
            Some(code) => assert_eq!(reason(mapped).code, code, "{cells:?}"),
        }
    }
}

#[test]
fn a_row_that_is_too_short_has_blanks_at_its_end() {
    let contact = contact(map(
        &["Phone", "Name", "Tags"],
        &[INDIAN],
        &Options::default(),
    ));
    assert_eq!((contact.name, contact.tags.len()), (None, 0));
}
