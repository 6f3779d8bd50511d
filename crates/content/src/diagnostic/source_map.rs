//! Leads offsets of a derived text (an expanded page, a fence's body) back to the file it came from.

use std::ops::Range;

/// Pieces of a derived text and where each came from, in order and without gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    derived: usize,
    source: Range<usize>,
    /// The piece's bytes are the source's bytes, one for one; otherwise the whole piece stands for `source`.
    verbatim: bool,
}

impl SourceMap {
    /// The map of a text that is `source` itself.
    pub fn verbatim(source: Range<usize>) -> Self {
        let mut map = Self::default();
        map.push_verbatim(0, source);
        map
    }

    /// From `derived` on, the bytes are those of `source`.
    pub(crate) fn push_verbatim(&mut self, derived: usize, source: Range<usize>) {
        self.pieces.push(Piece {
            derived,
            source,
            verbatim: true,
        });
    }

    /// From `derived` on, the bytes were made from all of `source`.
    pub(crate) fn push_replaced(&mut self, derived: usize, source: Range<usize>) {
        self.pieces.push(Piece {
            derived,
            source,
            verbatim: false,
        });
    }

    /// The source range that a derived range came from.
    pub(crate) fn to_source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.lookup(range.start, false);
        let end = self.lookup(range.end, true);
        start..end.max(start)
    }

    /// The map from this map's derived text to the source of `outer`, whose derived text is this map's source.
    #[must_use]
    pub fn through(&self, outer: &SourceMap) -> SourceMap {
        let mut map = SourceMap::default();
        for piece in &self.pieces {
            if !piece.verbatim {
                map.push_replaced(piece.derived, outer.to_source(piece.source.clone()));
                continue;
            }
            let inside = outer
                .pieces
                .partition_point(|p| p.derived <= piece.source.start)
                .saturating_sub(1);
            for at in inside..outer.pieces.len() {
                let next = outer.pieces.get(at + 1).map_or(usize::MAX, |p| p.derived);
                let from = outer.pieces[at].derived.max(piece.source.start);
                let to = next.min(piece.source.end);
                if from >= to && !(from == to && piece.source.is_empty()) {
                    break;
                }
                let derived = piece.derived + (from - piece.source.start);
                let source = outer.to_source(from..to);
                map.pieces.push(Piece {
                    derived,
                    source,
                    verbatim: outer.pieces[at].verbatim,
                });
            }
        }
        map
    }

    fn lookup(&self, offset: usize, is_end: bool) -> usize {
        // The end of a range belongs to the piece that it closes, not to the one that starts there.
        let key = if is_end {
            offset.saturating_sub(1)
        } else {
            offset
        };
        let at = self.pieces.partition_point(|piece| piece.derived <= key);
        let Some(piece) = at.checked_sub(1).and_then(|at| self.pieces.get(at)) else {
            return self.pieces.first().map_or(0, |piece| piece.source.start);
        };
        if piece.verbatim {
            (piece.source.start + (offset - piece.derived.min(offset))).min(piece.source.end)
        } else if is_end {
            piece.source.end
        } else {
            piece.source.start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ab` + `XYZ` made from source 12..20 + `cd`.
    fn map() -> SourceMap {
        let mut map = SourceMap::default();
        map.push_verbatim(0, 10..12);
        map.push_replaced(2, 12..20);
        map.push_verbatim(5, 20..22);
        map
    }

    #[test]
    fn leads_ranges_back() {
        assert_eq!(map().to_source(0..2), 10..12);
        assert_eq!(map().to_source(1..3), 11..20);
        assert_eq!(map().to_source(3..4), 12..20);
        assert_eq!(map().to_source(5..7), 20..22);
        assert_eq!(map().to_source(9..9), 22..22);
    }

    #[test]
    fn composes() {
        let mut inner = SourceMap::default();
        inner.push_verbatim(0, 1..2);
        inner.push_verbatim(1, 4..7);
        let both = inner.through(&map());
        assert_eq!(both.to_source(0..1), 11..12);
        assert_eq!(both.to_source(1..2), 12..20);
        assert_eq!(both.to_source(3..4), 21..22);
    }
}
