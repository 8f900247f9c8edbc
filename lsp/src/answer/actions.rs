//! What can be done about findings.

use gatec_compiler::Compiled;
use gatec_ide::action;
use gatec_syntax::{Diagnostic, Fix, SourceId};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
    NumberOrString, TextEdit, WorkspaceEdit,
};

use super::change::Changes;
use super::{Ask, Document, Failure};
use crate::convert::Counted;
use crate::workspace::Spec;

pub(crate) fn answer(
    ask: &Ask<'_>,
    params: CodeActionParams,
) -> Result<Option<CodeActionResponse>, Failure> {
    let Some(document) = ask.document(&params.text_document) else {
        return Ok(None);
    };
    let offered = Offered {
        ask,
        document: &document,
        params: &params,
    };
    let mut actions = Vec::new();
    if offered.wants(&CodeActionKind::QUICKFIX) {
        offered.mends(&mut actions);
        offered.declaration(&mut actions);
        policies::offer(&offered, &mut actions);
        offered.silence(&mut actions);
    }
    if offered.wants(&CodeActionKind::SOURCE_FIX_ALL) {
        offered.all(&mut actions);
    }
    Ok(Some(
        actions
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect(),
    ))
}

mod policies;

struct Offered<'o> {
    ask: &'o Ask<'o>,
    document: &'o Document,
    params: &'o CodeActionParams,
}

impl Offered<'_> {
    fn wants(&self, kind: &CodeActionKind) -> bool {
        let only = self.params.context.only.as_ref();
        only.is_none_or(|only| {
            only.iter().any(|wanted| {
                kind.as_str() == wanted.as_str()
                    || kind.as_str().starts_with(&format!("{}.", wanted.as_str()))
            })
        })
    }

    /// The findings of this text as it is now; none of a text that changed since it was checked.
    fn found(&self) -> Vec<(&Spec, &Compiled, &Diagnostic)> {
        let mut found = Vec::new();
        for spec in self.ask.workspace.specs_of(&self.document.path) {
            let Some(compiled) = &spec.compiled else {
                continue;
            };
            let here = |one: &&Diagnostic| {
                let file = spec.files.get(one.span.source.0 as usize);
                let text = compiled
                    .sources
                    .get(one.span.source)
                    .map(gatec_syntax::Source::text);
                file == Some(&self.document.path) && text == Some(&*self.document.read.view.text)
            };
            let diagnostics = compiled.diagnostics.iter().filter(here);
            found.extend(diagnostics.map(|one| (spec, &**compiled, one)));
        }
        found
    }

    fn counted(&self) -> Counted<'_> {
        self.ask.counted(&self.document.read)
    }

    fn in_range(&self, one: &Diagnostic) -> bool {
        let wanted = self.counted().bytes(self.params.range);
        let at = one.span.range();
        at.start <= wanted.end && wanted.start <= at.end
    }

    /// The mends that findings carry.
    fn mends(&self, actions: &mut Vec<CodeAction>) {
        for (spec, compiled, one) in self.found() {
            let Some(fix) = one.fix.as_ref().filter(|_| self.in_range(one)) else {
                continue;
            };
            let Some(edit) = self.edit(spec, compiled, [fix]) else {
                continue;
            };
            let action = CodeAction {
                title: fix.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(self.told(one)),
                edit: Some(edit),
                is_preferred: Some(fix.certain),
                ..CodeAction::default()
            };
            if !actions
                .iter()
                .any(|other| other.title == action.title && other.edit == action.edit)
            {
                actions.push(action);
            }
        }
    }

    /// The finding in the words the client was told.
    fn told(&self, one: &Diagnostic) -> Vec<lsp_types::Diagnostic> {
        let range = self.counted().span(one.span);
        let given = self.params.context.diagnostics.iter();
        given
            .filter(|told| {
                told.range == range
                    && told.code == Some(NumberOrString::String(one.code.to_owned()))
            })
            .cloned()
            .collect()
    }

    /// Every certain mend of this text at once.
    fn all(&self, actions: &mut Vec<CodeAction>) {
        let found = self.found();
        let Some((spec, compiled, _)) = found.first() else {
            return;
        };
        let mut taken: Vec<gatec_ide::Bytes> = Vec::new();
        // Texts are numbered by the spec they were checked with.
        let of_first = found
            .iter()
            .filter(|(other, ..)| std::ptr::eq(*other, *spec));
        let fixes = of_first.filter_map(|(_, _, one)| one.certain_fix());
        let fixes = fixes.filter(|fix| {
            // Of two that meet, the first; the other can be had after it.
            let ranges: Vec<_> = fix.edits.iter().map(|edit| edit.span.range()).collect();
            let own = fix
                .edits
                .iter()
                .all(|edit| self.is_own(spec, edit.span.source));
            let free = ranges.iter().all(|one| {
                taken
                    .iter()
                    .all(|other| one.end < other.start || other.end < one.start)
            });
            if own && free {
                taken.extend(ranges);
            }
            own && free
        });
        let fixes: Vec<&Fix> = fixes.collect();
        if fixes.len() < 2 && self.params.context.only.is_none() {
            return;
        }
        if let Some(edit) = self
            .edit(spec, compiled, fixes)
            .filter(|_| !taken.is_empty())
        {
            actions.push(CodeAction {
                title: "mend everything that is certain".to_owned(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: Some(edit),
                ..CodeAction::default()
            });
        }
    }

    fn is_own(&self, spec: &Spec, source: SourceId) -> bool {
        spec.files.get(source.0 as usize) == Some(&self.document.path)
    }

    fn edit<'f>(
        &self,
        spec: &Spec,
        compiled: &Compiled,
        fixes: impl IntoIterator<Item = &'f Fix>,
    ) -> Option<WorkspaceEdit> {
        let mut changes = Changes::default();
        for edit in fixes.into_iter().flat_map(|fix| &fix.edits) {
            let file = spec.files.get(edit.span.source.0 as usize)?;
            let text = compiled.sources.get(edit.span.source)?.shared();
            let lines = gatec_ide::Lines::new(text);
            let counted = Counted {
                lines: &lines,
                encoding: self.ask.client.encoding,
            };
            let told = TextEdit::new(counted.span(edit.span), edit.text.clone());
            changes.add(self.ask.workspace.uri(file)?, [told]);
        }
        Some(changes.edit(self.ask))
    }

    fn own(
        &self,
        action: action::Action,
        preferred: bool,
        about: Vec<lsp_types::Diagnostic>,
    ) -> CodeAction {
        let edits = self.counted().edits(&action.edits);
        let uri = self.params.text_document.uri.clone();
        CodeAction {
            title: action.title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(about),
            edit: Some(Changes::of(uri, edits).edit(self.ask)),
            is_preferred: Some(preferred),
            ..CodeAction::default()
        }
    }

    /// Declares what is used and declared nowhere.
    fn declaration(&self, actions: &mut Vec<CodeAction>) {
        let family = self.ask.workspace.names(&self.document.path);
        let known = |key: &gatec_ide::Key| {
            let mut all = family.iter().flat_map(|(_, read)| &read.names);
            all.any(|name| name.key == *key && name.role == gatec_ide::Role::Declaration)
        };
        let offset = self.counted().offset(self.params.range.start);
        if let Some(action) = action::declare(&self.document.read.view, offset, &known) {
            actions.push(self.own(action, false, Vec::new()));
        }
    }

    /// Silences what is no error.
    fn silence(&self, actions: &mut Vec<CodeAction>) {
        let mut codes: Vec<&str> = Vec::new();
        if self.document.read.is_cedar {
            // Policies have no comments that silence.
            return;
        }
        for (_, _, one) in self.found() {
            let silent =
                one.severity != gatec_syntax::Severity::Error && !codes.contains(&one.code);
            if silent && self.in_range(one) {
                codes.push(one.code);
                let at = one.span.start as usize;
                let action = action::ignore(&self.document.read.view, at, one.code);
                actions.push(self.own(action, false, self.told(one)));
            }
        }
    }
}
