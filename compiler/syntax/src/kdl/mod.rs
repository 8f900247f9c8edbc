//! KDL.
