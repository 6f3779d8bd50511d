//! Editor actions from outside, against random input.

mod properties;
