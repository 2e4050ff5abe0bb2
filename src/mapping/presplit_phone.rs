//! Phones that come in two parts already, as the API wants them.

use super::{OnDoubtfulPhone, Options, Warning, phone_reason};
use crate::contact::phone::{self, Phone, PhoneError};
use crate::outcome::Reason;

impl Options {
    /// Checks the prefix and number of one of the API's own objects: they go through as they are, or not at all.
    ///
    /// # Errors
    /// The reason why the record is invalid.
    pub(crate) fn presplit_phone(
        &self,
        prefix: &str,
        number: &str,
    ) -> Result<(Phone, Vec<Warning>), Reason> {
        let reading = phone::read_presplit(prefix, number).map_err(|error| reason(&error))?;
        match (reading.doubt, self.on_doubtful_phone) {
            (None, _) => Ok((reading.phone, Vec::new())),
            (Some(doubt), OnDoubtfulPhone::Reject) => Err(reason(&doubt)),
            (Some(doubt), OnDoubtfulPhone::Send) => {
                let warning = Warning::new(doubt.brief(), doubt.to_string());
                Ok((reading.phone, vec![warning]))
            }
        }
    }
}

fn reason(error: &PhoneError) -> Reason {
    phone_reason::of(error, error.to_string())
}
