//! Writes a terminal's state as the bytes that reproduce it.

use std::fmt::Write;

use alacritty_terminal::event::EventListener;
use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Term, TermMode};
use alacritty_terminal::vte::ansi::{
    CharsetIndex, Color, CursorShape, NamedColor, StandardCharset,
};

use super::screen::push_cell;

/// The whole state: it starts with a full reset, so that the receiver's own state does not matter.
pub(super) fn write<L: EventListener>(
    term: &mut Term<L>,
    region: Option<(u16, u16)>,
    title: Option<&str>,
) -> Vec<u8> {
    let mut out = Writer {
        text: String::from("\x1bc"),
        cell: Cell::default(),
    };
    if let Some(title) = title {
        let title: String = title.chars().filter(|c| !c.is_control()).collect();
        out.add(format_args!("\x1b]2;{title}\x07"));
    }
    for index in 0..256 {
        if let Some(rgb) = term.colors()[index] {
            out.add(format_args!(
                "\x1b]4;{index};rgb:{:02x}/{:02x}/{:02x}\x07",
                rgb.r, rgb.g, rgb.b
            ));
        }
    }
    if term.mode().contains(TermMode::ALT_SCREEN) {
        // Only the active grid can be read, and going back to the alternate screen empties it: so it is kept aside.
        let alternate = term.grid().clone();
        term.swap_alt();
        out.lines(term.grid());
        out.saved_cursor(term.grid());
        out.cursor(term.grid(), 0);
        term.swap_alt();
        *term.grid_mut() = alternate;
        // The attributes belong to the cursor that is put aside; the new screen is emptied without them.
        out.text.push_str("\x1b[?1049h\x1b[0m\x1b[2J");
        out.cell = Cell::default();
        out.screen(term.grid());
    } else {
        out.lines(term.grid());
    }
    out.modes(*term.mode());
    let style = term.cursor_style();
    let shape = match style.shape {
        CursorShape::Underline => 4,
        CursorShape::Beam => 6,
        _ => 2,
    };
    out.add(format_args!("\x1b[{} q", shape - u8::from(style.blinking)));
    // Before the region and its origin, within which the saved place could not be reached.
    out.saved_cursor(term.grid());
    if let Some((first, last)) = region {
        out.add(format_args!("\x1b[{first};{last}r"));
    }
    if term.mode().contains(TermMode::ORIGIN) {
        out.text.push_str("\x1b[?6h");
    }
    let origin = region
        .filter(|_| term.mode().contains(TermMode::ORIGIN))
        .map_or(0, |(first, _)| i32::from(first) - 1);
    out.cursor(term.grid(), origin);
    out.text.into_bytes()
}

struct Writer {
    text: String,
    /// The attributes in force.
    cell: Cell,
}

impl Writer {
    fn add(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(arguments);
    }

    /// Scrollback and screen, line after line, so that what belongs into the scrollback scrolls there.
    fn lines(&mut self, grid: &Grid<Cell>) {
        let mut continues = false;
        for line in grid.topmost_line().0..=grid.bottommost_line().0 {
            let wraps = wraps(grid, line);
            // A line that continues another one starts only once something is printed on it.
            let length = length(grid, line).max(usize::from(continues));
            self.cells(grid, line, length);
            if !wraps && line != grid.bottommost_line().0 {
                self.attributes(&Cell::default());
                self.text.push_str("\r\n");
            }
            continues = wraps;
        }
    }

    /// The screen alone, each line in its place.
    fn screen(&mut self, grid: &Grid<Cell>) {
        for line in 0..=grid.bottommost_line().0 {
            let length = length(grid, line);
            if length > 0 {
                self.add(format_args!("\x1b[{};1H", line + 1));
                self.cells(grid, line, length);
            }
        }
    }

    fn cells(&mut self, grid: &Grid<Cell>, line: i32, length: usize) {
        for column in 0..length {
            let cell = &grid[Line(line)][Column(column)];
            if !cell
                .flags
                .intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER)
            {
                self.attributes(cell);
                push_cell(&mut self.text, cell);
            }
        }
    }

    fn saved_cursor(&mut self, grid: &Grid<Cell>) {
        let saved = &grid.saved_cursor;
        self.add(format_args!(
            "\x1b[{};{}H",
            saved.point.line.0 + 1,
            saved.point.column.0 + 1
        ));
        self.attributes(&saved.template);
        self.text.push_str("\x1b7");
    }

    /// The cursor with its attributes and character sets; `origin` is the line that counts as the first.
    fn cursor(&mut self, grid: &Grid<Cell>, origin: i32) {
        let cursor = &grid.cursor;
        let (line, column) = (cursor.point.line, cursor.point.column);
        self.add(format_args!(
            "\x1b[{};{}H",
            (line.0 - origin).max(0) + 1,
            column.0 + 1
        ));
        if cursor.input_needs_wrap {
            // Only printing in the last column brings the cursor behind it.
            let wide = grid[line][column].flags.contains(Flags::WIDE_CHAR_SPACER) && column.0 > 0;
            let column = if wide { column - 1 } else { column };
            self.add(format_args!(
                "\x1b[{};{}H",
                (line.0 - origin).max(0) + 1,
                column.0 + 1
            ));
            let cell = grid[line][column].clone();
            self.attributes(&cell);
            push_cell(&mut self.text, &cell);
        }
        self.attributes(&cursor.template);
        for (index, name) in [
            (CharsetIndex::G0, '('),
            (CharsetIndex::G1, ')'),
            (CharsetIndex::G2, '*'),
            (CharsetIndex::G3, '+'),
        ] {
            if cursor.charsets[index] == StandardCharset::SpecialCharacterAndLineDrawing {
                self.add(format_args!("\x1b{name}0"));
            }
        }
    }

    /// Modes that differ from those after a reset.
    fn modes(&mut self, mode: TermMode) {
        for (flag, on_after_reset, number) in [
            (TermMode::APP_CURSOR, false, "?1"),
            (TermMode::LINE_WRAP, true, "?7"),
            (TermMode::SHOW_CURSOR, true, "?25"),
            (TermMode::MOUSE_REPORT_CLICK, false, "?1000"),
            (TermMode::MOUSE_DRAG, false, "?1002"),
            (TermMode::MOUSE_MOTION, false, "?1003"),
            (TermMode::FOCUS_IN_OUT, false, "?1004"),
            (TermMode::UTF8_MOUSE, false, "?1005"),
            (TermMode::SGR_MOUSE, false, "?1006"),
            (TermMode::ALTERNATE_SCROLL, true, "?1007"),
            (TermMode::URGENCY_HINTS, true, "?1042"),
            (TermMode::BRACKETED_PASTE, false, "?2004"),
            (TermMode::INSERT, false, "4"),
            (TermMode::LINE_FEED_NEW_LINE, false, "20"),
        ] {
            if mode.contains(flag) != on_after_reset {
                let (mark, number) = number
                    .strip_prefix('?')
                    .map_or(("", number), |number| ("?", number));
                self.add(format_args!(
                    "\x1b[{mark}{number}{}",
                    if on_after_reset { 'l' } else { 'h' }
                ));
            }
        }
        if mode.contains(TermMode::APP_KEYPAD) {
            self.text.push_str("\x1b=");
        }
    }

    /// Changes the attributes in force to a cell's.
    fn attributes(&mut self, cell: &Cell) {
        let shown =
            Flags::INVERSE | Flags::BOLD_ITALIC | Flags::DIM | Flags::HIDDEN | Flags::STRIKEOUT;
        let shown = shown | Flags::ALL_UNDERLINES;
        let now = &self.cell;
        let link = (now.hyperlink() != cell.hyperlink()).then(|| cell.hyperlink());
        let same = now.flags & shown == cell.flags & shown
            && (now.fg, now.bg) == (cell.fg, cell.bg)
            && now.underline_color() == cell.underline_color();
        if let Some(link) = link {
            match &link {
                Some(link) => self.add(format_args!("\x1b]8;id={};{}\x07", link.id(), link.uri())),
                None => self.text.push_str("\x1b]8;;\x07"),
            }
        }
        if !same {
            self.text.push_str("\x1b[0");
            for (flag, code) in [
                (Flags::BOLD, "1"),
                (Flags::DIM, "2"),
                (Flags::ITALIC, "3"),
                (Flags::UNDERLINE, "4"),
                (Flags::DOUBLE_UNDERLINE, "4:2"),
                (Flags::UNDERCURL, "4:3"),
                (Flags::DOTTED_UNDERLINE, "4:4"),
                (Flags::DASHED_UNDERLINE, "4:5"),
                (Flags::INVERSE, "7"),
                (Flags::HIDDEN, "8"),
                (Flags::STRIKEOUT, "9"),
            ] {
                if cell.flags.contains(flag) {
                    self.add(format_args!(";{code}"));
                }
            }
            self.colour(cell.fg, 30);
            self.colour(cell.bg, 40);
            if let Some(colour) = cell.underline_color() {
                self.colour(colour, 50);
            }
            self.text.push('m');
        }
        self.cell = cell.clone();
    }

    /// `base` is 30 for text, 40 for the ground, 50 for underlines.
    fn colour(&mut self, colour: Color, base: usize) {
        match colour {
            Color::Spec(rgb) => self.add(format_args!(
                ";{};2;{};{};{}",
                base + 8,
                rgb.r,
                rgb.g,
                rgb.b
            )),
            Color::Indexed(index) => self.add(format_args!(";{};5;{index}", base + 8)),
            Color::Named(name) => match name as usize {
                index @ 0..8 if base < 50 => self.add(format_args!(";{}", base + index)),
                index @ 8..16 if base < 50 => self.add(format_args!(";{}", base + 52 + index)),
                index @ 0..16 => self.add(format_args!(";{};5;{index}", base + 8)),
                // The default colours, which the reset has brought back.
                _ => debug_assert!(!matches!(name, NamedColor::Cursor)),
            },
        }
    }
}

fn wraps(grid: &Grid<Cell>, line: i32) -> bool {
    grid[Line(line)][Column(grid.columns() - 1)]
        .flags
        .contains(Flags::WRAPLINE)
}

/// How many cells of a line have to be printed.
fn length(grid: &Grid<Cell>, line: i32) -> usize {
    if wraps(grid, line) {
        return grid.columns();
    }
    let blank = Cell::default();
    let row = &grid[Line(line)];
    (0..grid.columns())
        .rev()
        .find(|column| row[Column(*column)] != blank)
        .map_or(0, |column| column + 1)
}
