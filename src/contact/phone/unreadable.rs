//! Why the text of a cell is not read as a phone, whatever the numbering plans say.
//!
//! Owns the words; no words hold the number itself.

/// What makes a cell unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// There is no digit where a number should be.
    #[error("not a phone: there are no digits")]
    NoDigits,
    /// Letters or signs that no phone has; libphonenumber would read `1-800-FLOWERS`, and `(work)` as digits too.
    #[error(
        "not a phone: there are letters or signs that a phone does not have: leave only the number"
    )]
    Letters,
    /// A date.
    #[error("not a phone: this is a date")]
    Date,
    /// A sum of money, a negative number, or one with decimals: a spreadsheet has counted with it.
    #[error("not a phone: this is an amount, as its minus, its decimals or its currency show")]
    Amount,
    /// Latitude and longitude.
    #[error("not a phone: these are the coordinates of a place")]
    Coordinates,
    /// Four numbers with full stops between them.
    #[error("not a phone: this is an IP address")]
    InternetAddress,
    /// A CPF or a CNPJ.
    #[error("not a phone: this is a tax number (CPF or CNPJ)")]
    TaxNumber,
    /// The number of a payment card.
    #[error("not a phone: this is the number of a payment card: delete it from the file")]
    Card,
    /// A whole number with commas between its thousands, and no phone by its digits.
    #[error(
        "not a phone: this is a number with commas between its digits: format the column as text and export again"
    )]
    Thousands,
    /// A word beside the number says that it is a fax or a pager.
    #[error("the words beside the number say that it is a fax: write the contact's phone there")]
    Fax,
    /// A word beside the number says that it is another person's.
    #[error(
        "the words beside the number say that it is somebody else's: write the contact's own phone there"
    )]
    Stranger,
    /// A word beside the number says that it is no longer to be used.
    #[error(
        "the words beside the number say that it is old, wrong or not to be called: write the phone to use there"
    )]
    Outdated,
    /// Some of the digits are not shown.
    #[error(
        "not a phone: some of its digits are hidden: get the whole number from where it came from"
    )]
    Masked,
    /// A few digits behind a separator, which may be the end of the number or something else.
    #[error(
        "not one whole number: a few digits are cut off at its end: write the number without a separator"
    )]
    NotWhole,
    /// What is before the calling code can be read in two ways.
    #[error("its beginning can be read in two ways: write the number with + and its calling code")]
    Ambiguous,
    /// Too few digits for a number of any country.
    #[error("not a phone: there are too few digits for any country")]
    Fragment,
    /// Longer than any number with its punctuation.
    #[error("not a phone: the text is far too long for one")]
    Long,
    /// It starts with no country's calling code.
    #[error("starts with no country's calling code")]
    CallingCode,
    /// The column for the calling code holds something else.
    #[error("the column beside the number holds no calling code and no country")]
    Prefix,
    /// Prefix and number of a finished profile, not as the platform takes them.
    #[error(
        "prefix and number are not as the platform joins them: the prefix is the calling code without +, \
         the number is what is dialled after it from abroad (no leading 0 but in countries that keep it, no spaces)"
    )]
    NotSplit,
}

impl Unreadable {
    pub(super) fn brief(self) -> &'static str {
        match self {
            Unreadable::CallingCode => "phone with no known calling code",
            Unreadable::Prefix => "phone beside an unreadable calling code",
            Unreadable::NotSplit => "phone not split into prefix and number",
            Unreadable::Fax => "fax instead of a phone",
            Unreadable::Stranger => "phone of somebody else",
            Unreadable::Outdated => "phone marked as old or wrong",
            Unreadable::NotWhole => "phone in pieces",
            Unreadable::Ambiguous => "phone with an unclear calling code",
            Unreadable::Masked => "phone with hidden digits",
            _ => "not a phone",
        }
    }
}
