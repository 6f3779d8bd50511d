//! Whole workshops, played with real shells, files and tests.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "these are tests")]

mod archives;
mod catch_up;
mod commands;
mod corpus;
mod dashboards;
mod editor;
mod editor_terminals;
mod environment;
mod examiner;
mod faults;
mod file_management;
mod files;
mod formats;
mod forms;
mod house_rules;
mod ingresses;
mod oracle;
mod pathways;
mod preview;
mod programs;
mod received;
mod requirements;
mod reset;
mod schema;
mod sections;
mod servers;
mod services;
mod session;
mod set_up;
mod set_up_meanwhile;
mod steering;
mod terminals;
mod trust;
mod which_run;
mod window;
mod window_checks;
mod yaml;
