//! Findings on their way to the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatec_compiler::Compiled;
use gatec_ide::{Encoding, Lines};
use gatec_syntax::{Diagnostic, Span};
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticTag, Location, NumberOrString, Range,
};

use crate::client::Client;
use crate::convert::{Counted, severity};
use crate::pages::Pages;
use crate::workspace::{Spec, Workspace};

/// The findings of files, in the protocol's form.
pub(crate) type Findings = BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>;

/// The findings of every spec, by file. A file of several specs has each finding once.
pub(crate) fn findings(workspace: &Workspace, client: &Client, pages: &mut Pages) -> Findings {
    let mut found = Findings::new();
    let mut roots: Vec<&PathBuf> = workspace.specs.keys().collect();
    roots.sort();
    for root in roots {
        let Some(spec) = workspace.specs.get(root) else {
            continue;
        };
        let Some(compiled) = &spec.compiled else {
            continue;
        };
        let mut teller = Teller {
            workspace,
            client,
            pages,
            spec,
            compiled,
            lines: BTreeMap::new(),
        };
        for file in &spec.files {
            found.entry(file.clone()).or_default();
        }
        for diagnostic in &compiled.diagnostics {
            if let Some((file, told)) = teller.tell(diagnostic) {
                let of_file = found.entry(file).or_default();
                if !of_file.contains(&told) {
                    of_file.push(told);
                }
            }
        }
    }
    for (path, open) in workspace.lone_policies() {
        found.insert(path.clone(), alone(client, pages, Arc::clone(&open.text)));
    }
    found
}

/// What is wrong with a text of policies that no spec names.
fn alone(client: &Client, pages: &mut Pages, text: Arc<str>) -> Vec<lsp_types::Diagnostic> {
    let lines = Lines::new(Arc::clone(&text));
    let (_, found) = gatec_compiler::check::policies::alone("", text);
    let told = found.iter().map(|one| {
        let range = counted(&lines, client.encoding).span(one.span);
        plain(client, pages, one, range)
    });
    told.collect()
}

/// A finding without the places it refers to.
fn plain(
    client: &Client,
    pages: &mut Pages,
    found: &Diagnostic,
    range: Range,
) -> lsp_types::Diagnostic {
    let page = match client.links_codes {
        true => pages.page(found.code),
        false => None,
    };
    lsp_types::Diagnostic {
        range,
        severity: Some(severity(found.severity)),
        code: Some(NumberOrString::String(found.code.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("gatec".to_owned()),
        message: message(found),
        related_information: None,
        tags: tags(found),
        data: None,
    }
}

struct Teller<'t> {
    workspace: &'t Workspace,
    client: &'t Client,
    pages: &'t mut Pages,
    spec: &'t Spec,
    compiled: &'t Arc<Compiled>,
    /// The lines of each text that was checked.
    lines: BTreeMap<u32, Arc<Lines>>,
}

impl Teller<'_> {
    fn range(&mut self, span: Span) -> Option<Range> {
        let lines = match self.lines.get(&span.source.0) {
            Some(lines) => Arc::clone(lines),
            None => {
                let text = self.compiled.sources.get(span.source)?.shared();
                let lines = Arc::new(Lines::new(text));
                self.lines.insert(span.source.0, Arc::clone(&lines));
                lines
            }
        };
        Some(counted(&lines, self.client.encoding).span(span))
    }

    fn file(&self, span: Span) -> Option<&Path> {
        self.spec
            .files
            .get(span.source.0 as usize)
            .map(PathBuf::as_path)
    }

    fn tell(&mut self, found: &Diagnostic) -> Option<(PathBuf, lsp_types::Diagnostic)> {
        let file = self.file(found.span)?.to_owned();
        let range = self.range(found.span)?;
        let related = match self.client.related {
            true => self.related(found),
            false => None,
        };
        let told = lsp_types::Diagnostic {
            related_information: related,
            ..plain(self.client, self.pages, found, range)
        };
        Some((file, told))
    }

    fn related(&mut self, found: &Diagnostic) -> Option<Vec<DiagnosticRelatedInformation>> {
        let related = found.related.iter().filter_map(|one| {
            let file = self.file(one.span)?.to_owned();
            let uri = self.workspace.uri(&file)?;
            let range = self.range(one.span)?;
            let message = match one.label.is_empty() {
                true => "see also".to_owned(),
                false => one.label.clone(),
            };
            Some(DiagnosticRelatedInformation {
                location: Location::new(uri, range),
                message,
            })
        });
        let related: Vec<_> = related.collect();
        (!related.is_empty()).then_some(related)
    }
}

fn counted(lines: &Lines, encoding: Encoding) -> Counted<'_> {
    Counted { lines, encoding }
}

/// The sentence, the words beside the place, and what to do.
fn message(found: &Diagnostic) -> String {
    let mut message = found.message.clone();
    if !found.label.is_empty() && !message.contains(&found.label) {
        message.push_str(&format!(" ({})", found.label));
    }
    if let Some(help) = &found.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    message
}

/// What is written in vain is shown faded.
fn tags(found: &Diagnostic) -> Option<Vec<DiagnosticTag>> {
    let name = gatec_compiler::rules::find(found.code)?.name;
    let vain = name.starts_with("unused") || name.ends_with("unused");
    vain.then(|| vec![DiagnosticTag::UNNECESSARY])
}
