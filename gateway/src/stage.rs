//! The stages before an upstream is asked, in running order. Each takes the proof of the one before and gives its own,
//! which nobody else can build: its fields are private to its file.

pub(crate) mod query;
pub(crate) mod route;

pub(crate) mod authenticate;

pub(crate) mod authorise;

pub(crate) mod admit;

pub(crate) mod screen;
