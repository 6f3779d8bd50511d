//! Random YAML files as people write them: every style, comments, anchors, odd indentation, several documents.

use std::fmt::Write;

/// Choices, drawn one after the other; fewer bytes make a smaller file, and without any the first choice is taken.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    /// Once in so many times.
    pub(crate) fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

pub(crate) const KEYS: &[&str] = &[
    "a", "b", "name", "c d", "k.e.y", "80", "true", "é", "x-y", "a[0]", "q'uote", "url:x", "#k",
    "~", "1.0", "<<x",
];

/// Scalars as they are written on one line in a block.
const SCALARS: &[&str] = &[
    "x",
    "1",
    "true",
    "~",
    "null",
    "a b",
    "nginx:1.25",
    "\"q\"",
    "'s'",
    "\"a # b\"",
    "'it''s'",
    "3.5",
    "-x",
    "http://a/b",
    "\"two\\nlines\"",
    "\"tab\\t\"",
    "é",
    "0x1f",
    "!!str 5",
    "'# no'",
    "a#b",
    "- ",
    "\"\"",
    "[]",
    "{}",
    "[a, b]",
    "[ a , {b: c}, ]",
    "{a: 1, b: 2}",
    "{ a: , b }",
    "[[1, 2], [3]]",
    "{\"a\":1}",
    "[a: 1]",
    "{ name: x, l: [1, 2] }",
    "!t x",
    "&z v",
];

const OTHER_DOCUMENTS: &[&str] = &[
    "---\nother: 1 # kept\n",
    "---\n- x\n---\n{}\n",
    "...\n---\nlast: |+\n  x\n\n",
    "---\nbroken: [\n",
];

pub(crate) struct Writer<'c, 'b> {
    choices: &'c mut Choices<'b>,
    out: String,
    comments: usize,
    anchors: usize,
}

/// A file.
pub(crate) fn file(choices: &mut Choices<'_>) -> String {
    let mut writer = Writer {
        choices,
        out: String::new(),
        comments: 0,
        anchors: 0,
    };
    writer.file();
    writer.out
}

impl Writer<'_, '_> {
    fn file(&mut self) {
        if self.choices.once_in(5) {
            self.comment_line(0);
        }
        let start = self.choices.pick(&[
            "",
            "",
            "",
            "",
            "---\n",
            "%YAML 1.2\n---\n",
            "--- # start\n",
            "---\n\n",
        ]);
        self.out.push_str(start);
        match self.choices.below(12) {
            0..7 => self.mapping(0, 0, false),
            7..10 => self.sequence(0, 0, false),
            10 => {
                let text = self.choices.pick(&[
                    "",
                    "# only\n",
                    "null\n",
                    "~ # none\n",
                    "{}\n",
                    "[]\n",
                    "x\n",
                ]);
                self.out.push_str(text);
            }
            _ => self.json(),
        }
        if self.choices.once_in(4) {
            let column = self.choices.pick(&[0, 0, 2, 4]);
            self.comment_line(column);
        }
        match self.choices.below(12) {
            9 => self.out.push_str("\n\n"),
            10 => {
                let more = self.choices.pick(OTHER_DOCUMENTS);
                self.out.push_str(more);
            }
            11 => self.out.truncate(self.out.trim_end().len()),
            _ => {}
        }
    }

    fn json(&mut self) {
        let text = self.choices.pick(&[
            "{\"a\": 1, \"b\": [1, 2]}\n",
            "{\n  \"a\": 1,\n  \"b\": {\n    \"name\": \"x\"\n  }\n}\n",
            "[\n  1,\n  {\"a\": \"x\"}\n]\n",
            "{\n  a: 1, # one\n  b: 2, # two\n}\n",
            "[\n  a, # one\n  # own\n  b # two\n]\n",
            "{ # open\n}\n",
        ]);
        self.out.push_str(text);
    }

    fn comment_line(&mut self, column: usize) {
        self.comments += 1;
        let blank = " ".repeat(column);
        let _ = writeln!(self.out, "{blank}# c{}", self.comments);
    }

    fn end_line(&mut self) {
        if self.choices.once_in(5) {
            self.comments += 1;
            let _ = write!(self.out, " # c{}", self.comments);
        } else if self.choices.once_in(20) {
            self.out.push_str("  ");
        }
        self.out.push('\n');
    }

    fn between(&mut self, column: usize) {
        match self.choices.below(10) {
            7 => self.comment_line(column),
            8 => self.out.push('\n'),
            9 => {
                let column = self.choices.pick(&[0, column, column + 2]);
                self.comment_line(column);
            }
            _ => {}
        }
    }

    /// A block mapping at this column; the first key stands where the line is.
    fn mapping(&mut self, column: usize, depth: usize, on_line: bool) {
        let count = 1 + self.choices.below(4);
        let first = self.choices.below(KEYS.len());
        for index in 0..count {
            if index > 0 || !on_line {
                if index > 0 {
                    self.between(column);
                }
                self.out.push_str(&" ".repeat(column));
            }
            let key = KEYS[(first + index * 3) % KEYS.len()];
            let key = match key {
                "#k" | "<<x" | "~" if self.choices.once_in(2) || key == "#k" => {
                    format!("\"{key}\"")
                }
                "q'uote" | "a[0]" if self.choices.once_in(2) => format!("\"{key}\""),
                key if self.choices.once_in(8) => format!("'{}'", key.replace('\'', "''")),
                key => key.to_owned(),
            };
            if self.choices.once_in(25) {
                let _ = write!(self.out, "? {key}");
                self.out.push('\n');
                self.out.push_str(&" ".repeat(column));
                self.out.push(':');
            } else {
                let blank = if self.choices.once_in(15) { " " } else { "" };
                let _ = write!(self.out, "{key}{blank}:");
            }
            self.value(column, depth, false);
        }
    }

    fn sequence(&mut self, column: usize, depth: usize, on_line: bool) {
        let count = 1 + self.choices.below(4);
        for index in 0..count {
            if index > 0 || !on_line {
                if index > 0 {
                    self.between(column);
                }
                self.out.push_str(&" ".repeat(column));
            }
            self.out.push('-');
            let gap = self.choices.pick(&[1, 1, 1, 1, 1, 3]);
            if depth < 4 {
                match self.choices.below(10) {
                    6..8 => {
                        self.out.push_str(&" ".repeat(gap));
                        self.mapping(column + 1 + gap, depth + 1, true);
                        continue;
                    }
                    8 => {
                        self.out.push_str(&" ".repeat(gap));
                        self.sequence(column + 1 + gap, depth + 1, true);
                        continue;
                    }
                    _ => {}
                }
            }
            self.value(column, depth, true);
        }
    }

    /// What stands after the indicator at this column.
    fn value(&mut self, column: usize, depth: usize, in_list: bool) {
        if self.choices.once_in(25) {
            self.anchors += 1;
            let _ = write!(self.out, " &n{}", self.anchors);
        } else if self.anchors > 0 && self.choices.once_in(12) {
            let _ = write!(self.out, " *n{}", self.anchors);
            self.end_line();
            return;
        }
        let step = self.choices.pick(&[2, 2, 2, 4, 1, 3]);
        match self.choices.below(16) {
            0..7 => {
                let scalar = self.choices.pick(SCALARS);
                let _ = write!(self.out, " {scalar}");
                self.end_line();
            }
            7 => self.end_line(),
            8 => self.block_scalar(column + step),
            9 => {
                let _ = write!(self.out, "\n{}word", " ".repeat(column + step));
                if self.choices.once_in(3) {
                    let _ = write!(self.out, "\n{}more", " ".repeat(column + step));
                }
                self.end_line();
            }
            10 => {
                let open = self.choices.pick(&["[", "{"]);
                let (first, second, close) = if open == "[" {
                    ("a", "b", "]")
                } else {
                    ("a: 1", "b: {c: d}", "}")
                };
                let blank = " ".repeat(column + step);
                let comma = self.choices.pick(&["", ","]);
                let _ = write!(self.out, " {open}\n{blank}{first},");
                self.end_line();
                self.out.push_str(&blank);
                let _ = write!(self.out, "{second}{comma}");
                self.end_line();
                let _ = write!(self.out, "{blank}{close}");
                self.end_line();
            }
            11 => {
                let blank = " ".repeat(column + step);
                let _ = write!(self.out, " \"two\n{blank}lines\"");
                self.end_line();
            }
            _ if depth >= 4 => {
                self.out.push_str(" deep");
                self.end_line();
            }
            12..15 => {
                self.end_line();
                self.between(column + step);
                self.mapping(column + step, depth + 1, false);
            }
            _ => {
                let flush = !in_list && self.choices.once_in(3);
                let column = if flush { column } else { column + step };
                self.end_line();
                self.between(column);
                self.sequence(column, depth + 1, false);
            }
        }
    }

    fn block_scalar(&mut self, column: usize) {
        let header = self.choices.pick(&["|", "|-", "|+", ">", ">-", ">+"]);
        let _ = write!(self.out, " {header}");
        if self.choices.once_in(5) {
            self.comments += 1;
            let _ = write!(self.out, " # c{}", self.comments);
        }
        self.out.push('\n');
        let blank = " ".repeat(column);
        for _ in 0..=self.choices.below(3) {
            let line = self
                .choices
                .pick(&["text", "  more: x", "- item", "", "trail "]);
            if line.is_empty() {
                let _ = writeln!(self.out, "{blank}x\n");
            } else if line.starts_with(' ') {
                let _ = writeln!(self.out, "{blank}x\n{blank}{line}");
            } else {
                let _ = writeln!(self.out, "{blank}{line}");
            }
        }
        if self.choices.once_in(3) {
            self.out.push('\n');
        }
    }
}
