//! `make demo`: a user signs up, confirms, signs in, gets tokens whose claims come from a table, and is blocked.
//!
//! Everything is real but the cloud: the functions' binaries, the AWS SDK as the client, and the template that deploys. Every step says
//! what it expects; the exit status is 0 only if all of it held.

#![expect(clippy::print_stdout, reason = "a demonstration is for reading")]

use std::process::ExitCode;
use std::time::Instant;

use aws_sdk_cognitoidentityprovider::Error;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tests::jwt;
use tests::stand_in::StandIn;
use tests::user::User;

const OPTIONS: [&str; 4] = [
    "--parameter",
    "Invitations=required",
    "--parameter",
    "GrantableScopes=api/read,api/write",
];

#[tokio::main]
async fn main() -> ExitCode {
    let started = Instant::now();
    println!(
        "Starting local-cognito with template.yaml and {}",
        [OPTIONS[1], OPTIONS[3]].join(" ")
    );
    let mut demo = Demo {
        stand_in: StandIn::start(&OPTIONS),
        steps: 0,
        calls_seen: 0,
        failures: 0,
    };
    demo.play().await;
    let seconds = started.elapsed().as_secs_f32();
    match demo.failures {
        0 => {
            println!("\nAll of it held, in {seconds:.1} s. `make run` keeps the same stack up.");
            ExitCode::SUCCESS
        }
        failures => {
            println!("\n{failures} expectation(s) did not hold.");
            ExitCode::FAILURE
        }
    }
}

struct Demo {
    stand_in: StandIn,
    steps: usize,
    calls_seen: usize,
    failures: usize,
}

impl Demo {
    async fn play(&mut self) {
        let table = self.stand_in.table("InvitationsTable");
        self.step(
            "An operator invites one user, into a group",
            "DynamoDB PutItem into the invitations table",
        );
        let invitation = [("code", text("SPRING-7741")), ("groups", list("members"))];
        self.put(&table, &invitation).await;

        self.step(
            "A stranger without an invitation is turned away",
            "SignUp eve@example.org",
        );
        let refused = self.sign_up("eve@example.org", None).await.map(drop);
        self.expect_refusal(refused, "UserLambdaValidationException");

        self.step(
            "So is a disposable address, which does not use the invitation up",
            "SignUp eve@mailinator.com, invitation SPRING-7741",
        );
        let refused = self
            .sign_up("eve@mailinator.com", Some("SPRING-7741"))
            .await
            .map(drop);
        self.expect_refusal(refused, "UserLambdaValidationException");

        self.step(
            "Ines signs up with the invitation",
            "SignUp ines.falk@example.org, invitation SPRING-7741",
        );
        let Ok(sub) = self
            .sign_up("ines.falk@example.org", Some("SPRING-7741"))
            .await
        else {
            return self.expect("the sign-up passes", false);
        };
        self.expect(
            "one code is in the outbox",
            self.stand_in.get("outbox").as_array().map(Vec::len) == Some(1),
        );

        self.step(
            "The invitation was for one",
            "SignUp jan.roth@example.org, invitation SPRING-7741",
        );
        let refused = self
            .sign_up("jan.roth@example.org", Some("SPRING-7741"))
            .await
            .map(drop);
        self.expect_refusal(refused, "UserLambdaValidationException");

        self.step(
            "Ines confirms the address",
            "ConfirmSignUp with the code from the outbox",
        );
        let confirmed = User::new(&self.stand_in, "ines.falk@example.org")
            .confirm()
            .await;
        self.expect("the code is right", confirmed.is_ok());

        self.step(
            "Ines joins a tenant",
            "DynamoDB PutItem into the memberships table",
        );
        self.join(&sub, "editor").await;

        self.step(
            "Ines signs in; the password never leaves the client",
            "InitiateAuth USER_SRP_AUTH, RespondToAuthChallenge",
        );
        let signed_in = User::new(&self.stand_in, "ines.falk@example.org")
            .sign_in()
            .await;
        let Some(tokens) = self.tokens(signed_in) else {
            return;
        };
        let claims = jwt::claims(tokens.access_token().unwrap_or_default());
        self.expect(
            "the claims are the table's",
            claims["tenant"] == "nordwind" && claims["roles"] == json!(["editor"]),
        );
        self.expect(
            "the group is the invitation's",
            claims["cognito:groups"] == json!(["members"]),
        );
        self.expect(
            "the scope is the table's",
            claims["scope"]
                .as_str()
                .is_some_and(|scope| scope.ends_with(" api/read")),
        );

        self.step(
            "A role is taken away, and the next refresh knows",
            "DynamoDB PutItem; InitiateAuth REFRESH_TOKEN_AUTH",
        );
        self.join(&sub, "reader").await;
        let refreshed = self
            .refresh(tokens.refresh_token().unwrap_or_default())
            .await;
        self.show_triggers();
        let claims = refreshed
            .ok()
            .and_then(|tokens| Some(jwt::claims(tokens.access_token()?)))
            .unwrap_or_default();
        println!("    <- access token, now with roles {}", claims["roles"]);
        self.expect(
            "the role is the new one",
            claims["roles"] == json!(["reader"]),
        );

        self.step(
            "A wrong password and an unknown user look the same",
            "InitiateAuth USER_SRP_AUTH, twice",
        );
        let mut forgetful = User::new(&self.stand_in, "ines.falk@example.org");
        forgetful.password = "Wrong-Horse-19-Battery".to_owned();
        let (wrong, unknown) = (
            forgetful.sign_in().await.map(drop),
            User::new(&self.stand_in, "nobody@example.org")
                .sign_in()
                .await
                .map(drop),
        );
        let texts = [&wrong, &unknown].map(|refusal| {
            refusal
                .as_ref()
                .err()
                .and_then(ProvideErrorMetadata::message)
                .map(str::to_owned)
        });
        self.expect_refusal(wrong, "NotAuthorizedException");
        self.expect("the texts are equal", texts[0] == texts[1]);

        self.step(
            "Ines is blocked, and no refresh is a way around it",
            "DynamoDB PutItem into the blocks table; InitiateAuth REFRESH_TOKEN_AUTH",
        );
        let table = self.stand_in.table("BlocksTable");
        let subject = text(&format!("user#{sub}"));
        self.put(&table, &[("subject", subject)]).await;
        let refreshed = self.refresh(tokens.refresh_token().unwrap_or_default());
        let refreshed = refreshed.await.map(drop);
        self.expect_refusal(refreshed, "UserLambdaValidationException");
    }

    fn step(&mut self, title: &str, call: &str) {
        self.steps += 1;
        println!("\n{:>2}. {title}\n    {call}", self.steps);
    }

    async fn sign_up(&self, email: &str, invitation: Option<&str>) -> Result<String, Error> {
        User::new(&self.stand_in, email).sign_up(invitation).await
    }

    async fn refresh(&self, token: &str) -> Result<AuthenticationResultType, Error> {
        let refresh = self
            .stand_in
            .cognito()
            .initiate_auth()
            .client_id(&self.stand_in.web_client);
        let refresh = refresh
            .auth_flow(AuthFlowType::RefreshTokenAuth)
            .auth_parameters("REFRESH_TOKEN", token);
        Ok(refresh
            .send()
            .await?
            .authentication_result
            .unwrap_or_else(|| AuthenticationResultType::builder().build()))
    }

    async fn join(&mut self, sub: &str, role: &str) {
        let table = self.stand_in.table("MembershipsTable");
        let subject = text(&format!("user#{sub}"));
        let item = [
            ("subject", subject),
            ("tenant", text("nordwind")),
            ("roles", list(role)),
            ("scopes", list("api/read")),
        ];
        self.put(&table, &item).await;
    }

    async fn put(&mut self, table: &str, item: &[(&str, AttributeValue)]) {
        let put = self.stand_in.dynamodb().put_item().table_name(table);
        let put = item
            .iter()
            .fold(put, |put, (name, value)| put.item(*name, value.clone()));
        let stored = put.send().await.is_ok();
        self.expect("the item is stored", stored);
    }

    fn tokens(
        &mut self,
        signed_in: Result<AuthenticationResultType, Error>,
    ) -> Option<AuthenticationResultType> {
        self.show_triggers();
        match signed_in {
            Ok(tokens) => {
                for (name, token) in [
                    ("ID token", tokens.id_token()),
                    ("access token", tokens.access_token()),
                ] {
                    show_claims(name, &jwt::claims(token?));
                }
                Some(tokens)
            }
            Err(refusal) => {
                self.expect_refusal(Err(refusal), "no refusal");
                None
            }
        }
    }

    fn expect_refusal(&mut self, answer: Result<(), Error>, expected: &str) {
        self.show_triggers();
        let (code, message) = match &answer {
            Ok(()) => ("passed", ""),
            Err(refusal) => (
                refusal.code().unwrap_or_default(),
                refusal.message().unwrap_or_default(),
            ),
        };
        println!("    <- {code}: {message}");
        self.expect(expected, code == expected);
    }

    fn expect(&mut self, expectation: &str, held: bool) {
        self.show_triggers();
        println!("    {} {expectation}", if held { "ok  " } else { "FAIL" });
        self.failures += usize::from(!held);
    }

    /// The trigger calls since the last time.
    fn show_triggers(&mut self) {
        let calls = self.stand_in.get("calls");
        let calls = calls.as_array().map(Vec::as_slice).unwrap_or_default();
        for call in calls.iter().skip(self.calls_seen) {
            let milliseconds = call["durationMicros"].as_f64().unwrap_or_default() / 1_000.0;
            let source = call["triggerSource"].as_str().unwrap_or_default();
            println!(
                "    -> {source}  {}  {milliseconds:.1} ms",
                call["function"].as_str().unwrap_or_default()
            );
            println!("       {}", call["outcome"]);
        }
        self.calls_seen = calls.len();
    }
}

fn show_claims(token: &str, claims: &Value) {
    println!("    <- {token}");
    for (name, claim) in claims.as_object().into_iter().flatten() {
        println!("       {name:<18} {claim}");
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn list(item: &str) -> AttributeValue {
    AttributeValue::L(vec![text(item)])
}
