//! The platform's API: one call, and what its answers mean.
//!
//! `client` posts and reads, `reply` judges; neither knows of batches, retries or reports.

pub(crate) mod client;
pub(crate) mod credentials;
pub mod reply;
