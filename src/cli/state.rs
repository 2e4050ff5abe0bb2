//! Where this machine keeps what it remembers.
//!
//! The only home of the dirs crate.

use std::path::PathBuf;

use anyhow::Context;

use super::environment::Environment;

/// Names the directory instead of the system's own.
const STATE_DIR: &str = "BP_IMPORT_STATE_DIR";

/// The state directory: the variable's, else the system's own for state, else its own for local data.
///
/// # Errors
/// When the variable is no text, or the system has no such directory (a container without a home).
pub(super) fn state_directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    if let Some(named) = environment.text(STATE_DIR)? {
        return Ok(named.into());
    }
    let own = dirs::state_dir().or_else(dirs::data_local_dir);
    let own = own.with_context(|| {
        format!(
            "there is no home directory to keep the ledger in: name a directory with {STATE_DIR}"
        )
    })?;
    Ok(own.join("bp-import"))
}
