//! Whose ledger it is: by the account's name, else by whom the token speaks for, else by the token itself.

use crate::api::credentials::BaseUrl;
use crate::digest::identity;
use crate::ledger::LedgerOwner;
use crate::secret::Token;

/// How many letters of an identity are shown: enough to tell the accounts of one person apart.
const SHOWN: usize = 4;

/// Identifies the account by its name, else by the subject of its token, else by the token. Two tokens without a subject
/// count as two accounts: if they were taken for one, contacts that only the other account has would be skipped.
pub(crate) fn account_key(
    base: &BaseUrl,
    bot: Option<&str>,
    name: Option<&str>,
    token: Option<&Token>,
) -> Option<LedgerOwner> {
    let (key, label) = match (name, token) {
        (Some(name), _) => (format!("name:{name}"), name.to_owned()),
        (None, Some(token)) => by_token(token),
        (None, None) => return None,
    };
    Some(LedgerOwner {
        base_url: base.as_str().to_owned(),
        bot: bot.unwrap_or_default().to_owned(),
        key,
        label,
    })
}

fn by_token(token: &Token) -> (String, String) {
    let (kind, key) = match token.unverified_subject() {
        Some(subject) => ("session", format!("sub:{subject}")),
        None => ("token", format!("token:{}", token.fingerprint())),
    };
    let shown: String = identity(&[key.as_bytes()]).chars().take(SHOWN).collect();
    (key, format!("{kind} {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JSON Web Token for "65f0" that was issued at another second each time.
    fn session(signature: &str) -> Token {
        // {"alg":"none"} and {"sub":"65f0","iat":1}
        let text = format!("eyJhbGciOiJub25lIn0.eyJzdWIiOiI2NWYwIiwiaWF0IjoxfQ.{signature}");
        Token::new(&text).unwrap()
    }

    fn owned(name: Option<&str>, token: &Token) -> LedgerOwner {
        let base = BaseUrl::parse("https://api.example.com").unwrap();
        account_key(&base, Some("bot"), name, Some(token)).unwrap()
    }

    #[test]
    fn a_name_goes_before_a_subject_and_a_subject_before_the_token() {
        let (one, other) = (Token::new("abc").unwrap(), Token::new("abd").unwrap());
        assert_eq!(owned(Some("shop"), &one), owned(Some("shop"), &other));
        assert_eq!(owned(None, &session("x")), owned(None, &session("y")));
        assert_eq!(owned(None, &one), owned(None, &one));
        assert_ne!(owned(None, &one), owned(None, &other));
        assert_ne!(owned(None, &one), owned(Some("shop"), &one));
    }

    #[test]
    fn without_a_name_and_a_token_nobody_knows_whose_it_is() {
        let base = BaseUrl::parse("https://api.example.com").unwrap();
        assert_eq!(account_key(&base, None, None, None), None);
    }

    #[test]
    fn an_owner_shows_neither_token_nor_subject() {
        let token = Token::new("s3cr3t-token").unwrap();
        let shown = format!("{:?}", owned(None, &token));
        assert!(!shown.contains("s3cr3t"), "{shown}");
        assert!(owned(None, &token).label.starts_with("token "));
        assert!(!owned(None, &session("x")).label.contains("65f0"));
    }
}
