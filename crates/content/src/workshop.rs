//! A workshop as every format yields it: what the learner reads, and what a session must provide.

use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::diagnostic::Sources;
use crate::page::{Page, PageId};
use crate::path_rewrite::PathRewrite;
use crate::programs::ProgramSpec;
use crate::render::Expander;

/// A loaded workshop. Its pages are rendered on demand with a session's variables.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The workshop's folder.
    pub root: Utf8PathBuf,
    /// Its machine name: letters, digits and dashes.
    pub name: String,
    /// Its title.
    pub title: String,
    /// One sentence on what it is about; may be empty.
    pub description: String,
    /// What the library and the trust sheet tell about it.
    pub about: About,
    /// What the list of contents is headed with: a pathway may have a title of its own.
    pub contents_title: String,
    /// The pages, in the order of navigation.
    pub pages: Vec<Page>,
    /// Pages outside the navigation: reachable by link only.
    pub unlisted: Vec<Page>,
    /// Folder of the instructions and session scripts, relative to `root`: `workshop`.
    pub workshop_dir: Utf8PathBuf,
    /// Variables that the author declared, with defaults.
    pub parameters: Vec<Parameter>,
    /// The name of the pathway that was taken; empty when there is none.
    pub pathway: String,
    /// The pathways to choose from, in file order.
    pub pathways: Vec<Pathway>,
    /// Which parts of the work area the author wishes.
    pub applications: Applications,
    /// Tabs that the author declared, in file order.
    pub dashboards: Vec<DashboardSpec>,
    /// Local ports with a name.
    pub ingresses: Vec<Ingress>,
    /// Extra environment of the session, in file order; `$(name)` is not expanded yet.
    pub environment: Vec<(String, String)>,
    /// Further variables of the environment, and the expression that each gets a value of once for a session:
    /// `[a-z0-9]{8}`.
    pub generated: Vec<(String, String)>,
    /// Programs that a session keeps running in the background.
    pub programs: Vec<ProgramSpec>,
    /// Which files of the folder a session receives.
    pub files: FileSelection,
    /// Files that the definition holds itself: where each goes, as if it lay in the folder, and its text.
    pub inline_files: Vec<(Utf8PathBuf, String)>,
    /// The definition as it is written, if there is one.
    pub definition: Option<serde_json::Value>,
    /// What cannot be had on a laptop, each in one sentence to the learner.
    pub missing_features: Vec<String>,
    /// Containers that stand beside a session: `services` and `volumes` as Docker Compose has them, `$(name)` not expanded yet.
    pub compose: Option<serde_json::Value>,
    /// Programs that its author says it needs.
    pub requirements: Vec<Requirement>,
    /// Every text that was read, for diagnostics.
    pub sources: Sources,
    /// How a page's source becomes Markdown: the format's own business.
    pub expander: Arc<dyn Expander>,
}

/// What a library tells about a workshop. All optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the definition's own")]
pub struct About {
    pub authors: Vec<String>,
    pub vendor: Option<String>,
    pub url: Option<String>,
    pub tags: Vec<String>,
    /// `beginner`, `intermediate`, `advanced` or `extreme`.
    pub difficulty: Option<String>,
    /// As written: `30m`, `1h`.
    pub duration: Option<String>,
    pub version: Option<String>,
    /// The container image that sessions start from elsewhere: tells which tools are expected.
    pub image: Option<String>,
}

/// A program that the author says the workshop needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub name: String,
    /// The lowest version that will do: numbers and dots.
    pub minimum: Option<String>,
    /// How to get it, in the author's words.
    pub hint: Option<String>,
}

/// One way through a workshop's pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pathway {
    /// Its name.
    pub name: String,
    /// Its title; empty when it has none.
    pub title: String,
    /// One sentence on it; may be empty.
    pub description: String,
    /// How many pages lie on it.
    pub pages: usize,
    /// Their keys, in the order of navigation; also of steps that have no page.
    pub steps: Vec<PageId>,
    /// Variables that the author declared, as they are on it.
    pub parameters: Vec<Parameter>,
}

/// A variable that the author declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value when the environment gives none.
    pub value: String,
    /// Environment variables that give the value, tried in order before the name itself.
    pub aliases: Vec<String>,
}

/// The applications of a session (`session.md` section 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applications {
    /// How many terminals are shown; `None` when the workshop has none.
    pub terminals: Option<TerminalLayout>,
    /// The editor.
    pub editor: bool,
    /// The examiner.
    pub examiner: bool,
    /// Downloads, with their root relative to the home.
    pub files: Option<Utf8PathBuf>,
    /// Uploads, with their destination relative to the home.
    pub uploads: Option<Utf8PathBuf>,
    /// The instructions have a tab elsewhere (`workshop.layout: tab`): actions may open it.
    pub instructions_tab: bool,
    /// Slides.
    pub slides: bool,
    /// The library that the slides are made with, when they do not bring it themselves.
    pub slide_kit: Option<SlideKit>,
    /// The commands of the workshop use Docker.
    pub docker: bool,
    /// Names of applications that are switched on and that a laptop does not provide.
    pub unavailable: Vec<String>,
}

/// Which terminals stand in the terminal area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalLayout {
    /// Terminal 1.
    One,
    /// Terminals 1 and 2.
    Split,
    /// Terminals 1, 2 and 3.
    SplitTwo,
    /// No terminal area; named terminals may still stand in tabs.
    Hidden,
}

impl TerminalLayout {
    /// The names of its terminals.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::One => &["1"],
            Self::Split => &["1", "2"],
            Self::SplitTwo => &["1", "2", "3"],
            Self::Hidden => &[],
        }
    }
}

/// A tab of the work area, as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardSpec {
    /// Its title.
    pub name: String,
    /// An address, a path on the session's own host, `terminal:NAME`, or empty for a built-in tab.
    pub url: String,
}

/// A library for slides whose files lie behind the author's own: one of [`SlideKit::BUNDLED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlideKit {
    /// Which.
    pub library: SlideLibrary,
    /// Its version.
    pub version: &'static str,
}

impl SlideKit {
    /// Those that come with Atelier, newest last.
    pub const BUNDLED: [Self; 4] = [
        Self::new(SlideLibrary::Reveal, "3.9.2"),
        Self::new(SlideLibrary::Reveal, "4.6.1"),
        Self::new(SlideLibrary::Reveal, "5.2.1"),
        Self::new(SlideLibrary::Impress, "1.1.0"),
    ];

    const fn new(library: SlideLibrary, version: &'static str) -> Self {
        Self { library, version }
    }
}

/// Which library slides are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum SlideLibrary {
    Reveal,
    Impress,
}

impl SlideLibrary {
    /// Its name: `reveal.js`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reveal => "reveal.js",
            Self::Impress => "impress.js",
        }
    }
}

/// A server of the session, reachable by name (`session.md` section 10). Several of one name share its paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// Its name.
    pub name: String,
    /// The port that the learner's server listens on.
    pub port: u16,
    /// `http` or `https`.
    pub protocol: String,
    /// The host, `$(name)` not expanded yet; `localhost` when absent.
    pub host: Option<String>,
    /// Start of the paths that it takes; empty for all.
    pub path: String,
    /// Of these the first that applies changes the path.
    pub rewrites: Vec<PathRewrite>,
    /// Headers that requests get, `$(name)` not expanded yet.
    pub headers: Vec<(String, String)>,
    /// A server on another host is asked by its own name.
    pub change_origin: bool,
    /// The certificate of an `https` server must be valid.
    pub secure: bool,
}

/// Which files of the workshop's folder a session receives: patterns relative to it, `**` any depth, `*` within a
/// segment. No include pattern means everything. `.git` is never received, `workshop/` always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSelection {
    /// What is taken.
    pub include: Vec<String>,
    /// What is left out of it.
    pub exclude: Vec<String>,
}

impl Workshop {
    /// The page of this key, in the navigation or outside it.
    pub fn page(&self, id: &PageId) -> Option<&Page> {
        self.pages
            .iter()
            .chain(&self.unlisted)
            .find(|page| &page.id == id)
    }

    /// The same workshop along another of its pathways, without the steps that have no page; `None` when there is no such
    /// pathway.
    #[must_use]
    pub fn along(&self, pathway: &str) -> Option<Self> {
        let way = self.pathways.iter().find(|known| known.name == pathway)?;
        let pages = way.steps.iter().filter_map(|id| self.page(id)).cloned();
        let others = self.pages.iter().chain(&self.unlisted);
        let title = Some(&way.title).filter(|title| !title.is_empty());
        Some(Self {
            contents_title: title.unwrap_or(&self.title).clone(),
            pages: pages.collect(),
            unlisted: others
                .filter(|page| !way.steps.contains(&page.id))
                .cloned()
                .collect(),
            parameters: way.parameters.clone(),
            pathway: way.name.clone(),
            ..self.clone()
        })
    }
}

impl Default for Applications {
    fn default() -> Self {
        Self {
            terminals: Some(TerminalLayout::One),
            editor: false,
            examiner: false,
            files: None,
            uploads: None,
            instructions_tab: false,
            slides: false,
            slide_kit: None,
            docker: false,
            unavailable: Vec::new(),
        }
    }
}
