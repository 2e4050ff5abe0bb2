//! Which inputs a run has: what makes two runs of one command the same import.

use std::ffi::OsStr;

use serde::{Deserialize, Serialize};

use crate::digest::identity;

/// Which inputs a run has, whatever their order: a hash of their canonical paths.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputsId(String);

impl InputsId {
    /// The identity of inputs. Paths are to be canonical; a named stdin gives its name.
    pub fn of<T: AsRef<OsStr>>(inputs: &[T]) -> InputsId {
        let mut inputs: Vec<&[u8]> = inputs
            .iter()
            .map(|input| input.as_ref().as_encoded_bytes())
            .collect();
        // `a.csv b.csv` and `b.csv a.csv` are the same import.
        inputs.sort_unstable();
        InputsId(identity(&inputs))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
