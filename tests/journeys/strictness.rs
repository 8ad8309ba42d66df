//! What functions answer that AWS is not known to accept: refused by default, borne with `--strict=false`, and told either way.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, refused, template};
use crate::run_time_pools::{made_client, made_pool, permit};

/// A pool whose trigger lays these changes over its event.
struct Doubtful {
    name: &'static str,
    trigger: &'static str,
    changes: Value,
    own_email_sender: bool,
    /// What the log says of it.
    told: &'static str,
}

impl Doubtful {
    /// Somebody signs up, is confirmed and signs in; what the first refusal is, if there is one.
    fn journey(&self, strict: &str) -> (StandIn, Result<Value, Refused>) {
        let changes = format!("Changes={}", self.changes);
        let template = template("run-time.yaml");
        let stand_in = StandIn::start(&["--template", &template, "--parameter", &changes, strict]);
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:changing";
        let trigger = match self.trigger {
            "PreTokenGeneration" => {
                json!({"PreTokenGenerationConfig": {"LambdaArn": arn, "LambdaVersion": "V2_0"}})
            }
            trigger => json!({ trigger: arn }),
        };
        let account = match self.own_email_sender {
            true => "DEVELOPER",
            false => "COGNITO_DEFAULT",
        };
        let pool = made_pool(
            &stand_in,
            json!({
                "PoolName": "doubtful",
                "AutoVerifiedAttributes": ["email"],
                "LambdaConfig": trigger,
                "EmailConfiguration": {"EmailSendingAccount": account},
            }),
        );
        permit(&stand_in, "changing", &pool);
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH"]);
        let client = made_client(&stand_in, &pool, json!({"ExplicitAuthFlows": flows}));
        let steps = || {
            let email = json!([{"Name": "email", "Value": "ines.falk@example.org"}]);
            let signing_up = json!({"ClientId": client, "Username": "ines", "Password": PASSWORD, "UserAttributes": email});
            idp::call(&stand_in, "SignUp", signing_up)?;
            let user = json!({"UserPoolId": pool, "Username": "ines"});
            idp::call(&stand_in, "AdminConfirmSignUp", user)?;
            let parameters = json!({"USERNAME": "ines", "PASSWORD": PASSWORD});
            let signing_in = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
            idp::call(&stand_in, "InitiateAuth", signing_in)
        };
        let outcome = steps();
        (stand_in, outcome)
    }
}

#[test]
fn doubtful_answers_are_refused_unless_that_is_turned_off() {
    let claims = |token: &str, claims: Value| json!({"response": {"claimsAndScopeOverrideDetails": {token: claims}}});
    for doubtful in [
        Doubtful {
            name: "a changed event",
            trigger: "PreSignUp",
            changes: json!({"request": {"clientMetadata": {"added": "by the function"}}}),
            own_email_sender: false,
            told: "PreSignUp: the function changed a member of the event (request)",
        },
        Doubtful {
            name: "a null that was none",
            trigger: "PreSignUp",
            changes: json!({"response": {"autoConfirmUser": null}}),
            own_email_sender: false,
            told: "PreSignUp: the function added a null (autoConfirmUser)",
        },
        Doubtful {
            name: "a response that nobody reads",
            trigger: "PreAuthentication",
            changes: json!({"response": {"allowed": true}}),
            own_email_sender: false,
            told: "PreAuthentication: the function filled in a response that Cognito does not read (allowed)",
        },
        Doubtful {
            name: "a claim that is Cognito's",
            trigger: "PreTokenGeneration",
            changes: claims(
                "accessTokenGeneration",
                json!({"claimsToAddOrOverride": {"sub": "admin"}}),
            ),
            own_email_sender: false,
            told: "PreTokenGeneration: the function asked for a change of the tokens that Cognito does not make (access token: `sub`",
        },
        Doubtful {
            name: "a message without its code",
            trigger: "CustomMessage",
            changes: json!({"response": {"emailMessage": "Welcome"}}),
            own_email_sender: true,
            told: "CustomMessage: the message is too long, or lacks a placeholder (emailMessage)",
        },
        Doubtful {
            name: "an e-mail without a sender",
            trigger: "CustomMessage",
            changes: json!({"response": {"emailMessage": "Your code is {####}", "emailSubject": "Welcome"}}),
            own_email_sender: false,
            told: "CustomMessage: the function worded an e-mail, which needs EmailSendingAccount: DEVELOPER",
        },
    ] {
        let name = doubtful.name;
        let (stand_in, outcome) = doubtful.journey("--strict");
        let unrecognizable = refused("InvalidLambdaResponse", "Unrecognizable lambda output");
        assert_eq!(outcome, Err(unrecognizable), "{name}");
        assert!(stand_in.logs(doubtful.told), "{name}");

        let (stand_in, outcome) = doubtful.journey("--strict=false");
        let tokens = &outcome.unwrap()["AuthenticationResult"];
        let access = tests::jwt::claims(tokens["AccessToken"].as_str().unwrap());
        assert_ne!(access["sub"], "admin", "{name}");
        assert!(stand_in.logs(doubtful.told), "{name}");
        let code = stand_in.code_for("ines.falk@example.org");
        let message = stand_in.get("outbox")[0]["body"].to_string();
        assert!(message.contains(&code), "{name}: {message}");
    }
}
