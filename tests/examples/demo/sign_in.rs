//! From an invitation to tokens, and to a refresh that knows what has changed.

use aws_sdk_cognitoidentityprovider::Error;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use serde_json::{Value, json};
use tests::jwt;
use tests::user::User;

use crate::{Demo, list, text};

/// Somebody who has signed in.
pub(crate) struct SignedIn {
    pub(crate) sub: String,
    pub(crate) id_token: String,
    pub(crate) refresh_token: String,
}

impl Demo {
    pub(crate) async fn sign_up_and_in(&mut self) -> Option<SignedIn> {
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
            self.expect("the sign-up passes", false);
            return None;
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
        let tokens = self.tokens(signed_in)?;
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
        Some(SignedIn {
            sub,
            id_token: tokens.id_token()?.to_owned(),
            refresh_token: tokens.refresh_token()?.to_owned(),
        })
    }

    async fn sign_up(&self, email: &str, invitation: Option<&str>) -> Result<String, Error> {
        User::new(&self.stand_in, email).sign_up(invitation).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Result<AuthenticationResultType, Error> {
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
}

fn show_claims(token: &str, claims: &Value) {
    println!("    <- {token}");
    for (name, claim) in claims.as_object().into_iter().flatten() {
        println!("       {name:<18} {claim}");
    }
}
