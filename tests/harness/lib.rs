//! Harness of the workshop tests.
