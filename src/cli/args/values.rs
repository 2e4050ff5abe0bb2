//! Forms of values that several options share.

/// A number from 1.
pub(super) fn count<N: std::str::FromStr>(text: &str) -> Result<N, &'static str> {
    text.trim().parse().map_err(|_| "takes a number from 1")
}

/// A name that a line can show.
pub(super) fn name(text: &str) -> Result<String, &'static str> {
    let name = text.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("takes a name: letters, digits, spaces");
    }
    Ok(name.to_owned())
}
