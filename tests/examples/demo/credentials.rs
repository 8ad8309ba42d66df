//! Tokens become AWS credentials, and these may do what the template's policies say: for a user, for a partner's user, and for a guest.

use std::fmt::Debug;

use aws_sdk_s3 as s3;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use serde_json::{Value, json};
use tests::identity::Identity;
use tests::stand_in::REGION;
use tests::user::User;

use crate::partner::Partner;
use crate::{Demo, list, text};

impl Demo {
    pub(crate) async fn files_and_rows(&mut self, id_token: &str) {
        self.step(
            "Ines exchanges her ID token for AWS credentials",
            "GetId, GetCredentialsForIdentity",
        );
        let ines = Identity::of_user(&self.stand_in, id_token).await;
        self.expect("the identity pool takes the token", ines.is_ok());
        let Ok(ines) = ines else {
            return;
        };
        self.own_file_and_row(&ines).await;

        self.step(
            "Jan, who has signed up too, wants what is Ines's",
            "S3 GetObject users/<Ines's identity>/letter.txt; DynamoDB GetItem of her row",
        );
        let jan = self.jan().await;
        self.expect("Jan has credentials too", jan.is_some());
        let Some(jan) = jan else {
            return;
        };
        let key = format!("users/{}/letter.txt", ines.id);
        let file = self.read_file(&jan, &key).await;
        self.expect(
            "the file is not Jan's",
            file == Err("AccessDenied".to_owned()),
        );
        let row = self.read_row(&jan, &ines.id).await;
        self.expect(
            "nor is the row",
            row == Err("AccessDeniedException".to_owned()),
        );
    }

    pub(crate) async fn partners_user(&mut self, partner: &Partner) {
        self.step(
            "Kim, whom another OpenID provider knows, exchanges its ID token by the broker",
            "POST /v1/credentials {\"proof\": {\"kind\": \"oidc-id-token\", …}}",
        );
        let token = partner.id_token().await.unwrap_or_default();
        let (status, answer) = self.ask_broker(&token);
        println!("    <- {status}");
        self.expect("the proof is taken", status == 200);
        let Some(kim) = Identity::of_broker(&self.stand_in, &answer) else {
            return self.expect("there are credentials", false);
        };
        self.own_file_and_row(&kim).await;

        self.step(
            "The same token with another signature is no proof",
            "POST /v1/credentials",
        );
        let forged = token
            .rsplit_once('.')
            .map(|(signed, _)| format!("{signed}.AAAA"));
        let (status, answer) = self.ask_broker(&forged.unwrap_or_default());
        println!("    <- {status} {}", answer["code"]);
        self.expect(
            "it is refused",
            (status, &answer["code"]) == (401, &json!("not-proven")),
        );
    }

    pub(crate) async fn guest(&mut self) {
        self.step(
            "A guest may read what is public, and nothing else",
            "GetId, GetCredentialsForIdentity without a login; S3 GetObject, PutObject",
        );
        let guest = Identity::of_guest(&self.stand_in).await;
        self.expect("guests have credentials", guest.is_ok());
        let Ok(guest) = guest else {
            return;
        };
        let operator = s3::Client::new(&self.stand_in.sdk_config(REGION));
        let news = self.write_file(&operator, "public/news.txt").await;
        self.expect("the operator publishes a file", news.is_ok());
        let news = self.read_file(&guest, "public/news.txt").await;
        self.expect("the guest reads it", news.is_ok());
        let key = format!("users/{}/a.txt", guest.id);
        let own = self.write_file(&guest.s3(), &key).await;
        self.expect("and writes nothing", own == Err("AccessDenied".to_owned()));
        let row = self.read_row(&guest, &guest.id).await;
        self.expect(
            "and has no rows",
            row == Err("AccessDeniedException".to_owned()),
        );
    }

    async fn own_file_and_row(&mut self, who: &Identity) {
        self.step(
            "A file under one's own prefix, and a row of one's own",
            "S3 PutObject and GetObject users/<identity>/letter.txt; DynamoDB PutItem and GetItem",
        );
        let key = format!("users/{}/letter.txt", who.id);
        let written = self.write_file(&who.s3(), &key).await;
        self.expect("the file is stored", written.is_ok());
        let read = self.read_file(who, &key).await;
        self.expect("and read", read.is_ok());
        let table = self.stand_in.table("RowsTable");
        let put = who.dynamodb().put_item().table_name(table);
        let put = put
            .item("identity", text(&who.id))
            .item("name", text("settings"));
        let stored = put.send().await.map_err(refusal);
        self.expect("the row is stored", stored.is_ok());
        let row = self.read_row(who, &who.id).await;
        self.expect("and read", row.is_ok());
    }

    /// Another user, who has joined by an invitation into the same group.
    async fn jan(&mut self) -> Option<Identity> {
        let table = self.stand_in.table("InvitationsTable");
        let invitation = [("code", text("SPRING-7742")), ("groups", list("members"))];
        self.put(&table, &invitation).await;
        let jan = User::new(&self.stand_in, "jan.roth@example.org");
        jan.sign_up(Some("SPRING-7742")).await.ok()?;
        jan.confirm().await.ok()?;
        let tokens = jan.sign_in().await.ok()?;
        let identity = Identity::of_user(&self.stand_in, tokens.id_token()?);
        identity.await.ok()
    }

    async fn write_file(&self, client: &s3::Client, key: &str) -> Result<(), String> {
        let body = ByteStream::from_static(b"Dear Jan");
        let put = client
            .put_object()
            .bucket(self.stand_in.bucket("FilesBucket"));
        put.key(key)
            .body(body)
            .send()
            .await
            .map(drop)
            .map_err(refusal)
    }

    async fn read_file(&self, who: &Identity, key: &str) -> Result<(), String> {
        let get = who
            .s3()
            .get_object()
            .bucket(self.stand_in.bucket("FilesBucket"));
        get.key(key).send().await.map(drop).map_err(refusal)
    }

    async fn read_row(&self, who: &Identity, identity: &str) -> Result<(), String> {
        let get = who
            .dynamodb()
            .get_item()
            .table_name(self.stand_in.table("RowsTable"));
        let get = get
            .key("identity", text(identity))
            .key("name", text("settings"));
        get.send().await.map(drop).map_err(refusal)
    }

    /// The status, and the answer.
    fn ask_broker(&self, id_token: &str) -> (u16, Value) {
        let proof = json!({"proof": {"kind": "oidc-id-token", "token": id_token}});
        let request = ureq::post(format!(
            "{}/_api/BrokerApi/v1/credentials",
            self.stand_in.endpoint
        ));
        let request = request.header("content-type", "application/json");
        let request = request.config().http_status_as_error(false).build();
        let Ok(mut answer) = request.send(proof.to_string()) else {
            return (0, Value::Null);
        };
        let body = answer.body_mut().read_json().unwrap_or_default();
        (answer.status().as_u16(), body)
    }
}

/// The name of AWS's error.
fn refusal<E: ProvideErrorMetadata + Debug>(error: SdkError<E>) -> String {
    error.code().unwrap_or("none").to_owned()
}
