//! Editor actions on text, from outside: against the recorded behaviour of the reference, and against random input.

mod action;
mod home;
mod oracle;
mod properties;
