//! Debian's packages: which are needed for what, which are missing, and how they get installed.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::privilege::Privilege;
use crate::live::Live;
use crate::process;
use crate::report::Report;

/// What a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Building the window.
    Build,
    /// Showing pages as they are meant to look.
    Show,
    /// Keeping a workshop's programs from the rest of the machine.
    Isolate,
    /// Driving the window in tests, with or without a display.
    Drive,
    /// Taking pictures of a screen.
    Picture,
    /// Programs that tests run in terminals, and that a small system lacks.
    Programs,
}

/// Every package that is ever needed. `xvfb-run` needs `xauth`, which `xvfb` only recommends.
const PACKAGES: [(Need, &str); 12] = [
    (Need::Build, "pkg-config"),
    (Need::Build, "libwebkit2gtk-4.1-dev"),
    (Need::Show, "fonts-noto-color-emoji"),
    (Need::Isolate, "bubblewrap"),
    (Need::Drive, "xvfb"),
    (Need::Drive, "xauth"),
    (Need::Drive, "webkit2gtk-driver"),
    (Need::Drive, "xdotool"),
    (Need::Picture, "imagemagick"),
    (Need::Programs, "curl"),
    (Need::Programs, "less"),
    (Need::Programs, "python3"),
];

const INSTALL: [&str; 3] = ["install", "-y", "--no-install-recommends"];
/// Waits for another installation instead of failing at once.
const LOCK: &str = "-oDPkg::Lock::Timeout=120";

/// Installs what is missing of what is needed.
pub(super) fn install(needs: &[Need], report: &Report, live: &mut Live<'_>) -> Result<()> {
    if needs.is_empty() || !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !process::on_path("dpkg-query") || !process::on_path("apt-get") {
        return check_elsewhere(needs);
    }
    let missing = missing(&installed(needs)?, needs);
    if missing.is_empty() {
        return Ok(());
    }
    let known = are_known(&missing);
    let privilege = Privilege::of_this_process();
    if privilege == Privilege::None {
        bail!("{}", refusal(&missing, known));
    }
    report.line(format_args!(
        "Installing {}: {}",
        count(&missing),
        missing.join(", ")
    ));
    let mut warnings = String::new();
    if !known {
        warnings = update(privilege, live)?;
    }
    let mut installed = apt(privilege, &install_arguments(&missing), live);
    if installed.is_err() && known {
        // Old package lists name files that the mirror no longer has.
        warnings = update(privilege, live)?;
        installed = apt(privilege, &install_arguments(&missing), live);
    }
    installed.map(|_| ()).with_context(|| {
        let names = missing.join(", ");
        let question = "does this machine reach its Debian mirror?";
        format!("could not install {names}; {question}\n{warnings}")
            .trim_end()
            .to_owned()
    })
}

fn names(needs: &[Need]) -> impl Iterator<Item = &'static str> {
    PACKAGES
        .iter()
        .filter(|(need, _)| needs.contains(need))
        .map(|(_, name)| *name)
}

/// What dpkg says about the packages: a line each, `ii  xvfb`; nothing about those it has never heard of.
fn installed(needs: &[Need]) -> Result<String> {
    let mut command = Command::new("dpkg-query");
    command
        .args(["-W", "-f=${db:Status-Abbrev} ${Package}\n"])
        .args(names(needs));
    let output = command.output().context("cannot start dpkg-query")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn missing(installed: &str, needs: &[Need]) -> Vec<&'static str> {
    let is_installed = |name: &str| {
        installed.lines().any(|line| {
            let mut words = line.split_whitespace();
            let status = words.next().unwrap_or_default();
            status.get(1..2) == Some("i") && words.next() == Some(name)
        })
    };
    names(needs).filter(|name| !is_installed(name)).collect()
}

/// Whether apt's lists have all of them: on a fresh machine they may be empty.
fn are_known(packages: &[&str]) -> bool {
    packages
        .iter()
        .all(|name| process::succeeds(Command::new("apt-cache").args(["show", name])))
}

/// Reads the package lists; the answer is what apt warns of, as it does when it reaches no mirror.
fn update(privilege: Privilege, live: &mut Live<'_>) -> Result<String> {
    let log =
        apt(privilege, &[LOCK, "update"], live).context("could not read the package lists")?;
    let warnings = log
        .lines()
        .filter(|line| line.starts_with("W:") || line.starts_with("E:"));
    Ok(warnings.collect::<Vec<_>>().join("\n"))
}

fn install_arguments<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    [LOCK]
        .into_iter()
        .chain(INSTALL)
        .chain(packages.iter().copied())
        .collect()
}

/// Runs apt-get and keeps what it prints, except where the terminal is needed for a password.
fn apt(privilege: Privilege, arguments: &[&str], live: &mut Live<'_>) -> Result<String> {
    let mut command = privilege.command("apt-get");
    command.args(arguments);
    if privilege.asks_for_a_password() {
        let status = command.status().context("cannot start sudo")?;
        return if status.success() {
            Ok(String::new())
        } else {
            bail!("apt-get failed")
        };
    }
    live.must(&mut command, "apt-get failed")
}

fn count(packages: &[&str]) -> String {
    match packages.len() {
        1 => "1 missing system package".to_owned(),
        several => format!("{several} missing system packages"),
    }
}

/// What to do where we may not install anything: one line to copy.
fn refusal(missing: &[&str], known: bool) -> String {
    let sudo = if process::on_path("sudo") {
        "sudo "
    } else {
        ""
    };
    let update = if known {
        String::new()
    } else {
        format!("{sudo}apt-get update && ")
    };
    let who = if sudo.is_empty() {
        "Run this line as root"
    } else {
        "Run this line"
    };
    format!(
        "{} and only root may install them. {who}, then the same command again:\n\n    \
         {update}{sudo}apt-get {} {}\n",
        match missing.len() {
            1 => "1 system package is missing".to_owned(),
            several => format!("{several} system packages are missing"),
        },
        INSTALL.join(" "),
        missing.join(" ")
    )
}

/// On other systems we install nothing, but go on if the library is there.
fn check_elsewhere(needs: &[Need]) -> Result<()> {
    let mut probe = Command::new("pkg-config");
    if needs.contains(&Need::Build)
        && !process::succeeds(probe.args(["--exists", "webkit2gtk-4.1"]))
    {
        bail!(
            "WebKitGTK 4.1 is missing, with which the window is drawn. This system has no apt-get, so please \
             install the development files of webkit2gtk-4.1 (Fedora: webkit2gtk4.1-devel, Arch: webkit2gtk-4.1) \
             and pkg-config, so that `pkg-config --exists webkit2gtk-4.1` succeeds"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DPKG: &str = "ii  pkg-config\nrc  xvfb\nun  xauth\nhi  xdotool\n";

    #[test]
    fn what_was_removed_or_never_installed_is_missing() {
        assert_eq!(missing(DPKG, &[Need::Build]), ["libwebkit2gtk-4.1-dev"]);
        assert_eq!(
            missing(DPKG, &[Need::Drive]),
            ["xvfb", "xauth", "webkit2gtk-driver"]
        );
    }

    #[test]
    fn the_refusal_has_one_line_to_copy() {
        let text = refusal(&["xvfb", "xauth"], true);
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("apt-get"))
            .collect();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].ends_with("apt-get install -y --no-install-recommends xvfb xauth"));
        assert!(!lines[0].contains("update"));
        assert!(refusal(&["xvfb"], false).contains("apt-get update && "));
    }
}
