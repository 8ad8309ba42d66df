//! Who is turned away, and what they are told.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use tests::user::User;

use crate::sign_in::SignedIn;
use crate::{Demo, text};

impl Demo {
    pub(crate) async fn refusals(&mut self, ines: &SignedIn) {
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
        let subject = text(&format!("user#{}", ines.sub));
        self.put(&table, &[("subject", subject)]).await;
        let refreshed = self.refresh(&ines.refresh_token);
        let refreshed = refreshed.await.map(drop);
        self.expect_refusal(refreshed, "UserLambdaValidationException");
    }
}
