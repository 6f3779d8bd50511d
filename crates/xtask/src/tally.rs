//! Counts tests.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What did as it should.
    pub(crate) passed: u64,
    /// What did not, and what could not be found out.
    pub(crate) failed: u64,
    /// What was left out on purpose.
    pub(crate) skipped: u64,
}

impl Tally {
    /// One thing that passed.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };
    /// One thing that failed.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };
    /// One thing that was left out.
    pub(crate) const SKIPPED: Self = Self {
        passed: 0,
        failed: 0,
        skipped: 1,
    };

    /// One passed or one failed.
    pub(crate) fn of(success: bool) -> Self {
        if success { Self::PASSED } else { Self::FAILED }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_the_last_line_of_a_test_run() {
        let tally: Tally = [Tally::PASSED, Tally::PASSED, Tally::SKIPPED]
            .into_iter()
            .sum();
        assert_eq!(tally.to_string(), "2 passed, 0 failed, 1 skipped");
    }
}
