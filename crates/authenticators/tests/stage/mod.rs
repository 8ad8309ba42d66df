//! The table and KMS in this process, and an app that shares no code with us.

use std::sync::LazyLock;

use authenticators::{Authenticators, Confirmation, Owner, TotpSecret};
use aws_sdk_dynamodb::Client;
use embedded_dynamodb::Tables;
use function_tests::{Keys, create, items};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use totp_rs::Totp;

pub(crate) const TABLE: &str = "authenticators";
pub(crate) const POOL: &str = "eu-central-1_Kx7QmT2Zd";
pub(crate) const SESSION: &str = "session-1";

/// The table and KMS in this process, and what is under test over them.
pub(crate) struct Stage {
    pub(crate) tables: Tables,
    pub(crate) keys: Keys,
    pub(crate) authenticators: Authenticators,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let tables = Tables::in_memory().unwrap();
        create(&tables, TABLE, &["subject", "authenticator"]);
        let client = tables.client();
        Self::over(client, tables)
    }

    pub(crate) fn over(client: Client, tables: Tables) -> Self {
        let keys = Keys::default();
        let kms = aws_sdk_kms::Client::new(&keys.connection());
        Self {
            tables,
            authenticators: Authenticators::new(client, TABLE, kms, "arn:key"),
            keys,
        }
    }

    /// What the table holds.
    pub(crate) fn items(&self) -> Vec<Value> {
        items(&self.tables, TABLE)
    }

    /// Enrols an app for the user, with the code of 30 s before.
    pub(crate) async fn enrol_app(&self) -> App {
        let before = at(-30);
        let secret = self
            .authenticators
            .start_totp(ines(), SESSION, before)
            .await;
        let app = App::of(&secret.unwrap());
        let code = app.code(before);
        let confirmed = self
            .authenticators
            .confirm_totp(ines(), SESSION, &code, before)
            .await;
        assert_eq!(confirmed.unwrap(), Confirmation::Confirmed);
        app
    }

    /// Makes recovery codes for the user.
    pub(crate) async fn make_codes(&self) -> Vec<SecretString> {
        let made = self.authenticators.make_recovery_codes(ines(), at(0));
        made.await.unwrap().unwrap()
    }
}

pub(crate) fn ines() -> &'static Owner {
    static INES: LazyLock<Owner> = LazyLock::new(|| Owner::new(POOL, "u-1"));
    &INES
}

/// So many seconds after 2027-01-15, 08:00 UTC, when a time step begins.
pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + Duration::seconds(seconds)
}

/// An authenticator app that shares no code with us, and that has read our QR code.
pub(crate) struct App(Totp);

impl App {
    pub(crate) fn of(secret: &TotpSecret) -> Self {
        let uri = secret.uri("Example & Co", "ines@example.org");
        let app = Totp::from_url(uri.expose_secret()).unwrap();
        assert_eq!(app.issuer(), Some("Example & Co"));
        assert_eq!(app.account_name(), "ines@example.org");
        Self(app)
    }

    pub(crate) fn code(&self, now: OffsetDateTime) -> SecretString {
        let time = u64::try_from(now.unix_timestamp()).unwrap();
        self.0.generate(time).to_string().into()
    }

    /// A code that is none of now.
    pub(crate) fn wrong_code(&self, now: OffsetDateTime) -> SecretString {
        let near = [-30, 0, 30].map(|seconds| {
            let code = self.code(now + Duration::seconds(seconds));
            code.expose_secret().to_owned()
        });
        let mut codes = (0..).map(|number| format!("{number:06}"));
        codes.find(|code| !near.contains(code)).unwrap().into()
    }
}
