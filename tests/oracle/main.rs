//! Compares Atelier with the recorded behaviour of the reference: `oracle FILE` (`cargo xtask oracle` calls it). Every case is
//! planned in memory and played with the `atelier` command that `ATELIER_BIN` names.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context;
use atelier_tests::oracle::{
    Basis, Case, in_memory, judge, judgement_of, load, through_the_command,
};
use camino::Utf8PathBuf;

/// What came of one case in one of the two ways.
struct Verdict {
    case: usize,
    way: &'static str,
    basis: Basis,
    fault: Option<String>,
}

/// A line of the table.
#[derive(Default)]
struct Counts {
    agree: usize,
    saner: usize,
    judged: usize,
    disagree: usize,
}

const IN_MEMORY: &str = "in memory";
const COMMAND: &str = "atelier test";

fn main() -> anyhow::Result<ExitCode> {
    let path: Utf8PathBuf = std::env::args()
        .nth(1)
        .context("which file of cases?")?
        .into();
    let cases = load(&path)?;
    let mut verdicts = all(&cases)?;
    verdicts.sort_by_key(|verdict| (verdict.way, verdict.case));
    let mut faults = 0;
    for way in [IN_MEMORY, COMMAND] {
        let own = || verdicts.iter().filter(|verdict| verdict.way == way);
        print_table(way, &cases, own());
        for verdict in own() {
            let case = &cases[verdict.case];
            if let Some(fault) = &verdict.fault {
                faults += 1;
                println!("{} ({way}): {fault}\n    {}\n", case.id, case.brief());
            }
        }
    }
    print_judgements(&cases);
    println!("{} cases, {faults} disagreements", cases.len());
    Ok(if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Plays every case both ways, as many at once as there are processors.
fn all(cases: &[Case]) -> anyhow::Result<Vec<Verdict>> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::new());
    let work = || -> anyhow::Result<()> {
        while let Some(case) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            (index < cases.len()).then_some(index)
        } {
            let mut found = Vec::new();
            let mut judged = |way, ending| {
                let (basis, verdict) = judge(&cases[case], &ending);
                found.push(Verdict {
                    case,
                    way,
                    basis,
                    fault: verdict.err(),
                });
            };
            if let Some(ending) = in_memory(&cases[case]) {
                judged(IN_MEMORY, ending);
            }
            let ending = through_the_command(&cases[case])
                .with_context(|| format!("the case {} cannot be played", cases[case].id))?;
            judged(COMMAND, ending);
            if let Ok(mut verdicts) = verdicts.lock() {
                verdicts.append(&mut found);
            }
        }
        Ok(())
    };
    let count = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a case panics"))
        })
    })?;
    verdicts.into_inner().context("a case panics")
}

fn print_table<'v>(way: &str, cases: &[Case], verdicts: impl Iterator<Item = &'v Verdict>) {
    let mut table: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut total = Counts::default();
    for verdict in verdicts {
        let line = table.entry(cases[verdict.case].subject()).or_default();
        for counts in [line, &mut total] {
            let count = match (&verdict.fault, verdict.basis) {
                (Some(_), _) => &mut counts.disagree,
                (None, Basis::Reference) => &mut counts.agree,
                (None, Basis::Saner) => &mut counts.saner,
                (None, Basis::Specification) => &mut counts.judged,
            };
            *count += 1;
        }
    }
    println!("{way:38} agree  saner  judged  disagree");
    for (action, counts) in table.into_iter().chain([("total", total)]) {
        println!(
            "{action:38} {:5}  {:5}  {:6}  {:8}",
            counts.agree, counts.saner, counts.judged, counts.disagree
        );
    }
    println!();
}

fn print_judgements(cases: &[Case]) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.sane.is_none()) {
        if let Some(reason) = judgement_of(case) {
            reasons.entry(reason).or_default().push(&case.id);
        }
    }
    println!("judged by the specification, where the reference is at fault:");
    for (reason, cases) in reasons {
        println!("  {reason}\n    {}", cases.join(", "));
    }
    println!();
}
