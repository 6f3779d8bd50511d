//! Harness of the workshop tests.

#[cfg(feature = "e2e")]
pub mod window;
