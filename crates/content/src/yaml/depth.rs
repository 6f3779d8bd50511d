//! A guard before the parser.

/// Brackets within brackets cost the parser the square of their number.
const MAX_BRACKETS: usize = 256;

/// Where more brackets are open than any configuration has. Texts in quotes count as well: it is a rough guard.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().enumerate().find_map(|(at, byte)| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        (open > MAX_BRACKETS).then_some(at)
    })
}
