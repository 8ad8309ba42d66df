use std::cell::RefCell;
use std::fmt;

/// Everything that is wrong with a template, so that all of it can be told at once.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<String>>);

impl Problems {
    pub(super) fn note(&self, problem: impl fmt::Display) {
        self.0.borrow_mut().push(problem.to_string());
    }

    /// Takes the problems that were noted so far.
    pub(super) fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// A place in the template, such as `Resources.UserPool.Properties.Schema[0]`.
#[derive(Clone)]
pub(super) struct Place<'p> {
    path: String,
    problems: &'p Problems,
}

impl<'p> Place<'p> {
    pub(super) fn root(problems: &'p Problems) -> Self {
        Self {
            path: String::new(),
            problems,
        }
    }

    /// The member of this name, of the mapping at this place.
    pub(super) fn member(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            path: format!("{}{dot}{name}", self.path),
            problems: self.problems,
        }
    }

    /// The item with this index, of the list at this place.
    pub(super) fn item(&self, index: usize) -> Self {
        Self {
            path: format!("{}[{index}]", self.path),
            problems: self.problems,
        }
    }

    /// Notes what is wrong here.
    pub(super) fn problem(&self, problem: impl fmt::Display) {
        if self.path.is_empty() {
            self.problems.note(problem);
        } else {
            self.problems.note(format_args!("{}: {problem}", self.path));
        }
    }
}
