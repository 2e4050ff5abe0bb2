//! The binary and the library from outside.
