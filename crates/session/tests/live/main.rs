//! Terminals, processes and examiner tests as they are: real shells on real pseudo-terminals.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "these are tests")]

mod commands;
mod examiner;
mod lab;
mod left_running;
mod processes;
mod screens;
mod shells;
mod views;
