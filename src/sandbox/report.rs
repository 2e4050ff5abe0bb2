//! The counts of a sandbox.

/// What a sandbox has received so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SandboxReport {
    /// Posts to the import address, whatever came of them.
    pub(crate) requests: u64,
    /// Requests to any other address, or by another method.
    pub(crate) strays: u64,
    /// Posts whose contacts were stored, answered or not.
    pub(crate) stored: u64,
    /// Posts that a random fault, or `denied`, kept from their usual answer; those that were only slow are not
    /// counted.
    pub(crate) spoiled: u64,
    /// Posts that were read and not stored: wrong token, shape or size, a number that `reject` or `poison` names, or a
    /// store that cannot be written.
    pub(crate) refused: u64,
    /// Contacts that were new.
    pub(crate) created: u64,
    /// Contacts that were there already: the same prefix and number.
    pub(crate) updated: u64,
    /// Why the store could not be written; the posts it happened to were answered with 500 and count for nothing.
    pub(crate) store_error: Option<String>,
}
