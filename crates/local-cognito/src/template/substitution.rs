//! The texts of `Fn::Sub`.

/// A piece of a text with variables.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    /// `${Name}` or `${Name.Attribute}`.
    Variable(&'t str),
    /// `${!Name}`, which stands for `${Name}` itself.
    Literal(&'t str),
}

/// The pieces of a text; `None` when a `${` is never closed.
pub(super) fn parts(template: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}')?;
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(match inside.strip_prefix('!') {
            Some(name) => Part::Literal(name),
            None => Part::Variable(inside),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::Part::{Literal, Text, Variable};
    use super::*;

    #[test]
    fn texts_are_taken_apart() {
        let cases = [
            ("empty", "", Some(vec![])),
            ("text", "a $b {c}", Some(vec![Text("a $b {c}")])),
            (
                "variables",
                "${A}-${B.C}",
                Some(vec![Variable("A"), Text("-"), Variable("B.C")]),
            ),
            (
                "literal",
                "x${!A}y",
                Some(vec![Text("x"), Literal("A"), Text("y")]),
            ),
            ("never closed", "x${A", None),
        ];
        for (name, template, expected) in cases {
            assert_eq!(parts(template), expected, "{name}");
        }
    }
}
