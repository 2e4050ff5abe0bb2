//! The process's edges.

fn main() {}
