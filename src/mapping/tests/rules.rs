//! Rules as a user writes them.

use super::*;

#[test]
fn a_rule_that_cannot_be_read_says_how_to_write_it() {
    for (text, words) in [
        (
            "phone",
            r#""phone" has no "=": write it as in phone="Mobile Phone""#,
        ),
        (
            "phon=Mobile",
            r#""phon" is no field (did you mean "phone"?); the fields are name, phone, prefix, country, email, tags and attr.KEY"#,
        ),
        (
            "attr.Birth Day=x",
            r#"an attribute's key has only the letters a to z, lowercase, and digits: write "birthday" for "Birth Day""#,
        ),
        (
            "attr.=x",
            r#"an attribute's key has only the letters a to z, lowercase, and digits: "" has none of them"#,
        ),
        (
            "name==",
            r#"there is no text after "=="; to leave the field out, write FIELD= with nothing after it"#,
        ),
        (
            "name={First",
            r#"the braces of "{First" do not match: a header stands as {Header}, a brace that is text is doubled"#,
        ),
    ] {
        assert_eq!(text.parse::<Rule>().unwrap_err().to_string(), words);
    }
    for text in ["name={}", "name=a}", "name={a{b}", "name={{{", "name={ }"] {
        assert!(
            matches!(text.parse::<Rule>(), Err(RuleError::LoneBrace { .. })),
            "{text}"
        );
    }
}

#[test]
fn an_attribute_for_every_contact_keeps_its_value() {
    assert_eq!(attribute("source= a=b ").unwrap(), fixed("source", " a=b "));
    assert!(
        attribute("source")
            .unwrap_err()
            .to_string()
            .ends_with("source=shop")
    );
    assert!(attribute("Source=x").is_err());
}
