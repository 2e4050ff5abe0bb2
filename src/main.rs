//! The process's edges: arguments, environment and cryptography in, an exit code out.

use std::process::ExitCode;

use bp_import::cli::environment::Environment;

fn main() -> ExitCode {
    // The default provider would cost every process 40 ms; a second installation is no error worth a word.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let environment = Environment::new(std::env::vars_os());
    ExitCode::from(bp_import::cli::main(
        std::env::args_os().collect(),
        &environment,
    ))
}
