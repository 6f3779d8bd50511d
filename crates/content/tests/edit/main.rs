//! Editor actions from outside, against random input.

mod properties;
mod yaml;
mod yaml_model;
mod yaml_text;
