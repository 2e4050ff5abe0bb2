//! WhatsApp's links and names of chats, which are a phone without a `+`.

/// What comes before the number in a link to a chat (WhatsApp, "How to use click to chat").
const BEFORE: [&str; 3] = ["wa.me/", "send?phone=", "send/?phone="];
/// What follows the number where WhatsApp and the tools on top of it name a chat.
const BEHIND: [&str; 2] = ["@c.us", "@s.whatsapp.net"];

/// The number of a WhatsApp link or chat, with `+`: it starts with its calling code there.
pub(super) fn linked(text: &str) -> Option<String> {
    // Every phone cell comes through here, and nearly none is a link: do not copy it in lower case for nothing.
    if !text.contains(['/', '@']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let after = BEFORE.iter().find_map(|before| {
        let at = lower.find(before)?;
        let host = lower.split_at_checked(at)?.0;
        let leads = match *before {
            "wa.me/" => host.is_empty() || host.starts_with("http") && host.ends_with('/'),
            _ => host.contains("whatsapp"),
        };
        lower.split_at_checked(at + before.len()).filter(|_| leads)
    });
    let number = match after {
        Some((_, number)) => number.split(['?', '&', '/', '#']).next(),
        None => BEHIND
            .iter()
            .find_map(|behind| lower.strip_suffix(behind))
            .map(without_device),
    };
    let digits = number?.trim_start_matches('+').trim_start_matches("%2b");
    let is_number = digits.len() > 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("+{digits}"))
}

/// `919876543210:12`, `919876543210.0:12`: WhatsApp counts the devices of an account.
fn without_device(user: &str) -> &str {
    user.split([':', '.', '_']).next().unwrap_or(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_chat_is_a_phone() {
        for (text, number) in [
            ("https://wa.me/919876543210", Some("+919876543210")),
            ("wa.me/919876543210?text=hi", Some("+919876543210")),
            (
                "HTTPS://API.WHATSAPP.COM/send?phone=919876543210",
                Some("+919876543210"),
            ),
            (
                "https://api.whatsapp.com/send/?phone=%2B919876543210&x=1",
                Some("+919876543210"),
            ),
            ("whatsapp://send?phone=+919876543210", Some("+919876543210")),
            ("919876543210@c.us", Some("+919876543210")),
            ("919876543210@s.whatsapp.net", Some("+919876543210")),
            ("919876543210:12@s.whatsapp.net", Some("+919876543210")),
            ("919876543210.0:12@s.whatsapp.net", Some("+919876543210")),
            ("120363041234567890@g.us", None),
            ("https://wa.me/message/ABC123", None),
            ("asha@c.us", None),
            ("my wa.me/919876543210", None),
            ("https://notwa.me/919876543210", None),
            ("https://example.com/send?phone=919876543210", None),
            ("+91 98765 43210", None),
        ] {
            assert_eq!(linked(text).as_deref(), number, "{text}");
        }
    }
}
