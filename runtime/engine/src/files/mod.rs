//! Answers from files: which one, in which encoding, whether it changed, and which part of it
//! (RFC 9110, sections 13 and 14). Pure: the caller brings what lies on a disk.
