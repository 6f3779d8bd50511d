//! Workshop tests.
