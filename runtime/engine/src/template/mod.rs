//! Renders compiled templates.
