//! Terminals, processes and examiner tests as they are: real shells on real pseudo-terminals.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "these are tests")]

mod commands;
mod editor_terminals;
mod examiner;
mod half_typed;
mod keeper;
mod killed_restore;
mod lab;
mod left_running;
mod processes;
mod screens;
mod shells;
mod views;
