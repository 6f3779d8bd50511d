//! YAML texts before and after.
