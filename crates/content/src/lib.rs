//! Workshop formats.
