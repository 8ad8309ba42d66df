//! The identity pool of the template: whom its roles trust, and what it never does.

use serde_norway::Value;

use crate::forbid;
use crate::repository::template;

const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";

/// The kinds of identities that a role can trust: one of its words, or the provider of the user pool's users or the broker's.
const KINDS: [&str; 4] = [
    "authenticated",
    "unauthenticated",
    "!GetAtt UserPool.ProviderName",
    "!Ref DeveloperProviderName",
];

#[test]
fn every_role_trusts_this_pool_and_one_kind_of_identity() {
    let template = template();
    let mut kinds = Vec::new();
    let mut offenders = Vec::new();
    for (name, role) in resources(&template, "AWS::IAM::Role") {
        for statement in statements(&role["AssumeRolePolicyDocument"]) {
            if statement["Principal"]["Federated"] != IDENTITY_POOLS {
                continue;
            }
            let condition = &statement["Condition"];
            let pool = yaml(&condition["StringEquals"][&*format!("{IDENTITY_POOLS}:aud")]);
            let kind =
                yaml(&condition["ForAnyValue:StringLike"][&*format!("{IDENTITY_POOLS}:amr")]);
            if pool != "!Ref IdentityPool" || !KINDS.contains(&&*kind) {
                offenders.push(format!("{name}: {pool}, {kind}"));
            }
            kinds.push((name, kind == "unauthenticated"));
        }
    }
    forbid("a role trusts others than it is for", offenders);
    assert!(kinds.len() > 3, "{kinds:?}");
    for (name, is_of_guests) in kinds {
        assert_eq!(is_of_guests, name == "GuestRole", "{name}");
    }
}

#[test]
fn the_classic_flow_and_guests_are_off() {
    let template = template();
    let pool = &template["Resources"]["IdentityPool"]["Properties"];
    assert_eq!(pool["AllowClassicFlow"], false);
    let guests = yaml(&pool["AllowUnauthenticatedIdentities"]);
    assert!(guests.contains("GuestsAreAllowed"), "{guests}");
    assert_eq!(template["Parameters"]["AllowGuests"]["Default"], "false");
    for provider in pool["CognitoIdentityProviders"].as_sequence().unwrap() {
        assert_eq!(provider["ServerSideTokenCheck"], true);
    }
}

/// What a user can write never gives a role.
#[test]
fn rules_look_at_groups_alone() {
    let template = template();
    let mut claims = Vec::new();
    let roles = &template["Resources"]["IdentityPoolRoles"]["Properties"]["RoleMappings"];
    collect(roles, "Claim", &mut claims);
    assert!(!claims.is_empty());
    let others = claims.into_iter().filter(|claim| claim != "cognito:groups");
    forbid("a rule looks at another claim", others);
}

#[test]
fn what_identities_may_do_names_actions_and_resources() {
    let template = template();
    let policies = ["AWS::IAM::Role", "AWS::IAM::ManagedPolicy"];
    let policies = policies
        .into_iter()
        .flat_map(|kind| resources(&template, kind))
        .filter(|(_, policy)| {
            // The roles of services have what they need by other rules.
            let trust = statements(&policy["AssumeRolePolicyDocument"]);
            let mut trust = trust.into_iter();
            trust.all(|statement| statement["Principal"]["Federated"] == IDENTITY_POOLS)
        });
    let mut offenders = Vec::new();
    for (name, policy) in policies {
        let own = statements(&policy["PolicyDocument"]);
        let inline = policy["Policies"].as_sequence().into_iter().flatten();
        let inline = inline.flat_map(|policy| statements(&policy["PolicyDocument"]));
        for statement in own.into_iter().chain(inline) {
            let actions = yaml(&statement["Action"]);
            if actions.contains('*') || yaml(&statement["Resource"]) == "'*'" {
                offenders.push(format!("{name}: {actions}"));
            }
        }
    }
    forbid("a policy of identities is open", offenders);
}

fn resources<'t>(template: &'t Value, kind: &'t str) -> impl Iterator<Item = (&'t str, &'t Value)> {
    let resources = template["Resources"].as_mapping().unwrap().iter();
    resources
        .filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str().unwrap(), &resource["Properties"]))
}

fn statements(document: &Value) -> Vec<&Value> {
    let statements = document["Statement"].as_sequence();
    statements.into_iter().flatten().collect()
}

fn collect(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Mapping(members) => {
            for (key, member) in members {
                if key.as_str() == Some(name) {
                    found.push(yaml(member));
                }
                collect(member, name, found);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, name, found)),
        Value::Tagged(tagged) => collect(&tagged.value, name, found),
        _ => {}
    }
}

fn yaml(value: &Value) -> String {
    let yaml = serde_norway::to_string(value).unwrap();
    yaml.trim().to_owned()
}
