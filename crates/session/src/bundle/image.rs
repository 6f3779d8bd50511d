//! A bundle as a container image of one layer, in a tarball (OCI image layout 1.0.0): what `educates publish-workshop` pushes
//! to a registry, for a program that pushes.

use std::io::{self, Read, Seek, Write};

use camino::Utf8Path;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::write::{Modes, header, packer};
use super::{Bundle, BundleError};

/// The tag in the tarball.
const TAG: &str = "latest";

impl Bundle {
    /// Writes the image; the layer is made in a temporary file in this folder first, since its digest comes before it.
    pub(super) fn write_image(
        &self,
        out: impl Write,
        target: &Utf8Path,
        folder: &Utf8Path,
    ) -> Result<(), BundleError> {
        let failed = || BundleError::io(target);
        let mut layer = tempfile::tempfile_in(folder).map_err(failed())?;
        let packed = Hashing::new(io::BufWriter::new(&layer));
        let mut tar = tar::Builder::new(Hashing::new(packer(packed)));
        self.append_to(&mut tar, target, Modes::OfOwner)?;
        let unpacked = tar.into_inner().map_err(failed())?;
        let (gzip, diff, _) = unpacked.finish();
        let packed = gzip.finish().map_err(failed())?;
        let (mut rest, digest, size) = packed.finish();
        rest.flush().map_err(failed())?;
        drop(rest);
        layer.rewind().map_err(failed())?;

        let config = text(&json!({
            // Files of any machine; the specification wants a name.
            "architecture": "amd64",
            "os": "linux",
            "config": {},
            "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{diff}")] },
            "history": [{ "created": "1970-01-01T00:00:00Z", "created_by": "atelier pack" }],
        }));
        let manifest = text(&json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob("application/vnd.oci.image.config.v1+json", &hex(&config), config.len() as u64),
            "layers": [blob("application/vnd.oci.image.layer.v1.tar+gzip", &digest, size)],
        }));
        let mut listed = blob(
            "application/vnd.oci.image.manifest.v1+json",
            &hex(&manifest),
            manifest.len() as u64,
        );
        listed["annotations"] = json!({ "org.opencontainers.image.ref.name": TAG });
        let index = text(&json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [listed],
        }));

        let mut tar = tar::Builder::new(out);
        let mut add = |path: &str, size: u64, content: &mut dyn Read| {
            let mut header = header();
            header.set_size(size);
            tar.append_data(&mut header, path, content)
        };
        let layout = text(&json!({ "imageLayoutVersion": "1.0.0" }));
        for (path, bytes) in [
            ("oci-layout".to_owned(), &layout),
            ("index.json".to_owned(), &index),
            (place(&hex(&manifest)), &manifest),
            (place(&hex(&config)), &config),
        ] {
            add(&path, bytes.len() as u64, &mut &bytes[..]).map_err(failed())?;
        }
        add(&place(&digest), size, &mut layer).map_err(failed())?;
        let mut out = tar.into_inner().map_err(failed())?;
        out.flush().map_err(failed())
    }
}

fn place(digest: &str) -> String {
    format!("blobs/sha256/{digest}")
}

fn blob(kind: &str, digest: &str, size: u64) -> Value {
    json!({ "mediaType": kind, "digest": format!("sha256:{digest}"), "size": size })
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    digits(Sha256::digest(bytes).as_ref())
}

fn digits(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Passes on what is written, and takes its sum.
struct Hashing<W> {
    out: W,
    hash: Sha256,
    size: u64,
}

impl<W> Hashing<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            hash: Sha256::new(),
            size: 0,
        }
    }

    /// Where it went, its SHA-256 in hexadecimal digits, and how many bytes it was.
    fn finish(self) -> (W, String, u64) {
        (self.out, digits(self.hash.finalize().as_ref()), self.size)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
