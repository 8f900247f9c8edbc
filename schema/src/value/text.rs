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

text_value! {
    /// Cedar: policies, or an expression.
    CedarText, CEDAR_TEXT = "cedar", "Cedar", ["permit (principal, action, resource);"],
    |_| Ok(())
}

text_value! {
    /// Where public keys are: `https://` with the URL of a key set, or a file on the replica.
    KeySource, KEY_SOURCE = "key-source", "the URL of a key set, or a file on the replica",
    ["https://id.example/jwks.json", "keys/issuer.pem"],
    |text| match text.split_once("://") {
        Some((scheme, _)) if !matches!(scheme, "https" | "http") => Err(format!(
            "`{text}`: keys are fetched with `https://` (or `http://` from this machine), not `{scheme}://`"
        )),
        Some(_) => (super::address::URL.check)(text),
        None => (FILE_PATH.check)(text),
    }
}

impl KeySource {
    /// Whether it is a URL, and no file.
    pub fn is_url(&self) -> bool {
        self.0.contains("://")
    }
}

text_value! {
    /// The name of a secret. What it names is looked up by the replica and never part of a spec or a bundle.
    SecretName, SECRET_NAME = "secret-name", "a secret by its name: `(secret)\"NAME\"` (YAML: `!secret NAME`)",
    ["webhook-key"],
    |text| match text.is_empty() {
        true => Err("a secret has a name".to_owned()),
        false => Ok(()),
    }
}

impl Template {
    /// A template from text that is known to be one.
    pub fn of(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}
