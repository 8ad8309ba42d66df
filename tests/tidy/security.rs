//! `docs/SECURITY.md`: every attack has its row, and every row a test that exists, or says that it is open. And those tests which are
//! about the template.

use serde_norway::Value;

use crate::forbid;
use crate::repository::{crates, files_under, read, template};

/// The attacks of the list that the document answers.
const ATTACKS: usize = 33;

#[test]
fn every_attack_is_answered_once_or_open() {
    let document = read("docs/SECURITY.md");
    let numbers: Vec<_> = rows(&document).map(|row| row[0]).collect();
    let expected: Vec<_> = (1..=ATTACKS).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected, "the rows of docs/SECURITY.md");

    let offenders = rows(&document).filter_map(|row| {
        let problem = match row[..] {
            [_, attack, answer, _] if attack.is_empty() || answer.is_empty() => "an empty cell",
            [_, _, _, "open"] => return None,
            [_, _, _, tests] if code_spans(tests).next().is_some() => return None,
            [_, _, _, _] => "names no test, and does not say `open`",
            _ => "not four cells",
        };
        Some(format!("{}: {problem}", row[0]))
    });
    forbid("a row says nothing", offenders);
}

#[test]
fn every_test_that_a_row_names_exists() {
    let document = read("docs/SECURITY.md");
    let offenders = rows(&document).flat_map(|row| {
        let tests = code_spans(row[row.len() - 1]);
        let missing = tests.filter(|test| !exists(test));
        missing.map(move |test| format!("{}: {test}", row[0]))
    });
    forbid("a row names a test that does not exist", offenders);
}

#[test]
fn only_the_user_pool_may_call_a_trigger() {
    let template = template();
    let pools_own = |permission: &Value| {
        yaml(&permission["SourceArn"]).contains("UserPool.Arn")
            && yaml(&permission["SourceAccount"]).contains("AWS::AccountId")
            && permission["Principal"] == "cognito-idp.amazonaws.com"
            && permission["Action"] == "lambda:InvokeFunction"
    };
    let wired = yaml(&template["Resources"]["UserPool"]["Properties"]["LambdaConfig"]);
    let mut offenders = Vec::new();
    for (function, _) in resources(&template, "AWS::Serverless::Function") {
        let arn = format!("{function}.Arn");
        let permissions: Vec<_> = resources(&template, "AWS::Lambda::Permission")
            .map(|(_, permission)| permission)
            .filter(|permission| yaml(&permission["FunctionName"]).contains(&arn))
            .collect();
        let is_trigger = wired.contains(&arn);
        if is_trigger && (permissions.len() != 1 || !permissions.into_iter().all(pools_own)) {
            offenders.push(function.to_owned());
        }
    }
    forbid(
        "a trigger can be called by others, or not by the user pool",
        offenders,
    );
}

#[test]
fn app_clients_do_not_tell_who_has_an_account() {
    let template = template();
    let offenders = resources(&template, CLIENT)
        .filter(|(_, client)| client["PreventUserExistenceErrors"] != "ENABLED")
        .map(|(name, _)| name.to_owned());
    forbid("an app client tells who has an account", offenders);
}

/// Without a list an app client writes every attribute; one for machines alone has no users to write of.
#[test]
fn app_clients_write_nothing_that_authorises() {
    let template = template();
    let offenders = resources(&template, CLIENT).filter_map(|(name, client)| {
        let flows = yaml(&client["AllowedOAuthFlows"]);
        let Some(attributes) = client["WriteAttributes"].as_sequence() else {
            return (flows.trim() != "- client_credentials").then(|| format!("{name}: everything"));
        };
        let authorises =
            |attribute: &&str| attribute.contains(':') || attribute.ends_with("_verified");
        let attribute = attributes
            .iter()
            .filter_map(Value::as_str)
            .find(authorises)?;
        Some(format!("{name}: {attribute}"))
    });
    forbid("an app client writes what authorises", offenders);
}

#[test]
fn what_a_sender_cannot_send_goes_to_a_queue_with_an_alarm() {
    let template = template();
    let watched: String = resources(&template, ALARM)
        .filter(|(_, alarm)| alarm["MetricName"] == "ApproximateNumberOfMessagesVisible")
        .map(|(_, alarm)| yaml(&alarm["Dimensions"]))
        .collect();
    let has_alarm = |queue: &str| watched.contains(&format!("!GetAtt {queue}.QueueName"));
    let senders = resources(&template, "AWS::Serverless::Function")
        .filter(|(name, _)| name.ends_with("SenderFunction"));
    let offenders = senders.filter_map(|(name, sender)| {
        let failure = &sender["EventInvokeConfig"]["DestinationConfig"]["OnFailure"];
        let queue = yaml(&failure["Destination"]);
        let queue = queue.trim().strip_prefix("!GetAtt ");
        let queue = queue.and_then(|queue| queue.strip_suffix(".Arn"));
        (!queue.is_some_and(has_alarm)).then(|| name.to_owned())
    });
    forbid("nobody hears of what this function cannot send", offenders);
}

/// Without it everybody would stay awaited, and could come back whom somebody has deleted.
#[test]
fn who_has_moved_is_awaited_by_the_function_that_notes_arrivals() {
    let template = template();
    let resources = &template["Resources"];
    let triggers = yaml(&resources["UserPool"]["Properties"]["LambdaConfig"]["PostAuthentication"]);
    assert_eq!(triggers.trim(), "!GetAtt PostAuthenticationFunction.Arn");
    let variable = |function: &str| {
        let environment = &resources[function]["Properties"]["Environment"];
        yaml(&environment["Variables"]["LEGACY_USERS_TABLE"])
    };
    let migrates = resources["UserMigrationFunction"]["Condition"].as_str();
    let table = variable("UserMigrationFunction");
    let noted = variable("PostAuthenticationFunction");
    assert!(
        noted.contains(migrates.unwrap()) && noted.contains(table.trim()),
        "{noted}"
    );
}

#[test]
fn an_alarm_on_a_log_looks_for_what_is_logged() {
    let template = template();
    let logged: String = files_under("crates/", ".rs")
        .map(|file| &*file.text)
        .collect();
    let is_logged = |filter: &Value| {
        let pattern = filter["FilterPattern"].as_str().unwrap();
        let text = pattern.find('"').zip(pattern.rfind('"'));
        text.is_some_and(|(start, end)| logged.contains(&pattern[start..=end]))
    };
    let filters = || resources(&template, "AWS::Logs::MetricFilter");
    let unlogged = filters().filter(|(_, filter)| !is_logged(filter));
    // AWS makes the others' metrics.
    let ours = resources(&template, ALARM)
        .filter(|(_, alarm)| yaml(&alarm["Namespace"]).contains("AWS::StackName"));
    let unmade = ours.filter(|(_, alarm)| {
        let is_made = |filter: &Value| {
            filter["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]
        };
        !filters().any(|(_, filter)| is_made(filter))
    });
    let offenders = unlogged.chain(unmade).map(|(name, _)| name.to_owned());
    forbid("an alarm waits for what nobody logs", offenders);
}

const ALARM: &str = "AWS::CloudWatch::Alarm";

const CLIENT: &str = "AWS::Cognito::UserPoolClient";

/// The names and properties of the resources of that type.
fn resources<'a>(template: &'a Value, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let resources = template["Resources"].as_mapping().unwrap().iter();
    resources
        .filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str().unwrap(), &resource["Properties"]))
}

fn yaml(value: &Value) -> String {
    serde_norway::to_string(value).unwrap()
}

/// The cells of each row of the table that begins with a number.
fn rows(document: &str) -> impl Iterator<Item = Vec<&str>> {
    document
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|cells| cells.split(" | ").map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells[0].bytes().all(|byte| byte.is_ascii_digit()))
}

fn code_spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Whether the crate has a test function of that name, in a file or folder of the module's.
fn exists(test: &str) -> bool {
    let parts: Vec<_> = test.split("::").collect();
    let [package, .., module, function] = parts[..] else {
        return false;
    };
    let function = format!("fn {function}(");
    let folders = crates()
        .filter(|of_ours| of_ours.name.replace('-', "_") == package)
        .map(|package| package.folder() + "/");
    let tidy = (package == "tidy").then(|| "tests/tidy".to_owned());
    folders.chain(tidy).any(|folder| {
        files_under(&folder, ".rs").any(|file| {
            let mut places = file.path.trim_end_matches(".rs").split('/');
            let of_module = parts.len() == 2 || places.any(|place| place == module);
            let mut lines = file.text.lines().map(str::trim);
            of_module && file.text.contains(&function) && is_test(&mut lines, &function)
        })
    })
}

/// Whether an attribute that makes a test stands above the function.
fn is_test<'a>(lines: &mut impl Iterator<Item = &'a str>, function: &str) -> bool {
    let mut is_test = false;
    for line in lines {
        if line.contains(function) {
            return is_test;
        }
        let is_attribute = line.starts_with("#[");
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if !is_attribute && !line.starts_with("//") {
            is_test = false;
        }
    }
    false
}
