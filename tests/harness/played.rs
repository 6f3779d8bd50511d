//! What came of a run of `atelier test --format json`.

use std::process::Output;

use crate::report::{Report, Row, Setup};

/// A run that is over.
#[derive(Debug)]
pub struct Played {
    /// The command's exit status; `None` when a signal ended it.
    pub exit: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
    report: Option<Report>,
}

impl Played {
    pub(crate) fn new(output: Output) -> Self {
        let stdout = String::from_utf8(output.stdout).expect("reports are UTF-8");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Self {
            exit: output.status.code(),
            report: serde_json::from_str(&stdout).ok(),
            stdout,
            stderr,
        }
    }

    /// The report.
    ///
    /// # Panics
    /// When there is none, or it is not as promised.
    #[track_caller]
    pub fn report(&self) -> &Report {
        self.report.as_ref().unwrap_or_else(|| {
            let error = serde_json::from_str::<Report>(&self.stdout).err();
            panic!(
                "no report ({error:?}); exit status {:?}\n{}\n{}",
                self.exit, self.stdout, self.stderr
            )
        })
    }

    /// The only page's row of this index.
    #[track_caller]
    pub fn row(&self, index: usize) -> &Row {
        let row = self.rows().nth(index);
        row.unwrap_or_else(|| panic!("there is no action {index}:\n{}", self.stdout))
    }

    /// The rows of all pages.
    #[track_caller]
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.report().pages.iter().flat_map(|page| &page.actions)
    }

    /// The only set-up script's row.
    #[track_caller]
    pub fn setup(&self) -> &Setup {
        match &self.report().setup[..] {
            [setup] => setup,
            others => panic!("not one set-up script: {others:#?}"),
        }
    }

    /// It passed.
    ///
    /// # Panics
    /// When it did not; so do the others below.
    #[track_caller]
    pub fn passes(self) -> Self {
        self.ends("passed", 0)
    }

    /// It failed.
    #[track_caller]
    pub fn fails(self) -> Self {
        self.ends("failed", 1)
    }

    #[track_caller]
    fn ends(self, outcome: &str, exit: i32) -> Self {
        let found = (&*self.report().outcome, self.exit);
        assert_eq!(
            found,
            (outcome, Some(exit)),
            "{}\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// The rows in brief, in order, and nothing else: `click passed`, `- skipped: not reached`. A line that ends in `…` gives
    /// only the beginning.
    #[track_caller]
    pub fn rows_are(self, expected: &[&str]) -> Self {
        let found: Vec<_> = self.rows().map(Row::brief).collect();
        let same = found.len() == expected.len()
            && found
                .iter()
                .zip(expected)
                .all(|(row, expected)| match expected.strip_suffix('…') {
                    Some(start) => row.starts_with(start),
                    None => row == expected,
                });
        if !same {
            // The comparison of lists is what a reader wants to see.
            assert_eq!(found, expected, "\n{}\n{}", self.stdout, self.stderr);
        }
        self
    }
}
