//! How this process may act as root.

use std::io::{self, IsTerminal};
use std::process::Command;

use crate::process;

/// The ways to install something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privilege {
    /// We are root.
    Root,
    /// sudo lets us.
    Sudo,
    /// sudo may ask for a password, and somebody is there to type it.
    SudoWithPassword,
    /// There is no way.
    None,
}

impl Privilege {
    /// What this process may do.
    pub(super) fn of_this_process() -> Self {
        let user = process::output_of(Command::new("id").arg("-u"));
        if user.is_some_and(|user| user.trim() == "0") {
            Self::Root
        } else if !process::on_path("sudo") {
            Self::None
        } else if process::succeeds(Command::new("sudo").args(["-n", "true"])) {
            Self::Sudo
        } else if io::stdin().is_terminal() {
            Self::SudoWithPassword
        } else {
            Self::None
        }
    }

    /// Whether the terminal is needed for a password.
    pub(super) fn asks_for_a_password(self) -> bool {
        self == Self::SudoWithPassword
    }

    /// A call of a program as root that asks no questions of its own.
    pub(super) fn command(self, program: &str) -> Command {
        let mut command = match self {
            Self::Root | Self::None => Command::new("env"),
            Self::Sudo | Self::SudoWithPassword => Command::new("sudo"),
        };
        match self {
            Self::Sudo => command.args(["-n", "env"]),
            Self::SudoWithPassword => command.arg("env"),
            Self::Root | Self::None => &mut command,
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}
