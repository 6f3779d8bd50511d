//! YAML as the reference reads it.
