//! Rendered pages, construct by construct.
