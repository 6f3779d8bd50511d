//! `files:*` (`actions.md` 3.11 and section 6).

use serde_yaml::{Mapping, Value};

use super::catalog::{Entry, Meaning, yaml};
use super::properties::{Problem, Properties, missing, wrong};
use super::{Action, FileSource, FilesAction, Sample, SampleContent, Upload};
use crate::yaml::js_text;

const DOWNLOAD: &[&str] = &["path", "url", "download", "preview"];

/// In the order of the specification.
pub(super) const ENTRIES: &[Entry] = &[
    yaml("files:download-file", "Files", 1, DOWNLOAD, download_file),
    yaml("files:copy-file", "Files", 1, DOWNLOAD, copy_file),
    yaml(
        "files:upload-file",
        "Files",
        3,
        &["path", "upload"],
        upload_file,
    ),
    yaml(
        "files:upload-files",
        "Files",
        3,
        &["directory"],
        upload_files,
    ),
];

pub(super) fn download_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (source, shown, preview) = source(properties)?;
    let name = match properties.text("download")? {
        Some(name) => file_name(&name),
        None => None,
    };
    let action = FilesAction::Download {
        name: name.unwrap_or_else(|| source.file_name()),
        source,
        preview,
    };
    let title = format!("Download file \"{shown}\"");
    Ok(Meaning::new(Action::Files(action), title))
}

pub(super) fn copy_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let (source, shown, preview) = source(properties)?;
    let title = format!("Copy file \"{shown}\" to paste buffer");
    let action = FilesAction::Copy { source, preview };
    Ok(Meaning::new(Action::Files(action), title))
}

pub(super) fn upload_file(properties: &mut Properties) -> Result<Meaning, Problem> {
    let path = inside(
        "path",
        properties.required("path")?,
        "the folder of uploads",
    )?;
    if path.is_empty() || path.ends_with('/') {
        return Err(wrong("path", "must end in the name of a file"));
    }
    let samples = samples(properties)?;
    if samples.len() > 1 {
        return Err(wrong(
            "test",
            "has more than one file in `inputs`; this action takes one",
        ));
    }
    let shown = properties.text("upload")?.filter(|shown| !shown.is_empty());
    let title = format!("Upload file as \"{}\"", shown.as_ref().unwrap_or(&path));
    let upload = Upload::File { path };
    Ok(Meaning::new(
        Action::Files(FilesAction::Upload { upload, samples }),
        title,
    ))
}

pub(super) fn upload_files(properties: &mut Properties) -> Result<Meaning, Problem> {
    let directory = properties.text("directory")?.unwrap_or_default();
    let directory = inside("directory", directory, "the folder of uploads")?;
    let directory = directory.trim_end_matches('/').to_owned();
    let title = if directory.is_empty() {
        "Upload files".to_owned()
    } else {
        format!("Upload files to \"{directory}\"")
    };
    let action = FilesAction::Upload {
        upload: Upload::Files { directory },
        samples: samples(properties)?,
    };
    Ok(Meaning::new(Action::Files(action), title))
}

/// What is fetched, what the title calls it, and whether the card shows its text. A `description` takes the preview's place.
fn source(properties: &Properties) -> Result<(FileSource, String, bool), Problem> {
    let given = |name| -> Result<Option<String>, Problem> {
        Ok(properties.text(name)?.filter(|text| !text.is_empty()))
    };
    let (download, url, path) = (given("download")?, given("url")?, given("path")?);
    let shown = [&download, &url, &path]
        .into_iter()
        .flatten()
        .next()
        .cloned();
    let source = match (url, path) {
        (Some(url), _) => FileSource::Url(url),
        // As on the reference's own server, where a path hangs below `/files/`.
        (None, Some(path)) => {
            let path = path.trim_start_matches('/').to_owned();
            FileSource::Path(inside("path", path, "the folder of files")?)
        }
        (None, None) => return Err(missing("path")),
    };
    if source == FileSource::Path(String::new()) {
        return Err(wrong("path", "must name a file"));
    }
    let preview = properties.truthy("preview") && !properties.contains("description");
    Ok((source, shown.unwrap_or_default(), preview))
}

/// A path that stays in the folder it is relative to, without `.` and `..`.
fn inside(name: &'static str, written: String, folder: &str) -> Result<String, Problem> {
    if written.contains('\0') {
        return Err(wrong(name, "holds a NUL character"));
    }
    for start in ["~/", "$HOME/", "/"] {
        if written.starts_with(start) {
            let what = format!("is relative to {folder}; leave out `{start}`");
            return Err(wrong(name, &what));
        }
    }
    let mut parts = Vec::new();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(wrong(name, &format!("leads out of {folder}")));
                }
            }
            part => parts.push(part),
        }
    }
    let slash = if written.ends_with('/') && !parts.is_empty() {
        "/"
    } else {
        ""
    };
    Ok(parts.join("/") + slash)
}

/// The file name part: browsers drop every folder. `None` when nothing usable is left.
fn file_name(written: &str) -> Option<String> {
    let name = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    (!matches!(name, "" | "." | "..")).then(|| name.to_owned())
}

impl FileSource {
    /// What the file is called where its author does not say: its own name, else its server's, else `download.txt`.
    fn file_name(&self) -> String {
        let name = match self {
            Self::Path(path) => file_name(path),
            Self::Url(url) => {
                let rest = url.split_once("://").map_or(&**url, |(_, rest)| rest);
                let rest = rest.split(['?', '#']).next().unwrap_or_default();
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = host.split(':').next().unwrap_or_default();
                file_name(&percent_decoded(path)).or_else(|| file_name(host))
            }
        };
        name.unwrap_or_else(|| "download.txt".to_owned())
    }
}

pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What `atelier test` uploads: `test: {inputs: {NAME: TEXT}}`, or `{NAME: {file: PATH}}` for a file of the session.
fn samples(properties: &Properties) -> Result<Vec<Sample>, Problem> {
    let inputs = match properties.get("test") {
        Some(Value::Mapping(test)) => test.get("inputs"),
        _ => None,
    };
    match inputs {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Mapping(files)) => files.iter().map(sample).collect(),
        Some(_) => Err(wrong_inputs()),
    }
}

fn sample((name, content): (&Value, &Value)) -> Result<Sample, Problem> {
    let name = js_text(name).and_then(|name| file_name(&name).filter(|own| *own == name));
    let content = match content {
        Value::Mapping(file) => of_file(file).map(SampleContent::File),
        content => js_text(content).map(SampleContent::Text),
    };
    match (name, content) {
        (Some(name), Some(content)) => Ok(Sample { name, content }),
        _ => Err(wrong_inputs()),
    }
}

fn of_file(file: &Mapping) -> Option<String> {
    file.get("file")
        .and_then(js_text)
        .filter(|path| file.len() == 1 && !path.is_empty())
}

fn wrong_inputs() -> Problem {
    wrong(
        "test",
        "has `inputs` that are not files; write `inputs: {notes.txt: some text}` or `inputs: {photo.png: {file: ~/exercises/photo.png}}`",
    )
}
