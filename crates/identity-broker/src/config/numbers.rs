use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use entrypoint::Env;

/// A number that has to be within bounds.
pub(super) fn within<N>(env: &mut Env, name: &str, usual: N, bounds: RangeInclusive<N>) -> N
where
    N: FromStr<Err: Display> + PartialOrd + Display,
{
    let number = env.or(name, usual);
    if !bounds.contains(&number) {
        let (least, most) = (bounds.start(), bounds.end());
        env.problem(name, format_args!("expected {least} to {most}"));
    }
    number
}
