use serde_json::{Map, Value};

use super::dependencies::{Graph, in_order, references};
use super::intrinsics::arguments;
use super::place::Place;
use super::scope::Scope;

/// How many conditions `Fn::And` and `Fn::Or` take. Source: CloudFormation, condition functions.
const TAKEN: std::ops::RangeInclusive<usize> = 2..=10;

/// Evaluates the section `Conditions` into the scope.
pub(super) fn evaluate(section: &Map<String, Value>, scope: &mut Scope, place: &Place) {
    scope.conditions = section.keys().map(|name| (name.clone(), false)).collect();
    let graph: Graph = section
        .iter()
        .map(|(name, condition)| (name.clone(), references(condition)))
        .collect();
    let (order, circles) = in_order(&graph);
    for circle in circles {
        place.problem(format_args!("a circle of {}", circle.join(", ")));
    }
    for name in order {
        if let Some(condition) = section.get(name)
            && let Some(holds) = holds(condition, scope, &place.member(name))
        {
            scope.conditions.insert(name.to_owned(), holds);
        }
    }
}

/// `None` when a problem was noted.
fn holds(condition: &Value, scope: &Scope, place: &Place) -> Option<bool> {
    let call = condition.as_object().filter(|members| members.len() == 1);
    let Some((function, argument)) = call.and_then(|members| members.iter().next()) else {
        if !condition.is_null() {
            place.problem("expected a condition");
        }
        return None;
    };
    let place = place.member(function);
    match function.as_str() {
        "Condition" => scope.condition(argument, &place),
        "Fn::Equals" => {
            let [one, other] = arguments(argument, &place)?;
            let one = scope.text(one, &place.item(0));
            let other = scope.text(other, &place.item(1));
            Some(one? == other?)
        }
        "Fn::Not" => {
            let [negated] = arguments(argument, &place)?;
            Some(!holds(negated, scope, &place.item(0))?)
        }
        "Fn::And" => Some(all(argument, scope, &place)?.iter().all(|holds| *holds)),
        "Fn::Or" => Some(all(argument, scope, &place)?.iter().any(|holds| *holds)),
        _ => {
            place.problem("not a condition");
            None
        }
    }
}

fn all(argument: &Value, scope: &Scope, place: &Place) -> Option<Vec<bool>> {
    let Some(conditions) = argument
        .as_array()
        .filter(|list| TAKEN.contains(&list.len()))
    else {
        place.problem("expected a list of 2 to 10 conditions");
        return None;
    };
    let conditions = conditions.iter().enumerate();
    let held: Vec<_> = conditions
        .map(|(index, condition)| holds(condition, scope, &place.item(index)))
        .collect();
    held.into_iter().collect()
}
