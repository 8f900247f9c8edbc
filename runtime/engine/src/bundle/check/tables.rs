//! The matcher's tables. Besides indexes: hash tables have free slots, or a search would not end, and
//! every trie is a tree, or a search could go in circles or try the same branches again and again.

use crate::program::{
    ArchivedBodySubject, ArchivedHashTable, ArchivedLeaf, ArchivedMatch, ArchivedMatchExtra,
    ArchivedMatcher, ArchivedProgram, ArchivedTextTest, NO_PARENT,
};

use super::{Check, must, within};

pub(super) fn check(program: &ArchivedProgram) -> Check {
    let matcher = &program.matcher;
    for matched in matcher.matches.iter() {
        check_match(program, matched)?;
    }
    for candidate in matcher.candidates.iter() {
        must(within(candidate.to_native(), matcher.matches.len()), || {
            format!("there is no match number {candidate}")
        })?;
    }
    let literal = literals(matcher).count();
    let (hosts, paths, nodes) = (&matcher.hosts, &matcher.paths, &matcher.nodes);
    check_table(&matcher.host_table, hosts.len(), hosts.len(), "hosts")?;
    check_table(&matcher.path_table, paths.len(), paths.len(), "paths")?;
    check_table(&matcher.node_table, nodes.len(), literal, "nodes")?;
    for path in matcher.paths.iter() {
        check_node(matcher, path.scope.to_native())?;
        check_leaf(matcher, &path.leaf)?;
    }
    check_tries(matcher)
}

fn check_match(program: &ArchivedProgram, matched: &ArchivedMatch) -> Check {
    must(
        within(matched.route.to_native(), program.routes.len()),
        || format!("there is no route number {}", matched.route),
    )?;
    matched
        .extra
        .as_ref()
        .map_or(Ok(()), |extra| check_extra(program, extra))
}

fn check_extra(program: &ArchivedProgram, extra: &ArchivedMatchExtra) -> Check {
    if let Some(pattern) = extra.path_regex.as_ref() {
        check_pattern(program, pattern.to_native())?;
    }
    let named = [&extra.headers, &extra.query, &extra.cookies];
    for condition in named.into_iter().flat_map(|list| list.iter()) {
        check_tests(program, &condition.tests)?;
    }
    for condition in extra.body.iter() {
        check_tests(program, &condition.tests)?;
        if let ArchivedBodySubject::Schema(schema) = &condition.subject {
            must(within(schema.to_native(), program.schemas.len()), || {
                format!("there is no schema number {schema}")
            })?;
        }
    }
    Ok(())
}

fn check_tests(program: &ArchivedProgram, tests: &[ArchivedTextTest]) -> Check {
    tests.iter().try_for_each(|test| match test {
        ArchivedTextTest::Matches(pattern) => check_pattern(program, pattern.to_native()),
        _ => Ok(()),
    })
}

fn check_pattern(program: &ArchivedProgram, pattern: u32) -> Check {
    must(within(pattern, program.patterns.len()), || {
        format!("there is no pattern number {pattern}")
    })
}

/// A power of two of slots, each of them free (0) or an entry (its index, which is below `most`, plus
/// one in the lower half), and at least half of them free.
fn check_table(table: &ArchivedHashTable, most: usize, entries: usize, what: &str) -> Check {
    let slots = table.slots.len();
    if entries == 0 && slots == 0 {
        return Ok(());
    }
    let mut taken = 0;
    for slot in table.slots.iter().map(|slot| slot.to_native()) {
        let entry = slot & u64::from(u32::MAX);
        must(entry <= most as u64 && (entry > 0 || slot == 0), || {
            format!("the table of {what} has no entry {entry}")
        })?;
        taken += usize::from(slot != 0);
    }
    must(
        slots.is_power_of_two() && slots / 2 >= entries && slots / 2 >= taken && slots > taken,
        || format!("the table of {what} has {slots} slots for {entries} entries"),
    )
}

fn check_tries(matcher: &ArchivedMatcher) -> Check {
    let mut taken = vec![false; matcher.nodes.len()];
    let mut branches = vec![0_u32; matcher.nodes.len()];
    for (parent, child) in literals(matcher) {
        check_node(matcher, parent)?;
        if let Some(count) = branches.get_mut(parent as usize) {
            *count += 1;
        }
        take(&mut taken, child)?;
    }
    for (node, count) in matcher.nodes.iter().zip(branches) {
        must(node.literals == count, || {
            format!("a node has {count} literal branches, not {}", node.literals)
        })?;
        for branch in node.parameters.iter() {
            take(&mut taken, branch.child.to_native())?;
        }
        [&node.end, &node.regexes, &node.rest]
            .into_iter()
            .try_for_each(|leaf| check_leaf(matcher, leaf))?;
    }
    for host in matcher.hosts.iter() {
        must(within(host.tier.to_native(), matcher.tiers.len()), || {
            format!("there is no priority number {}", host.tier)
        })?;
        let root = usize::try_from(host.root.to_native()).ok();
        let is_root = root.and_then(|root| taken.get(root)) == Some(&false);
        must(is_root, || {
            format!("node {} is no root of the tables", host.root)
        })?;
    }
    Ok(())
}

/// All literal branches, as (parent, child).
fn literals(matcher: &ArchivedMatcher) -> impl Iterator<Item = (u32, u32)> {
    let parents = matcher.nodes.iter().map(|node| node.parent.to_native());
    parents
        .zip(0_u32..)
        .filter(|(parent, _)| *parent != NO_PARENT)
}

/// A node is led to once only: with roots that nothing leads to, that makes every trie a tree.
fn take(taken: &mut [bool], child: u32) -> Check {
    match usize::try_from(child)
        .ok()
        .and_then(|child| taken.get_mut(child))
    {
        Some(free) if !*free => *free = true,
        Some(_) => return Err(format!("two branches lead to node {child}")),
        None => return Err(format!("there is no node {child}")),
    }
    Ok(())
}

fn check_node(matcher: &ArchivedMatcher, node: u32) -> Check {
    must(within(node, matcher.nodes.len()), || {
        format!("there is no node {node}")
    })
}

fn check_leaf(matcher: &ArchivedMatcher, leaf: &ArchivedLeaf) -> Check {
    let (start, count) = (leaf.start.to_native(), leaf.count.to_native());
    if count == 1 {
        return must(within(start, matcher.matches.len()), || {
            format!("there is no match number {start}")
        });
    }
    let end = u64::from(start) + u64::from(count);
    must(end <= matcher.candidates.len() as u64, || {
        "a leaf ends after the candidates".to_owned()
    })
}
