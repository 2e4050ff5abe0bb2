//! Fingerprints: how a contact in one form is known without being kept.
//!
//! A hash is SHA-256 of the account's salt, a byte for what is hashed, and the bytes, cut to 16 bytes. The salt keeps
//! accounts and machines from being compared, and ready-made tables from helping. Phones are few enough to be tried
//! one by one by anybody who holds the salt: the modes of the ledger's files protect it.

use std::fmt;
use std::io;

use crate::digest;

const PHONE: u8 = 1;
const JSON: u8 = 2;

/// A phone, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PhoneHash(pub(crate) [u8; digest::SHORT]);

/// A contact's exact JSON, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct JsonHash(pub(crate) [u8; digest::SHORT]);

/// A contact in one form, as the ledger knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Whose form it is.
    pub(crate) phone: PhoneHash,
    /// The form.
    pub(crate) json: JsonHash,
}

/// What makes an account's hashes its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; digest::SHORT]);

impl Salt {
    /// A salt that cannot be guessed.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn random() -> io::Result<Salt> {
        let mut bytes = [0; digest::SHORT];
        getrandom::fill(&mut bytes)?;
        Ok(Salt(bytes))
    }

    /// The salt as it is kept.
    pub(crate) fn to_hex(self) -> String {
        digest::hex(&self.0)
    }

    /// A salt that was kept.
    pub(crate) fn from_hex(text: &str) -> Option<Salt> {
        digest::unhex(text).map(Salt)
    }

    /// Hashes a phone, given as its E.164 digits in one number (`Phone::key`).
    pub(crate) fn phone_hash(&self, key: u64) -> PhoneHash {
        PhoneHash(self.hash(PHONE, &key.to_be_bytes()))
    }

    /// Hashes a contact's JSON, exactly as it is sent.
    pub(crate) fn json_hash(&self, json: &[u8]) -> JsonHash {
        JsonHash(self.hash(JSON, json))
    }

    /// Both hashes of a contact.
    pub fn fingerprint(&self, phone_key: u64, json: &[u8]) -> Fingerprint {
        Fingerprint {
            phone: self.phone_hash(phone_key),
            json: self.json_hash(json),
        }
    }

    fn hash(&self, what: u8, bytes: &[u8]) -> [u8; digest::SHORT] {
        // The byte keeps the hash of a phone from ever being the hash of a JSON.
        digest::short(&[&self.0, &[what], bytes])
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}
