//! `atelier pack`

use anyhow::{Context, bail};
use atelier_content::{Absent, LoadError, Loaded, Severity, Variables, Workshop, workshops_below};
use atelier_session::bundle::{self, Bundle, Format};
use atelier_session::human;
use camino::{Utf8Path, Utf8PathBuf};

use crate::Exit;
use crate::args::PackArguments;
use crate::report::{self, diagnostics};

/// From this many bytes on, the largest files are named.
const LARGE: u64 = 20 << 20;
/// What the name of a bundle may end with.
const ENDINGS: [&str; 4] = [".workshop", ".zip", ".tar.gz", ".tgz"];
/// How many of them.
const NAMED: usize = 5;

pub(crate) fn run(arguments: &PackArguments) -> anyhow::Result<Exit> {
    let path = &arguments.path;
    if path.is_file() && !matches!(path.extension(), Some("yaml" | "yml")) {
        bail!("{path} is a file; name the folder of the workshop");
    }
    // It may lie in the workshop, and would be packed.
    bundle::clear_unfinished(target_folder(arguments));
    let (loaded, folder) = load(path)?;
    let sound = check(&loaded)?;
    if !sound && !arguments.force {
        report::print("Nothing was packed. Mend the errors, or say --force.\n")?;
        return Ok(Exit::Findings);
    }
    let mut bundle = gather(&loaded, folder.as_deref(), arguments.educates)?;
    if !secrets(&bundle, arguments.include_secrets)? {
        return Ok(Exit::Findings);
    }
    for (link, target) in &bundle.dangling {
        report::print(&format!(
            "warning: {link} is a link to {target}, which is not packed\n"
        ))?;
    }
    let target = target(arguments, &bundle.name)?;
    bundle.leave_out(&target);
    let format = if arguments.educates {
        Format::Image
    } else {
        Format::of(&target)
    };
    let written = bundle.write(&target, format)?;
    report::print(&summary(&bundle, &target, written.packed))?;
    if let (true, [only]) = (arguments.educates, &loaded[..]) {
        report::print(&how_to_push(&only.workshop, &bundle, &target))?;
    }
    Ok(Exit::Success)
}

/// The workshops, and the folder that they lie in where there are several.
fn load(path: &Utf8Path) -> anyhow::Result<(Vec<Loaded>, Option<Utf8PathBuf>)> {
    match atelier_content::load(path) {
        Ok(loaded) => Ok((vec![loaded], None)),
        Err(LoadError::Several { path, workshops }) => {
            let loaded = workshops.iter().map(|path| atelier_content::load(path));
            Ok((loaded.collect::<Result<_, _>>()?, Some(path)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows what `atelier check` finds. Whether there is no error.
fn check(loaded: &[Loaded]) -> anyhow::Result<bool> {
    let mut sound = true;
    for loaded in loaded {
        let variables = Variables::for_preview(&loaded.workshop);
        let found = atelier_session::check(loaded, &variables);
        sound &= !found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if !found.is_empty() {
            diagnostics::print(&loaded.workshop, &found)?;
        }
    }
    Ok(sound)
}

fn gather(loaded: &[Loaded], folder: Option<&Utf8Path>, educates: bool) -> anyhow::Result<Bundle> {
    Ok(match (loaded, folder) {
        ([only], None) if educates => bundle::as_published(&only.workshop)?,
        ([only], None) => bundle::of_workshop(&only.workshop)?,
        (several, folder) if educates => bail!(
            "{} holds {} workshops, and Educates publishes one at a time; name one of them",
            folder.unwrap_or(Utf8Path::new("the folder")),
            several.len()
        ),
        (several, folder) => {
            let folder = folder.context("the folder of the workshops has no name")?;
            let title = workshops_below(folder).title;
            let workshops: Vec<Workshop> = several
                .iter()
                .map(|loaded| loaded.workshop.clone())
                .collect();
            bundle::of_collection(folder, title.as_deref(), &workshops)?
        }
    })
}

/// What looks like a secret is not packed by the way: a bundle cannot be called back. Whether to go on.
fn secrets(bundle: &Bundle, included: bool) -> anyhow::Result<bool> {
    for path in &bundle.secrets {
        let kind = if included { "warning" } else { "error" };
        report::print(&format!("{kind}: {path} looks like a secret\n"))?;
    }
    if bundle.secrets.is_empty() || included {
        return Ok(true);
    }
    report::print(
        "Nothing was packed. Move them out of the workshop, leave them out by `excludePaths` in its definition, or say \
         --include-secrets if they are meant for everybody.\n",
    )?;
    Ok(false)
}

/// The folder that the bundle will lie in.
fn target_folder(arguments: &PackArguments) -> &Utf8Path {
    let here = Utf8Path::new(".");
    match &arguments.output {
        None => here,
        Some(output) if output.is_dir() => output,
        Some(output) => match output.parent() {
            Some(folder) if !folder.as_str().is_empty() => folder,
            _ => here,
        },
    }
}

fn target(arguments: &PackArguments, name: &str) -> anyhow::Result<Utf8PathBuf> {
    let file = if arguments.educates {
        format!("{name}-files.tar")
    } else {
        format!("{name}.workshop")
    };
    let target = match &arguments.output {
        None => Utf8PathBuf::from(file),
        Some(output) if output.is_dir() => output.join(file),
        Some(output) => {
            // `out/` can only mean a folder.
            let folder = match output.as_str().ends_with('/') {
                true => Some(output.as_path()),
                false => output.parent(),
            };
            let folder = folder.filter(|folder| !folder.as_str().is_empty());
            if let Some(absent) = folder.and_then(Absent::of) {
                bail!("the bundle cannot be put into {output}: {absent}");
            }
            output.clone()
        }
    };
    if arguments.educates && target.extension() != Some("tar") {
        bail!("{target} must end with .tar: it will be a container image in a tarball");
    }
    if !arguments.educates
        && !ENDINGS
            .iter()
            .any(|ending| target.as_str().ends_with(ending))
    {
        bail!(
            "{target} must end with .workshop, .zip or .tar.gz: the system could not tell what it is"
        );
    }
    Ok(target)
}

fn summary(bundle: &Bundle, target: &Utf8Path, packed: u64) -> String {
    let files = match bundle.files() {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    let bytes = bundle.bytes();
    let mut text = format!(
        "{target}: {files}, {} ({} unpacked)\n",
        human(packed),
        human(bytes)
    );
    if bytes >= LARGE {
        text.push_str("The largest files are:\n");
        for (path, size) in bundle.largest(NAMED) {
            text.push_str(&format!("{:>10}  {path}\n", human(size)));
        }
    }
    match &bundle.left_out[..] {
        [] => {}
        [only] => text.push_str(&format!("Left out, as tools make it anew: {only}\n")),
        [first, rest @ ..] => text.push_str(&format!(
            "Left out, as tools make them anew: {first} and {} more\n",
            rest.len()
        )),
    }
    text
}

/// How the image gets to where the definition looks for it.
fn how_to_push(workshop: &Workshop, bundle: &Bundle, target: &Utf8Path) -> String {
    let image = workshop.definition.as_ref().and_then(|definition| {
        let image = definition.pointer("/spec/publish/image")?;
        image.as_str()
    });
    // As Educates fills them in where it is told nothing.
    let version = workshop.definition.as_ref().and_then(|definition| {
        let version = definition.pointer("/spec/version")?;
        version.as_str()
    });
    let name = &bundle.name;
    let place = image.map_or_else(
        || format!("REGISTRY/{name}-files:latest"),
        |image| {
            image
                .replace("$(image_repository)", "REGISTRY")
                .replace("$(workshop_name)", name)
                .replace("$(workshop_version)", version.unwrap_or("latest"))
        },
    );
    let place = format!("docker://{place}");
    let place = shell_words::quote(&place);
    let source = format!("oci-archive:{target}");
    let source = shell_words::quote(&source);
    format!(
        "This is the image that `educates publish-workshop` would push. To push it:\n\n  skopeo copy {source} \
         {place}\n"
    )
}
