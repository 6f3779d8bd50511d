//! The recorded behaviour of the reference, planned in memory; `cargo xtask oracle` also plays it with the command.

use atelier_tests::oracle::{Basis, in_memory, judge, load, usual_place};

#[test]
#[allow(clippy::print_stderr, reason = "the figures, and why there are none")]
fn editor_actions_end_as_in_the_reference() {
    let place = usual_place();
    if !place.exists() {
        eprintln!("skipped: the recorded cases are not beside this project ({place})");
        return;
    }
    let mut counts = [0; 3];
    let mut faults = Vec::new();
    for case in load(&place).expect("cases") {
        let Some(ending) = in_memory(&case) else {
            continue;
        };
        let (basis, verdict) = judge(&case, &ending);
        counts[basis as usize] += 1;
        if let Err(fault) = verdict {
            faults.push(format!("{}: {fault}\n    {}", case.id, case.brief()));
        }
    }
    eprintln!(
        "{} cases as the reference, {} saner, {} by the specification; {} differ",
        counts[Basis::Reference as usize],
        counts[Basis::Saner as usize],
        counts[Basis::Specification as usize],
        faults.len()
    );
    assert!(counts.iter().sum::<usize>() > 0, "no case in {place}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
