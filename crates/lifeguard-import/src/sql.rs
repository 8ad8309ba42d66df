mod tokens;

use std::sync::Arc;

use crate::input::{Input, MAX_RECORD_BYTES, ReadError};
use crate::record::Reject;
use crate::sql::tokens::Tokens;

/// The table of users as WordPress makes it, for dumps that say nothing of columns.
const USUAL_COLUMNS: [&str; 10] = [
    "ID",
    "user_login",
    "user_pass",
    "user_nicename",
    "user_email",
    "user_url",
    "user_registered",
    "user_activation_key",
    "user_status",
    "display_name",
];

/// By these columns the table is known, whatever it is called.
const TELLING_COLUMNS: [&str; 2] = ["user_login", "user_pass"];

/// MySQL has no more.
const MAX_COLUMNS: usize = 4096;

/// The rows of the table of users in a dump of MySQL or MariaDB. Of all else only the ends of the statements are looked for.
pub(crate) struct Rows {
    tokens: Tokens,
    /// The table's name and columns, once the dump has made it.
    table: Option<(String, Columns)>,
    /// The columns of the statement whose rows come next.
    inserting: Option<Columns>,
}

type Columns = Arc<[String]>;

/// A row, or why it cannot be one.
pub(crate) struct FoundRow {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    pub(crate) values: Result<Row, Reject>,
}

/// The values of a row by their columns.
pub(crate) struct Row {
    columns: Columns,
    values: Vec<Option<String>>,
}

impl Row {
    /// The column's value; `None` for NULL, and where there is no such column.
    pub(crate) fn value(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.values.get(place)?.as_deref()
    }
}

impl Rows {
    pub(crate) fn new(input: Input) -> Self {
        Self {
            tokens: Tokens::new(input),
            table: None,
            inserting: None,
        }
    }

    fn next_row(&mut self) -> Result<Option<FoundRow>, ReadError> {
        loop {
            match (self.inserting.clone(), self.tokens.next_significant()?) {
                (_, None) => return Ok(None),
                (Some(columns), Some(b'(')) => return self.row(columns).map(Some),
                (Some(_), Some(b',')) => self.tokens.skip_byte()?,
                // What else can follow the rows, such as ON DUPLICATE KEY, is of no concern.
                (Some(_), Some(_)) => {
                    self.inserting = None;
                    self.tokens.skip_statement()?;
                }
                (None, Some(_)) => self.begin_statement()?,
            }
        }
    }

    fn begin_statement(&mut self) -> Result<(), ReadError> {
        match &*self.tokens.word()?.to_ascii_uppercase() {
            "INSERT" | "REPLACE" => self.insert(),
            "CREATE" => self.create(),
            // What follows a comment that is a statement to MySQL.
            ";" => Ok(()),
            _ => self.tokens.skip_statement(),
        }
    }

    /// `INSERT INTO name [(columns)] VALUES`
    fn insert(&mut self) -> Result<(), ReadError> {
        let name = self.name_after(&["INTO", "IGNORE", "LOW_PRIORITY", "DELAYED"])?;
        let mut columns = None;
        if self.tokens.next_significant()? == Some(b'(') {
            columns = Some(self.names_in_brackets()?);
        }
        let is_rows = self.tokens.word()?.eq_ignore_ascii_case("VALUES");
        let columns = match (columns, &self.table) {
            (Some(columns), _) => columns,
            (None, Some((made, columns))) if *made == name => Arc::clone(columns),
            (None, None) if name.ends_with("users") => USUAL_COLUMNS
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            (None, _) => return self.tokens.skip_statement(),
        };
        if !is_rows || !is_of_users(&columns) {
            return self.tokens.skip_statement();
        }
        self.inserting = Some(columns);
        Ok(())
    }

    /// `CREATE TABLE name (definitions)`: each definition that begins with a quoted name is a column's.
    fn create(&mut self) -> Result<(), ReadError> {
        if !self.tokens.word()?.eq_ignore_ascii_case("TABLE") {
            return self.tokens.skip_statement();
        }
        let name = self.name_after(&["IF", "NOT", "EXISTS"])?;
        if self.tokens.next_significant()? != Some(b'(') {
            return self.tokens.skip_statement();
        }
        let columns = self.names_in_brackets()?;
        if is_of_users(&columns) {
            self.table = Some((name, columns));
        }
        self.tokens.skip_statement()
    }

    /// A table's name after any of these words, without that of its database.
    fn name_after(&mut self, words: &[&str]) -> Result<String, ReadError> {
        let mut name = self.tokens.word()?;
        while words.iter().any(|word| name.eq_ignore_ascii_case(word)) {
            name = self.tokens.word()?;
        }
        while self.tokens.next_significant()? == Some(b'.') {
            self.tokens.skip_byte()?;
            name = self.tokens.word()?;
        }
        Ok(name)
    }

    /// The names with which the parts of a list begin, such as `(`ID` bigint(20) NOT NULL, `user_login` …, PRIMARY KEY (`ID`))`.
    fn names_in_brackets(&mut self) -> Result<Columns, ReadError> {
        self.tokens.skip_byte()?;
        let mut names = Vec::new();
        let (mut depth, mut is_first) = (1_usize, true);
        while depth > 0 {
            let Some(byte) = self.tokens.next_significant()? else {
                return Err(self.tokens.breaks_off());
            };
            match byte {
                b'\'' | b'"' => drop(self.tokens.quoted(byte)?),
                b'(' | b')' | b',' => {
                    self.tokens.skip_byte()?;
                    depth = match byte {
                        b'(' => depth + 1,
                        b')' => depth - 1,
                        _ => depth,
                    };
                    is_first = byte == b',' && depth == 1;
                }
                _ => {
                    let word = self.tokens.word()?;
                    let is_definition = ["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX"]
                        .iter()
                        .any(|other| byte != b'`' && word.eq_ignore_ascii_case(other));
                    if std::mem::take(&mut is_first) && !is_definition && names.len() < MAX_COLUMNS
                    {
                        names.push(word);
                    }
                }
            }
        }
        Ok(names.into())
    }

    fn row(&mut self, columns: Columns) -> Result<FoundRow, ReadError> {
        let line = self.tokens.line();
        self.tokens.skip_byte()?;
        let (mut values, mut length, mut is_text) = (Vec::new(), 0, true);
        loop {
            // One too many is enough to tell that there are too many.
            values.truncate(columns.len() + 1);
            match self.tokens.next_significant()? {
                Some(b')') => {
                    self.tokens.skip_byte()?;
                    break;
                }
                Some(b',') => self.tokens.skip_byte()?,
                Some(quote @ b'\'') => {
                    let value = self.tokens.quoted(quote)?;
                    length += value.len();
                    let value = String::from_utf8(value);
                    is_text &= value.is_ok();
                    values.push(value.ok());
                }
                Some(_) => {
                    let word = self.tokens.word()?;
                    // A text in a character set of its own, whose quotation comes next.
                    if !word.starts_with('_') {
                        values.push((!word.eq_ignore_ascii_case("NULL")).then_some(word));
                    }
                }
                None => return Err(self.tokens.breaks_off()),
            }
        }
        let values = if length > MAX_RECORD_BYTES {
            Err(Reject::TooLong)
        } else if !is_text {
            Err(Reject::NotText)
        } else if values.len() != columns.len() {
            Err(Reject::Columns)
        } else {
            Ok(Row { columns, values })
        };
        Ok(FoundRow { line, values })
    }
}

impl Iterator for Rows {
    type Item = Result<FoundRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

fn is_of_users(columns: &[String]) -> bool {
    TELLING_COLUMNS
        .iter()
        .all(|telling| columns.iter().any(|column| column == telling))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::input;

    /// Each row's line, user name and hash, or why there is none; and in the end what is wrong.
    fn all(dump: impl Into<Vec<u8>>) -> (Vec<String>, Option<String>) {
        let mut found = Vec::new();
        for row in Rows::new(input(dump)) {
            match row {
                Ok(FoundRow { line, values }) => found.push(match values {
                    Ok(row) => {
                        let value = |column| row.value(column).unwrap_or("NULL").to_owned();
                        format!("{line}: {} {}", value("user_login"), value("user_pass"))
                    }
                    Err(reject) => format!("{line}: {reject}"),
                }),
                Err(error) => return (found, Some(error.to_string())),
            }
        }
        (found, None)
    }

    #[track_caller]
    fn check(dump: impl Into<Vec<u8>>, expected: &[&str]) {
        let (found, error) = all(dump);
        assert_eq!(error, None);
        assert_eq!(found, expected);
    }

    #[test]
    fn the_columns_are_as_the_table_was_made() {
        check(
            "-- a dump's; comment (\nDROP TABLE IF EXISTS `x_users`;\n\
             CREATE TABLE `x_users` (\n  `user_pass` varchar(255) DEFAULT 'a,(b',\n  `user_login` varchar(60),\n  PRIMARY KEY (`user_login`)\n) ENGINE=InnoDB;\n\
             /*!40000 ALTER TABLE `x_users` DISABLE KEYS */;\nINSERT INTO `x_users` VALUES ('$P$a','ines'),\n('$P$b','jan');\n\
             INSERT INTO `others` VALUES ('x','y');",
            &["9: ines $P$a", "10: jan $P$b"],
        );
    }

    #[test]
    fn a_statement_can_name_its_columns() {
        check(
            "insert ignore into users (`user_login`, user_pass) values ('ines', NULL) on duplicate key update user_pass = 'no';\n\
             INSERT INTO users (id, name) VALUES (1, 'x');",
            &["1: ines NULL"],
        );
    }

    #[test]
    fn without_either_the_columns_are_the_usual_ones() {
        let row =
            |name: &str| format!("(1,'{name}','$P$a','n','e','u','2020-01-01 00:00:00','',0,'N')");
        check(
            format!(
                "INSERT INTO wp_users VALUES {}, {};INSERT INTO wp_posts VALUES (1)",
                row("ines"),
                row("jan")
            ),
            &["1: ines $P$a", "1: jan $P$a"],
        );
        check(
            "INSERT INTO wp_users VALUES (1, 'ines');",
            &["1: it has not as many columns as the first row"],
        );
    }

    #[test]
    fn texts_are_read_as_mysql_writes_them() {
        check(
            r"INSERT INTO u (user_login, user_pass) VALUES ('O\'Neil ''x''\\', _binary 'a\nb'), ('a;b),(', -1.5e3);",
            &["1: O'Neil 'x'\\ a\nb", "1: a;b),( -1.5e3"],
        );
        let mut bytes = b"INSERT INTO u (user_login, user_pass) VALUES ('".to_vec();
        bytes.extend(b"\xff','x'),('ines','y');");
        check(bytes, &["1: it is not UTF-8", "1: ines y"]);
    }

    #[test]
    fn what_is_too_long_is_skipped() {
        let long = "x".repeat(MAX_RECORD_BYTES + 1);
        check(
            format!("INSERT INTO u (user_login, user_pass) VALUES ('{long}', ''), ('ines', 'y');"),
            &["1: it is longer than 1 MiB", "1: ines y"],
        );
    }

    #[test]
    fn a_dump_that_breaks_off_says_where() {
        let insert = "INSERT INTO u (user_login, user_pass) VALUES ('ines', 'y')";
        for (rest, problem) in [
            (",('jan", "line 1: a quotation mark is missing"),
            (",('jan'\n,", "line 2: the file breaks off"),
            ("; /* and", "line 1: a comment has no end"),
        ] {
            let expected = (vec!["1: ines y".to_owned()], Some(problem.to_owned()));
            assert_eq!(all(format!("{insert}{rest}")), expected, "{rest}");
        }
    }
}
