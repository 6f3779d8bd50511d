//! Node and npm, which the owner brings along.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

const OLDEST: (u32, u32) = (20, 19);
const ADVICE: &str = "Node 20.19 or newer is needed for the UI. \
    Debian's own is too old: get it from https://nodejs.org/en/download";

/// Checks that Node is there and new enough, and npm with it.
pub(super) fn check() -> Result<()> {
    let Some(printed) = process::output_of(Command::new("node").arg("--version")) else {
        bail!("node is not on the PATH. {ADVICE}");
    };
    let printed = printed.trim();
    let version =
        version(printed).with_context(|| format!("node --version says {printed:?}. {ADVICE}"))?;
    if version < OLDEST {
        bail!("node is {printed}. {ADVICE}");
    }
    if !process::succeeds(Command::new("npm").arg("--version")) {
        bail!(
            "node {printed} is here, but npm is not on the PATH or does not run; it comes with Node. {ADVICE}"
        );
    }
    Ok(())
}

/// Reads `v20.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .strip_prefix('v')?
        .split('.')
        .map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v20.19.1"), Some((20, 19)));
        assert!(version("v18.20.4") < Some(OLDEST));
        assert!(version("v20.9.0") < Some(OLDEST));
        assert!(version("v20.19.0") >= Some(OLDEST));
        assert!(version("v22.4.0-nightly") >= Some(OLDEST));
        assert_eq!(version("twenty"), None);
    }
}
