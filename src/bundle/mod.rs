//! A bundle: one zip for a site without internet. The chart, the values in it, the names of the images and the scripts that bring
//! them in, what prepares the file server and the nodes, and a guide in two languages for exactly this configuration.
//!
//! Everything in it is made from the values, so the same values give the same bytes. Images are not in it: to fetch them is for a
//! machine that reaches their registries, and `save-images.sh` does it there.

mod facts;
mod ground;
mod guide;
mod scripts;
mod site;
mod template;
mod values;
mod volumes;

use crate::archive::sha256_hex;
use crate::archive::zip::{EXECUTABLE, PLAIN, pack_files};
use crate::chart::Chart;
use crate::error::Error;
use crate::images::mirror::{Tool, script};
use crate::images::{self, Image};
use crate::load::Loaded;
use crate::release::Release;
use crate::templates::Rendered;
pub use ground::Ground;
pub use volumes::{Place, Volume};

/// What goes into a bundle.
#[derive(Debug)]
pub struct Bundle<'a> {
    /// The values, with the site's registry in `global.imageRegistry`.
    pub loaded: &'a Loaded,
    /// The release that the site installs.
    pub release: &'a Release,
    /// The chart made of the values.
    pub chart: &'a Chart,
    /// The chart as a `.tgz`.
    pub archive: &'a [u8],
    /// The product's version.
    pub app_version: &'a str,
    /// The Kubernetes versions that Helm installs the chart on.
    pub kube_version: &'a str,
    /// The images, for each kind of nodes.
    pub images: Vec<ImageSet>,
    /// The program that copies images, outside and at the site.
    pub tool: Tool,
    /// The file server and the nodes' mounts, if the volumes are on NFS.
    pub ground: Option<Ground>,
    /// Where the data is.
    pub volumes: Vec<Volume>,
    /// Whether the redis password is for the site to bring.
    pub password_open: bool,
}

/// The images for one kind of nodes.
#[derive(Debug)]
pub struct ImageSet {
    /// What the site calls it: `amd64`, `arm64`, or `all`.
    pub name: &'static str,
    /// The platform to copy, if it is only one: `linux/amd64`.
    pub platform: Option<&'static str>,
    /// The images, sorted.
    pub images: Vec<Image>,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the bundle's folder.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Its permissions.
    pub mode: u32,
}

impl File {
    fn text(path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: text.into(), mode: PLAIN }
    }

    fn script(path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self { mode: EXECUTABLE, ..Self::text(path, text) }
    }
}

/// The data volumes of rendered objects: see [`Volume`].
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with the YAML that the values bring.
pub fn volumes(rendered: &[Rendered]) -> Result<Vec<Volume>, Error> {
    volumes::of(rendered)
}

impl Bundle<'_> {
    /// The name of the bundle's folder, and of the zip without its ending: `shop-10.0.103-bundle`.
    pub fn name(&self) -> String {
        format!("{}-{}-bundle", self.release.name, self.chart.version())
    }

    /// The zip. `mtime` is the time of its files, as of [`pack_files`].
    pub fn pack(&self, mtime: u64) -> Vec<u8> {
        let files = self.files();
        let entries =
            files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice(), file.mode));
        pack_files(&self.name(), entries, mtime)
    }

    /// The keys of the values that hold a secret, which is in the chart.
    pub fn secrets(&self) -> Vec<String> {
        values::Differing::of(&self.loaded.tree).secrets
    }

    /// The files, the guides first and the checksums last.
    pub fn files(&self) -> Vec<File> {
        let values = values::Differing::of(&self.loaded.tree);
        let facts = facts::of(self, &values);
        let mut files = vec![
            File::text("INSTALL.md", guide::english(&facts)),
            File::text("INSTALL.zh-CN.md", guide::chinese(&facts)),
            File::text(self.chart.file_name("tgz"), self.archive),
            File::text("values.yaml", values.write(self.release)),
            File::text("site-values.yaml", site::write(self.loaded)),
            File::script("save-images.sh", scripts::save(self)),
            File::script("load-images.sh", scripts::load(self)),
        ];
        for set in &self.images {
            let folder = format!("images/{}", set.name);
            let registry = &self.loaded.values.global.image_registry;
            files.extend([
                File::text(format!("{folder}/images.txt"), images::names(&set.images)),
                File::text(format!("{folder}/images.json"), images::json(&set.images)),
                File::script(
                    format!("{folder}/mirror.sh"),
                    script(&set.images, registry, self.tool, set.platform),
                ),
            ]);
        }
        for (path, script) in self.ground.iter().flat_map(Ground::scripts) {
            files.push(File::script(path, script));
        }
        let sums = files.iter().map(|file| format!("{}  {}\n", sha256_hex(&file.bytes), file.path));
        let sums: String = sums.collect();
        files.push(File::text("SHA256SUMS", sums));
        files
    }
}
