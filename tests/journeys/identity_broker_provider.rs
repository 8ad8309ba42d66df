//! Users of an outside OpenID provider, which is the user pool of a second stand-in: what they get by the broker, and what is theirs.

use serde_json::{Value, json};
use tests::identity::Identity;
use tests::stand_in::{REGION, StandIn};
use tests::user::User;

use crate::files::{Bucket, denied};
use crate::http_api::{Answer, tokens_of};
use crate::identity_broker::{identity_of, post};

/// An OpenID provider, and its users.
pub(crate) struct Provider {
    pub(crate) stand_in: StandIn,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let stand_in = StandIn::start(&[]);
        Self { stand_in }
    }

    /// As operators list it, under a name of theirs.
    pub(crate) fn as_issuer(&self, name: &str) -> Value {
        let endpoint = &self.stand_in.endpoint;
        json!({
            "name": name,
            "issuer": format!("{endpoint}/{}", self.stand_in.pool),
            "audiences": [self.stand_in.web_client],
            "algorithms": ["RS256"],
            "hosts": [endpoint.trim_start_matches("http://")],
        })
    }

    /// The access token and the ID token of a new user.
    pub(crate) async fn tokens_of(&self, email: &str) -> (String, String) {
        tokens_of(&User::new(&self.stand_in, email)).await
    }

    /// The ID token of a user's next sign-in.
    pub(crate) async fn id_token_of(&self, email: &str) -> String {
        let tokens = User::new(&self.stand_in, email).sign_in().await.unwrap();
        tokens.id_token.unwrap()
    }
}

/// A stand-in whose broker takes the ID tokens of these issuers, and hands out tokens of the identity pool, too.
pub(crate) fn broker_of(issuers: &[Value]) -> StandIn {
    let issuers = format!("BrokerIssuers={}", json!(issuers));
    let parameters = ["Broker=on", "BrokerTokens=on", &*issuers];
    let options = parameters.map(|parameter| ["--parameter", parameter]);
    StandIn::start(options.as_flattened())
}

/// Asks the broker, with that ID token as the proof.
pub(crate) fn prove(broker: &StandIn, path: &str, id_token: &str) -> Answer {
    let body = json!({"proof": {"kind": "oidc-id-token", "token": id_token}});
    post(broker, &format!("BrokerApi{path}"), &[], &body.to_string())
}

/// Whether that identity has the files under its own prefix, and none of the other's.
async fn has_files_of_its_own(bucket: &Bucket, own: &Identity, other: &Identity) {
    let s3 = own.s3();
    let prefix = |whose: &Identity| format!("users/{}/", whose.id);
    let letter = |whose: &Identity| format!("{}letter", prefix(whose));
    bucket.put(&s3, &letter(own), "dear").await.unwrap();
    assert_eq!(bucket.get(&s3, &letter(own)).await.unwrap(), "dear");
    let listed = bucket.list(&s3, Some(&prefix(own))).await;
    assert_eq!(listed.unwrap(), [letter(own)]);

    assert_eq!(bucket.put(&s3, &letter(other), "x").await, denied());
    assert_eq!(bucket.get(&s3, &letter(other)).await, denied());
    assert_eq!(bucket.delete(&s3, &letter(other)).await, denied());
    assert_eq!(bucket.list(&s3, Some(&prefix(other))).await, denied());
}

#[tokio::test]
async fn users_of_a_provider_have_files_of_their_own() {
    let provider = Provider::start();
    let bucket = Bucket::of(broker_of(&[provider.as_issuer("partner")]));
    let broker = &bucket.stand_in;
    let (_, of_ines) = provider.tokens_of("ines.falk@example.org").await;
    let (_, of_kim) = provider.tokens_of("kim.berg@example.com").await;
    let [ines, kim] = [&of_ines, &of_kim].map(|token| {
        let answer = prove(broker, "/v1/credentials", token);
        identity_of(broker, &answer)
    });
    assert_ne!(ines.id, kim.id);
    has_files_of_its_own(&bucket, &ines, &kim).await;
    has_files_of_its_own(&bucket, &kim, &ines).await;
}

/// An ID token counts until it expires, where its nonce is no challenge of the broker's; each sign-in gives another.
#[tokio::test]
async fn every_proof_of_a_user_leads_to_the_same_identity() {
    let provider = Provider::start();
    let broker = broker_of(&[provider.as_issuer("partner")]);
    let (_, first) = provider.tokens_of("ines.falk@example.org").await;
    let second = provider.id_token_of("ines.falk@example.org").await;
    assert_ne!(first, second);
    let ids = [&first, &first, &second].map(|token| {
        let answer = prove(&broker, "/v1/credentials", token);
        identity_of(&broker, &answer).id
    });
    assert_eq!(ids[0], ids[1], "the same token, once more");
    assert_eq!(ids[0], ids[2], "the token of another sign-in");
}

#[tokio::test]
async fn a_token_of_the_pool_gives_the_developer_role_and_no_role_of_a_group() {
    let provider = Provider::start();
    let bucket = Bucket::of(broker_of(&[provider.as_issuer("partner")]));
    let broker = &bucket.stand_in;
    let (_, of_ines) = provider.tokens_of("ines.falk@example.org").await;
    let (_, of_kim) = provider.tokens_of("kim.berg@example.com").await;
    let kim = prove(broker, "/v1/credentials", &of_kim);
    let kim = identity_of(broker, &kim);
    let ines = prove(broker, "/v1/credentials", &of_ines);
    let ines = identity_of(broker, &ines);

    broker.stop_clock();
    let answer = prove(broker, "/v1/token", &of_ines);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["identityId"], ines.id);
    assert_eq!(answer.body["expiresIn"], 900);
    let token = answer.body["token"].as_str().unwrap();

    let by_token = assume(broker, "DeveloperRole", token).await.unwrap();
    let by_token = Identity::with(broker, ines.id, by_token);
    has_files_of_its_own(&bucket, &by_token, &kim).await;
    // Whoever chooses the role, what groups of the user pool have is not for others.
    for role in ["MembersRole", "AdminsRole"] {
        let refused = assume(broker, role, token).await.map(drop);
        assert_eq!(refused, Err("AccessDenied".to_owned()), "{role}");
    }
}

/// The credentials of the template's role for whoever has this token, or why there are none.
async fn assume(
    broker: &StandIn,
    role: &str,
    token: &str,
) -> Result<aws_sdk_sts::config::Credentials, String> {
    let stack = broker.get("stack");
    let mut roles = stack["roles"].as_array().unwrap().iter();
    let is_named = |found: &&Value| found["name"].as_str().unwrap().contains(role);
    let arn = roles.find(is_named).unwrap()["arn"].as_str().unwrap();
    let sts = aws_sdk_sts::Client::new(&broker.sdk_config(REGION));
    let assumed = sts
        .assume_role_with_web_identity()
        .role_arn(arn)
        .role_session_name("journey")
        .web_identity_token(token);
    let given = match assumed.send().await {
        Ok(assumed) => assumed.credentials.unwrap(),
        Err(refused) => {
            let refused = crate::identity_pool::refusal(refused.as_service_error().unwrap());
            return Err(refused.0);
        }
    };
    Ok(aws_sdk_sts::config::Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        None,
        "journey",
    ))
}
