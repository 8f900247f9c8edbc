//! Templates and file paths.

use super::text_value;

text_value! {
    /// Text with `{{ expression }}` in it. The compiler checks and compiles the expressions. For two
    /// braces as they are write `{{ "{{" }}`.
    Template, TEMPLATE = "template", "text, with `{{ expression }}` where a value goes in",
    ["Hello {{ path.name }}"],
    |_| Ok(())
}

text_value! {
    /// A file or folder, relative to the file it is written in.
    FilePath, FILE_PATH = "file-path", "a file or folder, relative to this file", ["bodies/hello.json", "./site"],
    |text| match text {
        "" => Err("a file path is empty".to_owned()),
        _ if text.contains('\0') => Err("a file path holds no NUL".to_owned()),
        _ => Ok(()),
    }
}

text_value! {
    /// A file on the replica's own disk: relative to the spec or the bundle, or absolute. It never goes
    /// into a bundle.
    DiskPath, DISK_PATH = "disk-path", "a file on the replica, relative to this file or absolute",
    ["certs/web.pem", "/etc/gated/web.pem"],
    FILE_PATH.check
}

impl Template {
    /// A template from text that is known to be one.
    pub fn of(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}
