use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// Reads a function's configuration and collects every problem, so that an operator sees all of them at once.
///
/// A getter that finds a problem notes it and returns a stand-in value; [`Env::check`] then refuses the whole configuration.
/// A variable that is set to the empty text counts as not set, since a template cannot leave one out.
pub struct Env {
    variable: Box<Variable>,
    problems: Vec<String>,
}

/// Looks a variable up by its name.
type Variable = dyn Fn(&str) -> Option<String>;

impl Env {
    /// The environment of this process.
    pub fn of_process() -> Self {
        // What is not Unicode is set all the same: left out, a list of what is denied would silently be empty.
        Self::of(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }

    /// Fixed variables, for tests.
    pub fn of_pairs<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self::of(move |wanted| {
            pairs
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.clone())
        })
    }

    fn of(variable: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self {
            variable: Box::new(variable),
            problems: Vec::new(),
        }
    }

    /// The variable's value, or `None` when it is not set.
    pub fn optional<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let value = (self.variable)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())?;
        match value.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(name, error);
                None
            }
        }
    }

    /// The variable's value, or the default when it is not set.
    pub fn or<T>(&mut self, name: &str, default: T) -> T
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        self.optional(name).unwrap_or(default)
    }

    /// What the variable chooses by its word; `None` when it is not set, and a problem when it is another word.
    pub fn choice<T: Copy, const N: usize>(
        &mut self,
        name: &str,
        choices: [(&str, T); N],
    ) -> Option<T> {
        let value: String = self.optional(name)?;
        let chosen = choices.iter().find(|(word, _)| *word == value);
        if chosen.is_none() {
            let words = choices.map(|(word, _)| word).join(", ");
            self.problem(name, format_args!("expected one of {words}"));
        }
        chosen.map(|(_, choice)| *choice)
    }

    /// The variable's value; a problem when it is not set. `expected` says what it should hold.
    pub fn required(&mut self, name: &str, expected: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.problem(name, format_args!("not set; expected {expected}"));
            String::new()
        })
    }

    /// The parts of a comma-separated variable, without blanks; none when it is not set.
    ///
    /// Commas alone are a problem: a list of what is allowed that names nothing must not count as none.
    pub fn list<T>(&mut self, name: &str) -> Vec<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let Some(value) = self.optional::<String>(name) else {
            return Vec::new();
        };
        let is_named = |part: &&str| !part.is_empty();
        let named: Vec<&str> = value.split(',').map(str::trim).filter(is_named).collect();
        if named.is_empty() {
            self.problem(name, "expected something between the commas");
        }
        let mut parts = Vec::new();
        for part in named {
            match part.parse() {
                Ok(part) => parts.push(part),
                Err(error) => self.problem(name, error),
            }
        }
        parts
    }

    /// Notes what is wrong with a variable, and what is expected instead. Must not quote a secret's value.
    pub fn problem(&mut self, name: &str, problem: impl fmt::Display) {
        self.problems.push(format!("{name}: {problem}"));
    }

    /// The configuration, if nothing was wrong with it.
    ///
    /// # Errors
    ///
    /// Every problem that was noted.
    pub fn check<Config>(self, config: Config) -> Result<Config, Problems> {
        if self.problems.is_empty() {
            Ok(config)
        } else {
            Err(Problems(self.problems))
        }
    }
}

/// What is wrong with a function's configuration: a line for each variable.
#[derive(PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the configuration has {} problem(s)",
            self.0.len()
        )?;
        self.0
            .iter()
            .try_for_each(|problem| write!(formatter, "\n  {problem}"))
    }
}

// A `main` that returns an error prints its `Debug`.
impl fmt::Debug for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_trimmed_and_parsed() {
        let mut env = Env::of_pairs([
            ("TABLE", " invitations "),
            ("MAX", "7"),
            ("DOMAINS", " example.org ,, example.com,"),
        ]);
        assert_eq!(env.required("TABLE", "a table"), "invitations");
        assert_eq!(env.optional::<u8>("MAX"), Some(7));
        assert_eq!(
            env.list::<String>("DOMAINS"),
            ["example.org", "example.com"]
        );
        assert_eq!(env.check("config"), Ok("config"));
    }

    #[test]
    fn empty_text_is_not_set() {
        let mut env = Env::of_pairs([("TABLE", ""), ("MAX", "  "), ("DOMAINS", "")]);
        assert_eq!(env.optional::<String>("TABLE"), None);
        assert_eq!(env.or("MAX", 7_u8), 7);
        assert_eq!(env.list::<String>("DOMAINS"), [""; 0]);
        assert_eq!(env.or("ABSENT", 7_u8), 7);
        assert_eq!(env.check("config"), Ok("config"));
    }

    #[test]
    fn a_choice_is_one_of_its_words() {
        let words = [("off", 0), ("on", 1)];
        for (value, chosen, problem) in [
            ("on", Some(1), None),
            (" off ", Some(0), None),
            ("", None, None),
            ("ON", None, Some("expected one of off, on")),
            ("of", None, Some("expected one of off, on")),
        ] {
            let mut env = Env::of_pairs([("MODE", value)]);
            assert_eq!(env.choice("MODE", words), chosen, "{value:?}");
            let problems = problem.map(|text| format!("MODE: {text}"));
            assert_eq!(env.problems, Vec::from_iter(problems), "{value:?}");
        }
    }

    #[test]
    fn a_list_of_commas_alone_is_a_problem() {
        for value in [",", " , ,"] {
            let mut env = Env::of_pairs([("ALLOWED", value)]);
            assert_eq!(env.list::<String>("ALLOWED"), [""; 0]);
            assert_eq!(
                env.problems,
                ["ALLOWED: expected something between the commas"],
                "{value:?}"
            );
        }
    }

    #[test]
    fn every_problem_is_collected() {
        let mut env = Env::of_pairs([("TABLE", ""), ("MAX", "lots"), ("LIMITS", "1,two,3,four")]);
        env.required("TABLE", "a table's name");
        env.or("MAX", 7_u8);
        env.list::<u8>("LIMITS");
        env.problem("MODE", "neither off nor on");
        assert_eq!(
            env.check(()).unwrap_err().to_string(),
            "the configuration has 5 problem(s)\
             \n  TABLE: not set; expected a table's name\
             \n  MAX: invalid digit found in string\
             \n  LIMITS: invalid digit found in string\
             \n  LIMITS: invalid digit found in string\
             \n  MODE: neither off nor on"
        );
    }
}
