//! `bp-import sandbox`: the loopback API on a port of its own, until it is interrupted.

use std::io::Write;

use anyhow::{Context, anyhow};

use super::args::SandboxArgs;
use super::streams::Streams;
use crate::run::Exit;
use crate::sandbox::{self, SandboxOptions, SandboxReport};
use crate::text::with_variable;
use crate::units::{counted, grouped};

pub(super) fn run(args: &SandboxArgs, streams: &Streams) -> anyhow::Result<Exit> {
    // Its words hold their cause already.
    let bound = sandbox::bind(args.port).map_err(|error| anyhow!("{error}"))?;
    let store = args.store.as_ref().map(|path| {
        let file = sandbox::open_store(path)
            .with_context(|| format!("--store {}: cannot be used", path.display()))?;
        anyhow::Ok(Box::new(file) as Box<dyn Write + Send>)
    });
    let options = SandboxOptions {
        port: args.port,
        faults: args.faults.clone().unwrap_or_default(),
        token: None,
        store: store.transpose()?,
    };
    let running = bound.serve(options).map_err(|error| anyhow!("{error}"))?;
    streams.print(&format!("{}\n", running.base_url()))?;
    let command = format!("bp-import --base-url {} contacts.csv", running.base_url());
    streams.say(&format!(
        "the sandbox is listening; send contacts to it from another terminal:\n  {}\nCtrl-C ends it",
        with_variable("BP_IMPORT_TOKEN", "any", &command)
    ));
    wait()?;
    let report = running.stop();
    streams.say(&story(&report));
    match report.store_error {
        None => Ok(Exit::Done),
        Some(error) => {
            streams.say(&format!("error: the store could not be written: {error}"));
            Ok(Exit::Output)
        }
    }
}

/// Until Ctrl-C or SIGTERM: both are the ordinary end of a sandbox.
fn wait() -> anyhow::Result<()> {
    let signals = super::signals::listen();
    signals.begin();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("the system gives no timer")?;
    runtime.block_on(signals.stop.wait());
    Ok(())
}

fn story(report: &SandboxReport) -> String {
    format!(
        "{}, {} taken; {} created, {} updated",
        counted(report.requests, "request"),
        grouped(report.stored),
        counted(report.created, "contact"),
        grouped(report.updated)
    )
}
