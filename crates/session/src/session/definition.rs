//! What of another version's definition is in force in a session that was made by an earlier one.

use atelier_content::Workshop;

/// The pages of `new` in a session that was made by the definition of `old`, and what of the new one is not in force.
pub(super) fn with_definition_of(old: &Workshop, new: Workshop) -> (Workshop, Vec<&'static str>) {
    let parts = [
        ("name", old.name == new.name),
        (
            "folder of the instructions",
            old.workshop_dir == new.workshop_dir,
        ),
        ("applications", old.applications == new.applications),
        ("dashboards", old.dashboards == new.dashboards),
        ("ingresses", old.ingresses == new.ingresses),
        (
            "environment variables",
            old.environment == new.environment && old.generated == new.generated,
        ),
        (
            "files",
            old.files.include == new.files.include
                && old.files.exclude == new.files.exclude
                && old.inline_files == new.inline_files,
        ),
        ("services", old.compose == new.compose),
    ];
    let changed = parts.iter().filter(|(_, same)| !same);
    let changed = changed.map(|(part, _)| *part).collect();
    let workshop = Workshop {
        root: old.root.clone(),
        name: old.name.clone(),
        workshop_dir: old.workshop_dir.clone(),
        applications: old.applications.clone(),
        dashboards: old.dashboards.clone(),
        ingresses: old.ingresses.clone(),
        environment: old.environment.clone(),
        generated: old.generated.clone(),
        files: old.files.clone(),
        inline_files: old.inline_files.clone(),
        compose: old.compose.clone(),
        ..new
    };
    (workshop, changed)
}
