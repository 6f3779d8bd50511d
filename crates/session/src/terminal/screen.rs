//! A terminal's state: screen, scrollback, modes, title. Fed with every byte of its output.
//!
//! **Who answers.** Programs ask terminals things (where is the cursor, what are you). The engine always answers, exactly
//! once, whether views are attached or not; a view never answers. A view whose emulator answers by itself must have that
//! switched off (in xterm.js: parser handlers that swallow CSI `c`, `>c`, `n`, `?n`, `$p`, `?$p`, `t`, `?u`, and OSC 4, 10, 11,
//! 12 with `?`). A snapshot contains no question.

use std::sync::{Arc, Mutex, PoisonError};

use alacritty_terminal::event::{Event, EventListener, WindowSize};
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Config, Term, TermMode};
use alacritty_terminal::vte::ansi::Processor;

use super::ground::Ground;
use super::marks::{Mark, Marks};
use super::sequence::Unfinished;

/// How many lines above the screen are kept.
pub const SCROLLBACK: usize = 10_000;

/// The state of one terminal.
pub struct Screen {
    pub(super) term: Term<Listener>,
    processor: Processor,
    marks: Marks,
    unfinished: Unfinished,
    heard: Arc<Mutex<Heard>>,
}

/// What came out of feeding a piece of output.
#[derive(Debug, Default)]
pub struct Fed {
    /// The shell's marks in it.
    pub marks: Vec<Mark>,
    /// Answers to the program's questions, to be written to the terminal.
    pub replies: Vec<u8>,
}

impl Screen {
    /// An empty screen of at least one column and line.
    pub fn new(columns: u16, lines: u16) -> Self {
        Self::on(Ground::default(), columns, lines)
    }

    /// An empty screen that stands on this ground.
    pub(super) fn on(ground: Ground, columns: u16, lines: u16) -> Self {
        let heard = Arc::new(Mutex::new(Heard {
            columns,
            lines,
            ground,
            ..Heard::default()
        }));
        let config = Config {
            scrolling_history: SCROLLBACK,
            ..Config::default()
        };
        let term = Term::new(
            config,
            &Size::new(columns, lines),
            Listener(Arc::clone(&heard)),
        );
        Screen {
            term,
            processor: Processor::new(),
            marks: Marks::default(),
            unfinished: Unfinished::default(),
            heard,
        }
    }

    /// Takes the next piece of output, of any size, split anywhere.
    pub fn feed(&mut self, bytes: &[u8]) -> Fed {
        self.processor.advance(&mut self.term, bytes);
        // A synchronized update that its program never ends must not hide the screen for ever.
        if self
            .processor
            .sync_timeout()
            .sync_timeout()
            .is_some_and(|until| until <= std::time::Instant::now())
        {
            self.processor.stop_sync(&mut self.term);
        }
        let marks = self.marks.read(bytes);
        self.unfinished.read(bytes);
        Fed {
            marks,
            replies: std::mem::take(&mut self.heard().replies),
        }
    }

    /// Changes the size; long lines flow anew.
    pub fn resize(&mut self, columns: u16, lines: u16) {
        self.term.resize(Size::new(columns, lines));
        self.marks.region = None;
        let mut heard = self.heard();
        (heard.columns, heard.lines) = (columns, lines);
    }

    /// Columns and lines.
    pub fn size(&self) -> (u16, u16) {
        let heard = self.heard();
        (heard.columns, heard.lines)
    }

    /// The title the program has set.
    pub fn title(&self) -> Option<String> {
        self.heard().title.clone()
    }

    /// Whether pasted text is to be bracketed.
    pub fn bracketed_paste(&self) -> bool {
        self.term.mode().contains(TermMode::BRACKETED_PASTE)
    }

    /// Whether a full-screen program shows the alternate screen.
    pub fn alternate(&self) -> bool {
        self.term.mode().contains(TermMode::ALT_SCREEN)
    }

    /// The visible screen as plain text: no trailing spaces or empty lines, wrapped lines joined.
    pub fn text(&self) -> String {
        self.text_from(0)
    }

    /// Scrollback and screen as plain text.
    pub fn text_with_scrollback(&self) -> String {
        self.text_from(self.term.grid().topmost_line().0)
    }

    fn text_from(&self, first: i32) -> String {
        let grid = self.term.grid();
        let mut text = String::new();
        for line in first..=grid.bottommost_line().0 {
            let row = &grid[Line(line)];
            let wraps = row[Column(grid.columns() - 1)]
                .flags
                .contains(Flags::WRAPLINE);
            let start = text.len();
            for column in 0..grid.columns() {
                push_cell(&mut text, &row[Column(column)]);
            }
            if !wraps {
                text.truncate(start + text[start..].trim_end_matches(' ').len());
                text.push('\n');
            }
        }
        text.truncate(text.trim_end_matches([' ', '\n']).len());
        text
    }

    /// What the bytes since some moment look like as plain text: colours gone, overwritten progress lines final.
    pub fn plain(&self, bytes: &[u8]) -> String {
        let (columns, lines) = self.size();
        let mut scratch = Screen::new(columns, lines);
        scratch.feed(bytes);
        scratch.text_with_scrollback()
    }

    /// The bytes that drop scrollback and screen, except the cursor's line, which moves to the top.
    ///
    /// Empty while a full-screen program is shown. To be fed to this screen and to the views.
    pub fn clearing(&self) -> Vec<u8> {
        if self.alternate() {
            return Vec::new();
        }
        let cursor = self.term.grid().cursor.point;
        let scroll = if cursor.line.0 > 0 {
            format!("\x1b[{}S", cursor.line.0)
        } else {
            String::new()
        };
        let below = if self.size().1 > 1 {
            "\x1b[2;1H\x1b[J"
        } else {
            ""
        };
        format!("{scroll}{below}\x1b[1;{}H\x1b[3J", cursor.column.0 + 1).into_bytes()
    }

    /// Bytes that bring an xterm of the same size into this state, whatever state it was in.
    pub fn snapshot(&mut self) -> Vec<u8> {
        self.processor.stop_sync(&mut self.term);
        let title = self.title();
        let mut snapshot =
            super::snapshot::write(&mut self.term, self.marks.region, title.as_deref());
        snapshot.extend_from_slice(self.unfinished.bytes());
        snapshot
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a cell's characters; the second half of a wide character has none.
pub(super) fn push_cell(text: &mut String, cell: &Cell) {
    if cell
        .flags
        .intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER)
    {
        return;
    }
    text.push(if cell.c == '\t' { ' ' } else { cell.c });
    text.extend(cell.zerowidth().into_iter().flatten());
}

/// What the emulator said while it was fed.
#[derive(Default)]
struct Heard {
    replies: Vec<u8>,
    title: Option<String>,
    columns: u16,
    lines: u16,
    ground: Ground,
}

pub(super) struct Listener(Arc<Mutex<Heard>>);

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::PtyWrite(text) => heard.replies.extend_from_slice(text.as_bytes()),
            Event::ColorRequest(index, format) => {
                let colour = heard.ground.colour(index);
                heard.replies.extend_from_slice(format(colour).as_bytes());
            }
            Event::TextAreaSizeRequest(format) => {
                let (num_cols, num_lines) = (heard.columns, heard.lines);
                let size = WindowSize {
                    num_lines,
                    num_cols,
                    cell_width: 8,
                    cell_height: 16,
                };
                heard.replies.extend_from_slice(format(size).as_bytes());
            }
            Event::Title(title) => heard.title = Some(title),
            Event::ResetTitle => heard.title = None,
            // The clipboard is the learner's own: programs neither read nor write it.
            _ => {}
        }
    }
}

struct Size {
    columns: usize,
    lines: usize,
}

impl Size {
    fn new(columns: u16, lines: u16) -> Self {
        // The emulator needs two columns for a wide character.
        Size {
            columns: usize::from(columns.max(2)),
            lines: usize::from(lines.max(1)),
        }
    }
}

impl Dimensions for Size {
    fn total_lines(&self) -> usize {
        self.lines
    }

    fn screen_lines(&self) -> usize {
        self.lines
    }

    fn columns(&self) -> usize {
        self.columns
    }
}
