//! Keys of devices: registered by a link, good for one request each time.

use serde_json::{Value, json};

use crate::signers::{DEVICE, DEVICE_P256, PROVIDER, encode};
use crate::stage::{NOW, Stage, device_key, request, with};

const CREDENTIALS: &str = "/v1/credentials";

#[tokio::test]
async fn a_key_stands_for_nobody_until_it_is_linked() {
    let stage = Stage::new().await;
    for device in [&DEVICE, &DEVICE_P256] {
        let proof = stage.device_key(device, CREDENTIALS).await;
        stage.credentials(proof).await.is_problem(401, "not-proven");
        let body = json!({
            "account": stage.id_token(json!({})),
            "login": stage.device_key(device, "/v1/link").await,
        });
        assert_eq!(stage.post("/v1/link", body).await.status, 204);
        let proof = stage.device_key(device, CREDENTIALS).await;
        assert_eq!(stage.credentials(proof).await.status, 200);
    }
    assert_eq!(stage.pool.users().len(), 1);
}

#[tokio::test]
async fn a_challenge_is_answered_once_for_one_thing_by_one_key() {
    let stage = Stage::new().await;
    let body = json!({
        "account": stage.id_token(json!({})),
        "login": stage.device_key(&DEVICE, "/v1/link").await,
    });
    assert_eq!(stage.post("/v1/link", body).await.status, 204);
    let good = stage.device_key(&DEVICE, CREDENTIALS).await;
    let elsewhere = stage.device_key(&DEVICE, "/v1/token").await;
    let fresh = stage.challenge().await;
    for forged in [
        elsewhere,
        device_key(&DEVICE_P256, CREDENTIALS, &fresh),
        device_key(&DEVICE, CREDENTIALS, "a challenge of my own"),
        with(good.clone(), json!({ "challenge": fresh })),
        with(good.clone(), json!({"key": DEVICE_P256.public_key()})),
        with(good.clone(), json!({"key": PROVIDER.public_key()})),
        with(good.clone(), json!({"key": {}})),
        with(good.clone(), json!({"signature": encode([0; 64])})),
        with(good.clone(), json!({"signature": ""})),
    ] {
        stage
            .credentials(forged)
            .await
            .is_problem(401, "not-proven");
    }
    let late = request(CREDENTIALS, json!({ "proof": good }), NOW + 600);
    stage.ask(late).await.is_problem(401, "not-proven");
    assert_eq!(stage.credentials(good.clone()).await.status, 200);
    stage.credentials(good).await.is_problem(401, "not-proven");
}

#[tokio::test]
async fn asking_for_challenges_writes_nothing() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        stage.challenge().await;
    }
    let table = json!({"TableName": crate::stage::REPLAYS});
    let scanned: Value = function_tests::request(&stage.tables, "Scan", &table);
    assert_eq!(scanned["Count"], 0);
    assert_eq!(stage.keys.calls(), ["GenerateMac"], "the key is made once");
}
