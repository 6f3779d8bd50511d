//! Tables: header, footer, alignment, cells over several rows or columns, cells with blocks.

use std::ops::Range;

use asciidoc_parser::blocks::{
    Block, ColumnStyle, HorizontalAlignment, TableBlock, TableCell, TableCellContent, TableRow,
};
use pulldown_cmark::{Event, Tag, TagEnd};

use super::blocks::Emitter;

impl<'d> Emitter<'d> {
    pub(super) fn table<'b>(
        &mut self,
        table: &'b TableBlock<'b>,
        block: &'b Block<'b>,
        place: Range<usize>,
    ) where
        'b: 'd,
    {
        self.title(block, &place);
        self.trusted("<table>\n".to_owned(), place.clone());
        if let Some(row) = table.header_row() {
            self.part("thead", std::slice::from_ref(row), &place);
        }
        if !table.body_rows().is_empty() {
            self.part("tbody", table.body_rows(), &place);
        }
        if let Some(row) = table.footer_row() {
            self.part("tfoot", std::slice::from_ref(row), &place);
        }
        self.trusted("</table>\n".to_owned(), place);
    }

    fn part<'b>(&mut self, name: &str, rows: &'b [TableRow<'b>], place: &Range<usize>)
    where
        'b: 'd,
    {
        self.trusted(format!("<{name}>\n"), place.clone());
        for row in rows {
            self.trusted("<tr>".to_owned(), place.clone());
            for cell in row.cells() {
                self.table_cell(cell, name == "thead", place);
            }
            self.trusted("</tr>\n".to_owned(), place.clone());
        }
        self.trusted(format!("</{name}>\n"), place.clone());
    }

    fn table_cell<'b>(&mut self, cell: &'b TableCell<'b>, in_head: bool, place: &Range<usize>)
    where
        'b: 'd,
    {
        let is_head = in_head || cell.style() == ColumnStyle::Header;
        let name = if is_head { "th" } else { "td" };
        let mut open = format!("<{name}");
        for (key, value) in [("colspan", cell.colspan()), ("rowspan", cell.rowspan())] {
            if value > 1 {
                open.push_str(&format!(" {key}=\"{}\"", value.min(1000)));
            }
        }
        match cell.h_align() {
            HorizontalAlignment::Center => open.push_str(" class=\"align-center\""),
            HorizontalAlignment::Right => open.push_str(" class=\"align-right\""),
            HorizontalAlignment::Left => {}
        }
        self.trusted(format!("{open}>"), place.clone());
        let (before, after) = match cell.style() {
            _ if in_head => ("", ""),
            ColumnStyle::Strong => ("<strong>", "</strong>"),
            ColumnStyle::Emphasis => ("<em>", "</em>"),
            ColumnStyle::Monospace | ColumnStyle::Literal => ("<code>", "</code>"),
            _ => ("", ""),
        };
        match cell.content() {
            TableCellContent::Simple(content) => {
                self.trusted(before.to_owned(), place.clone());
                self.inlines(content.inlines());
                self.trusted(after.to_owned(), place.clone());
            }
            TableCellContent::AsciiDoc(inner) => {
                self.event(Event::Start(Tag::HtmlBlock), place.clone());
                for block in inner.blocks() {
                    self.block(block);
                }
                self.event(Event::End(TagEnd::HtmlBlock), place.clone());
            }
        }
        self.trusted(format!("</{name}>"), place.clone());
    }
}
