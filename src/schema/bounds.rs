//! The keywords that look at one string, number or list: patterns, lengths, limits, equal items.

use std::cmp::Ordering::{Equal, Greater, Less};
use std::collections::HashMap;

use serde_json::Value as Json;

use crate::node::Node;

use super::compare::{fingerprint, order};
use super::finding::{Fault, Path};
use super::keywords::Keywords;
use super::pattern::is_match;
use super::walk::{Checker, Out, finding};

impl<'a> Checker<'a> {
    pub(super) fn string(
        &self,
        path: &Path<'_, 'a>,
        text: &str,
        words: &Keywords<'a>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        if let Some(pattern) = words.pattern {
            match is_match(pattern, text) {
                Some(true) => {}
                Some(false) => {
                    out.add(|| finding(path, words.title, secret, Fault::Pattern(pattern)));
                    return;
                }
                None => out.add(|| finding(path, None, secret, Fault::BrokenPattern(pattern))),
            }
        }
        if words.min_length.is_some() || words.max_length.is_some() {
            let length = text.chars().count();
            let title = words.title.filter(|_| length == 0);
            let limits = (words.min_length, words.max_length);
            bounds(path, (title, secret), length, limits, "character", out);
        }
    }

    pub(super) fn list(
        &self,
        path: &Path<'_, 'a>,
        items: &'a [Node],
        words: &Keywords<'a>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        let limits = (words.min_items, words.max_items);
        bounds(path, (None, secret), items.len(), limits, "item", out);
        if words.unique && items.len() > 1 {
            let mut seen = HashMap::new();
            for (index, item) in items.iter().enumerate() {
                let first = *seen.entry(fingerprint(item)).or_insert(index);
                if first != index {
                    let path = path.item(index, item);
                    out.add(|| finding(&path, None, secret, Fault::Twice(first)));
                }
            }
        }
        if let Some(schema) = words.items {
            for (index, item) in items.iter().enumerate() {
                self.walk(&path.item(index, item), schema, secret, out);
            }
        }
    }
}

/// Checks a number against its limits.
pub(super) fn number<'a>(
    path: &Path<'_, 'a>,
    words: &Keywords<'a>,
    secret: bool,
    out: &mut Out<'a>,
) {
    let value = &path.node.value;
    let mut refuse = |broken: bool, what: &str, bound: &Json| {
        if broken {
            out.add(|| {
                let wanted = format!("a number {what} {bound}");
                finding(path, words.title, secret, Fault::Bounds { wanted, count: None })
            });
        }
    };
    if let Some(bound) = words.minimum {
        refuse(order(value, bound) == Some(Less), "of at least", bound);
    }
    if let Some(bound) = words.maximum {
        refuse(order(value, bound) == Some(Greater), "of at most", bound);
    }
    if let Some(bound) = words.exclusive_minimum {
        refuse(matches!(order(value, bound), Some(Less | Equal)), "above", bound);
    }
}

/// Checks a count against its limits.
pub(super) fn bounds<'a>(
    path: &Path<'_, 'a>,
    (title, secret): (Option<&'a str>, bool),
    count: usize,
    limits: (Option<u64>, Option<u64>),
    unit: &str,
    out: &mut Out<'a>,
) {
    let count = count as u64;
    let mut refuse = |what: &str, limit: u64| {
        let s = if limit == 1 { "" } else { "s" };
        let wanted = format!("at {what} {limit} {unit}{s}");
        let fault = Fault::Bounds { wanted, count: Some(count) };
        out.add(|| finding(path, title, secret, fault));
    };
    match limits {
        (Some(least), _) if count < least => refuse("least", least),
        (_, Some(most)) if count > most => refuse("most", most),
        _ => {}
    }
}
