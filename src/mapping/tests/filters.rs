//! Rows that are taken and left.

use super::*;

fn filter(only: &[&str], except: &[&str]) -> Filter {
    let read = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Filter {
        only: read(only),
        except: read(except),
    }
}

#[test]
fn rows_are_taken_and_left_as_asked() {
    let header = table(&["City", "Plan"]);
    for (only, except, cells, is_taken) in [
        (&[][..], &[][..], ["Pune", "a"], true),
        (&["city=PUNE"], &[], [" pune ", "a"], true),
        (&["City=Pune"], &[], ["Goa", "a"], false),
        (&["City=Pune", "City=Goa"], &[], ["Goa", "a"], true),
        (&["City=Pune", "1=Goa", "Plan=b"], &[], ["Goa", "a"], false),
        (&["City=Pune", "Plan=a"], &[], ["Pune", "a"], true),
        (&[], &["Plan=a", "Plan=b"], ["Pune", "B"], false),
        (&["City=Pune"], &["Plan=a"], ["Pune", "a"], false),
        (&[], &["City="], [" ", "a"], false),
        (&["City=ÉVORA"], &[], ["évora", "a"], true),
    ] {
        let resolved = filter(only, except).resolve(&header).unwrap();
        let taken = resolved.takes(record(&header, texts(&cells)).shared().get());
        assert_eq!(taken, is_taken, "{only:?} {except:?} {cells:?}");
    }
}

#[test]
fn a_filter_matches_any_element_of_a_list_and_no_key_that_is_not_there() {
    let tagged = header(Layout::Object, &["tags"]);
    let bare = header(Layout::Object, &["id"]);
    let only = filter(&["tags=vip"], &[]);
    let mut sifter = RowFilter::new(&only);
    assert!(sifter.takes(record(&tagged, vec![list(&["new", "VIP"])]).shared().get()));
    assert!(!sifter.takes(record(&tagged, vec![CellValue::Absent]).shared().get()));
    assert!(!sifter.takes(record(&bare, texts(&["1"])).shared().get()));
    let except = filter(&[], &["tags=vip"]);
    assert!(RowFilter::new(&except).takes(record(&bare, texts(&["1"])).shared().get()));
}

#[test]
fn a_line_that_is_no_object_is_not_filtered_away() {
    let header = header(Layout::Object, &[]);
    let broken = DraftRecord {
        defect: Some(Defect::BadJson {
            words: "cut off".into(),
        }),
        ..record(&header, vec![])
    };
    assert!(
        filter(&["City=Pune"], &[])
            .resolve(&header)
            .unwrap()
            .takes(broken.shared().get())
    );
}

#[test]
fn a_filter_that_does_not_fit_says_what_to_do() {
    let header = table(&["City", "Plan", "plan "]);
    let refused = |only, except| {
        filter(only, except)
            .resolve(&header)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(&["Citty=Pune"], &[]),
        r#"no column is called "Citty" (did you mean "City"?); correct --only "Citty=Pune""#
    );
    assert_eq!(
        refused(&[], &["PLAN=a"]),
        r#"two columns are called "Plan" (2 and 3); say which one by its number: --except "2=a""#
    );
    assert!("Pune".parse::<RowCondition>().is_err());
    assert!("=Pune".parse::<RowCondition>().is_err());
}
