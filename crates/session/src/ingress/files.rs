//! Files below a folder, as a web server gives them: nothing outside it, whatever the path or a link says.

use std::fs::File;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, X_CONTENT_TYPE_OPTIONS};
use hyper::{Request, Response, StatusCode};
use mime_guess::{Mime, mime};
use tower_http::services::ServeFile;

use super::proxy::status;
use super::{Answer, full};
use crate::anchor::Anchor;

/// How much of a file is looked at to tell text from data.
const SNIFFED: usize = 8 * 1024;

/// What a path means below a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file, links followed.
    File(Utf8PathBuf),
    /// A folder; what is shown is its `index.html`.
    Folder,
    /// Nothing, or nothing that is given out.
    Nothing,
}

/// Looks a decoded path up below a folder.
pub(super) fn find(root: &Utf8Path, path: &str, dot_files: bool) -> Found {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let leads_out = parts.iter().any(|part| matches!(*part, "." | "..")) || path.contains('\0');
    let hidden = !dot_files && parts.last().is_some_and(|name| name.starts_with('.'));
    if leads_out || hidden {
        return Found::Nothing;
    }
    let file = parts
        .iter()
        .fold(root.to_owned(), |path, part| path.join(part));
    let (Ok(root), Ok(real)) = (root.canonicalize_utf8(), file.canonicalize_utf8()) else {
        return Found::Nothing;
    };
    match real.metadata() {
        _ if !real.starts_with(root) => Found::Nothing,
        Ok(about) if about.is_dir() => Found::Folder,
        // A pipe would never end, and a device is nobody's file.
        Ok(about) if about.is_file() => Found::File(real),
        _ => Found::Nothing,
    }
}

/// Gives a file out, with ranges and conditions as the request asks.
pub(super) async fn serve(
    within: &[Utf8PathBuf],
    file: &Utf8Path,
    request: Request<Incoming>,
) -> Answer {
    // Its programs may have put a link there since it was found, or on the way to it.
    let within: Vec<_> = within.iter().map(|folder| folder.as_path()).collect();
    let Ok(held) = Anchor::of_target(&within, file).and_then(|place| place.read()) else {
        return status(StatusCode::NOT_FOUND);
    };
    let kind = kind(file.as_std_path(), &held);
    let served = ServeFile::new_with_mime(name_of(&held, file), &kind)
        .try_call(request)
        .await;
    let Ok(served) = served else {
        return status(StatusCode::NOT_FOUND);
    };
    let mut answer = served.map(|body| body.map_err(Into::into).boxed_unsync());
    finish(&mut answer);
    answer
}

/// Gives bytes out as the file of a name.
pub(super) fn give(name: &str, bytes: Vec<u8>) -> Answer {
    let kind = with_charset(mime_guess::from_path(name).first_or_octet_stream());
    let mut answer = Response::new(full(bytes));
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        answer.headers_mut().insert(CONTENT_TYPE, kind);
    }
    finish(&mut answer);
    answer
}

/// Sends whoever asked to another path of the same host.
pub(super) fn redirect(path: &str) -> Answer {
    let mut answer = status(StatusCode::MOVED_PERMANENTLY);
    if let Ok(path) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(LOCATION, path);
    }
    finish(&mut answer);
    answer
}

fn finish(answer: &mut Answer) {
    let headers = answer.headers_mut();
    // A reload shows what has been saved since.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// What a browser shows stays what it is; source code and configuration are text to read, not something to download.
/// What to call a file that is held open: the same one whatever is put in its place.
#[cfg(target_os = "linux")]
fn name_of(held: &File, _: &Utf8Path) -> Utf8PathBuf {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", held.as_raw_fd()).into()
}

#[cfg(not(target_os = "linux"))]
fn name_of(_: &File, file: &Utf8Path) -> Utf8PathBuf {
    file.to_owned()
}

fn kind(file: &Path, held: &File) -> Mime {
    let guessed = mime_guess::from_path(file).first_or_octet_stream();
    let subtype = guessed.subtype().as_str();
    let is_shown = match guessed.type_() {
        mime::TEXT => matches!(subtype, "html" | "css" | "javascript" | "xml" | "csv"),
        mime::APPLICATION => {
            matches!(
                subtype,
                "javascript" | "json" | "pdf" | "wasm" | "xml" | "xhtml" | "zip" | "gzip"
            )
        }
        mime::IMAGE | mime::FONT => true,
        // `.ts` is a film to the registry, and a program here.
        mime::AUDIO | mime::VIDEO => subtype != "vnd.dlna.mpeg-tts",
        _ => false,
    };
    if is_shown || !is_text(held) {
        with_charset(guessed)
    } else {
        mime::TEXT_PLAIN_UTF_8
    }
}

fn with_charset(kind: Mime) -> Mime {
    let is_text = kind.type_() == mime::TEXT || kind.subtype() == mime::JAVASCRIPT;
    if !is_text || kind.get_param(mime::CHARSET).is_some() {
        return kind;
    }
    format!("{kind}; charset=utf-8").parse().unwrap_or(kind)
}

fn is_text(file: &File) -> bool {
    use std::os::unix::fs::FileExt;
    let mut start = vec![0; SNIFFED];
    let read = file.read_at(&mut start, 0);
    start.truncate(*read.as_ref().unwrap_or(&0));
    let whole = match std::str::from_utf8(&start) {
        Ok(_) => true,
        // The last character may be cut.
        Err(error) => error.error_len().is_none() && start.len() == SNIFFED,
    };
    read.is_ok() && whole && !start.contains(&0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        let top = top.canonicalize_utf8().unwrap();
        let root = top.join("root");
        fs::create_dir_all(root.join(".kube/sub")).unwrap();
        for name in [
            "root/a b.txt",
            "root/.kube/config",
            "root/.bashrc",
            "secret",
            "root-evil",
        ] {
            fs::write(top.join(name), name).unwrap();
        }
        symlink("a b.txt", root.join("inside")).unwrap();
        symlink("../secret", root.join("outside")).unwrap();
        symlink("..", root.join("up")).unwrap();
        let _socket = UnixListener::bind(root.join("socket")).unwrap();
        let file = |path: &str| Found::File(top.join(path));
        for (path, found) in [
            ("a b.txt", file("root/a b.txt")),
            ("//a b.txt", file("root/a b.txt")),
            ("inside", file("root/a b.txt")),
            (".kube/config", file("root/.kube/config")),
            (".kube", Found::Folder),
            ("", Found::Folder),
            (".bashrc", file("root/.bashrc")),
            ("outside", Found::Nothing),
            ("up/secret", Found::Nothing),
            ("../secret", Found::Nothing),
            ("../root-evil", Found::Nothing),
            (".kube/../a b.txt", Found::Nothing),
            ("gone", Found::Nothing),
            ("a\0", Found::Nothing),
            ("socket", Found::Nothing),
        ] {
            assert_eq!(find(&root, path, true), found, "{path}");
        }
        assert_eq!(find(&root, ".bashrc", false), Found::Nothing);
        assert_eq!(
            find(&root, ".kube/config", false),
            file("root/.kube/config")
        );
    }

    #[test]
    fn no_path_of_odd_parts_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        let top = top.canonicalize_utf8().unwrap();
        let root = top.join("root");
        fs::create_dir_all(root.join("a/a")).unwrap();
        for name in ["secret", "root/a/secret", "root/secret"] {
            fs::write(top.join(name), name).unwrap();
        }
        symlink("../..", root.join("a/up")).unwrap();
        symlink(top.join("secret"), root.join("a/out")).unwrap();
        let parts = ["a", "..", ".", "up", "out", "secret", "", "~", "a\\.."];
        let mut paths = vec![String::new()];
        let mut found = 0;
        for _ in 0..4 {
            let longer = |path: &String| parts.map(|part| format!("{path}/{part}"));
            paths = paths.iter().flat_map(longer).collect();
            for path in &paths {
                if let Found::File(file) = find(&root, path, true) {
                    assert!(file.starts_with(&root), "{path} is {file}");
                    found += 1;
                }
            }
        }
        assert!(found > 10, "the search finds something at all");
    }

    #[test]
    fn what_can_be_read_is_shown_as_text() {
        let folder = tempfile::tempdir().unwrap();
        let text = "key: value\n";
        for (name, bytes, shown) in [
            ("a.html", text.as_bytes(), "text/html; charset=utf-8"),
            ("a.js", text.as_bytes(), "text/javascript; charset=utf-8"),
            ("a.yaml", text.as_bytes(), "text/plain; charset=utf-8"),
            ("a.md", text.as_bytes(), "text/plain; charset=utf-8"),
            ("a.sh", text.as_bytes(), "text/plain; charset=utf-8"),
            ("a.ts", text.as_bytes(), "text/plain; charset=utf-8"),
            ("Dockerfile", text.as_bytes(), "text/plain; charset=utf-8"),
            ("a.json", text.as_bytes(), "application/json"),
            ("a.png", text.as_bytes(), "image/png"),
            ("a.pdf", text.as_bytes(), "application/pdf"),
            ("a.bin", b"\0\x01", "application/octet-stream"),
            ("latin", b"\xe9t\xe9", "application/octet-stream"),
        ] {
            let file = folder.path().join(name);
            fs::write(&file, bytes).unwrap();
            let held = File::open(&file).unwrap();
            assert_eq!(kind(&file, &held).as_ref(), shown, "{name}");
        }
    }
}
