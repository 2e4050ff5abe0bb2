//! What holds for any rule and any cell.

use super::*;
use crate::vocabulary::is_nothing;
use proptest::prelude::*;

fn any_rule_text() -> impl Strategy<Value = String> {
    ("(name|phone|tags|attr[.]a1)", "[a={} x]{0,12}")
        .prop_map(|(field, template)| format!("{field}={template}"))
}

proptest! {
    #[test]
    fn a_rule_reads_as_it_prints(text in any_rule_text()) {
        if let Ok(rule) = text.parse::<Rule>() {
            prop_assert_eq!(rule.to_string().parse::<Rule>().unwrap(), rule);
        }
    }

    #[test]
    fn an_expanded_template_has_no_doubled_or_surrounding_space(
        template in "[{][ab][}][ .,]{0,3}[{][ab][}][ .]{0,2}",
        a in "[ x\t]{0,6}",
        b in "[ y\n]{0,6}",
    ) {
        let options = rules(&[&format!("name={template}")]);
        if let Some(name) = contact(map(&["phone", "a", "b"], &[INDIAN, &a, &b], &options)).name {
            prop_assert!(!name.contains("  ") && name == name.trim() && !name.is_empty(), "{:?}", name);
        }
    }

    #[test]
    fn the_value_of_a_cell_is_never_changed_in_an_attribute(value in "\\PC{0,30}") {
        let contact = contact(map(&["phone", "x"], &[INDIAN, &value], &rules(&["attr.x=x"])));
        let kept: Vec<&str> = contact.attributes.iter().map(|attribute| attribute.value.as_str()).collect();
        let expected: Vec<&str> = Some(value.as_str()).filter(|value| !is_nothing(value)).into_iter().collect();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn no_control_character_is_ever_sent(cell in "[a ,;'\"{}\\[\\]\\x00-\\x1f\\x7f-\\x9f]{0,20}") {
        let names = ["phone", "name", "tags", "x", "email"];
        let cells = [INDIAN, &cell, &cell, &cell, &format!("a{cell}@example.com{cell}")];
        let contact = contact(map(&names, &cells, &rules(&["attr.x=x"])));
        let values = contact.attributes.iter().map(|attribute| &attribute.value);
        for sent in contact.name.iter().chain(&contact.email).chain(&contact.tags).chain(values) {
            prop_assert!(!sent.contains(char::is_control), "{:?}", sent);
        }
        if let Some(name) = contact.name {
            prop_assert!(!name.contains("  ") && name == name.trim(), "{:?}", name);
        }
    }

    #[test]
    fn no_tag_is_repeated_or_blank(cell in "[ab ,;|]{0,12}", fixed in proptest::collection::vec("[ab ]{0,2}", 0..4)) {
        let options = Options { tags: fixed, ..Options::default() };
        let tags = contact(map(&["phone", "tags"], &[INDIAN, &cell], &options)).tags;
        prop_assert!(tags.iter().all(|tag| !tag.is_empty() && tag == tag.trim()));
        prop_assert_eq!(tags.iter().collect::<std::collections::BTreeSet<_>>().len(), tags.len());
    }

    #[test]
    fn no_column_is_silently_lost(names in proptest::collection::vec("(Name|Phone|Tel|City|Notes|Tags|[a-z]{1,3})", 1..8)) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Ok(plan) = Plan::new(&table(&names), &Options::default()) {
            let lines = plan.lines().join("\n");
            prop_assert!(names.iter().all(|name| lines.contains(&format!("\"{name}\""))), "{lines}");
        }
    }
}
