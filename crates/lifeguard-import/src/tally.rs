use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How many users went which way.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// What was taken, in words such as a hash's format.
    taken: BTreeMap<String, u64>,
    /// Why the others were not, in words.
    rejected: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn take(&mut self, word: impl fmt::Display) {
        *self.taken.entry(word.to_string()).or_default() += 1;
    }

    pub(crate) fn reject(&mut self, reason: impl fmt::Display) {
        *self.rejected.entry(reason.to_string()).or_default() += 1;
    }

    pub(crate) fn all(&self) -> u64 {
        self.taken.values().sum::<u64>() + self.rejected()
    }

    pub(crate) fn rejected(&self) -> u64 {
        self.rejected.values().sum()
    }
}

/// A line for each way, the most frequent first, with its share of all.
impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.all();
        write!(formatter, "{:>13}  users", grouped(all))?;
        for (count, word) in by_count(&self.taken) {
            line(formatter, count, all, word)?;
        }
        if self.rejected() > 0 {
            write!(formatter, "\n{:>13}  rejected", grouped(self.rejected()))?;
        }
        for (count, reason) in by_count(&self.rejected) {
            line(formatter, count, all, reason)?;
        }
        Ok(())
    }
}

fn line(formatter: &mut fmt::Formatter<'_>, count: u64, all: u64, word: &str) -> fmt::Result {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share is shown to a tenth of a per cent"
    )]
    let share = count as f64 * 100.0 / all as f64;
    write!(
        formatter,
        "\n{:>13}  {share:>5.1} %  {word}",
        grouped(count)
    )
}

fn by_count(counts: &BTreeMap<String, u64>) -> Vec<(u64, &str)> {
    let mut counts: Vec<_> = counts
        .iter()
        .map(|(word, count)| (*count, &**word))
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counts
}

/// The number with commas between its thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_comes_first_with_its_share() {
        let mut tally = Tally::default();
        (0..1_500).for_each(|_| tally.take("bcrypt"));
        (0..400).for_each(|_| tally.take("no password"));
        (0..100).for_each(|_| tally.reject("it is not JSON"));
        let expected = "        2,000  users\n        1,500   75.0 %  bcrypt\n          400   20.0 %  no password\n          \
                        100  rejected\n          100    5.0 %  it is not JSON";
        assert_eq!(tally.to_string(), expected);
        assert_eq!(Tally::default().to_string(), "            0  users");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
