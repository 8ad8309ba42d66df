//! How often somebody can try, before any hash is computed.

use serde_json::{Value, json};

use function_tests::items;

use crate::stage::{PASSWORD, Stage, at, forgot, ines, sign_in};

#[tokio::test]
async fn tries_under_one_name_are_limited_however_it_is_spelt() {
    let stage = Stage::new(&[ines(json!({}))], [("TRIES_PER_USER", "3")]);
    for name in ["ines@example.org", "INES@example.org", " Ines@EXAMPLE.org"] {
        assert_eq!(
            stage.answer(sign_in(name, "wrong"), at(0)).await,
            "NotThere"
        );
    }
    for _ in 0..2 {
        let right = sign_in("ines@example.org", PASSWORD);
        assert_eq!(stage.answer(right, at(0)).await, "Throttled");
        assert_eq!(
            stage.answer(forgot("ines@example.org"), at(0)).await,
            "Throttled"
        );
    }
    assert_eq!(
        stage.answer(sign_in("kim", "wrong"), at(0)).await,
        "NotThere"
    );
    let right = sign_in("ines@example.org", PASSWORD);
    assert_eq!(stage.answer(right, at(15 * 60)).await, "Migrated");
}

#[tokio::test]
async fn tries_under_all_names_are_limited_and_one_name_cannot_use_them_up() {
    let limits = [("TRIES_PER_USER", "3"), ("TRIES_PER_MINUTE", "5")];
    let stage = Stage::new(&[ines(json!({}))], limits);
    for _ in 0..20 {
        stage.answer(sign_in("attacked", "wrong"), at(0)).await;
    }
    for name in ["a", "b"] {
        assert_eq!(
            stage.answer(sign_in(name, "wrong"), at(0)).await,
            "NotThere"
        );
    }
    assert_eq!(
        stage.answer(sign_in("c", "wrong"), at(0)).await,
        "Throttled"
    );
    assert_eq!(
        stage.answer(sign_in("c", "wrong"), at(60)).await,
        "NotThere"
    );
}

#[tokio::test]
async fn tries_at_once_are_counted_all() {
    let stage = Stage::new(&[], [("TRIES_PER_USER", "3")]);
    let run = || stage.answer(sign_in("ines", "wrong"), at(0));
    let answers = tokio::join!(run(), run(), run(), run(), run(), run());
    let answers = <[&str; 6]>::from(answers);
    let throttled = answers.iter().filter(|answer| **answer == "Throttled");
    assert_eq!(throttled.count(), 3);
}

#[tokio::test]
async fn the_table_of_tries_knows_no_names() {
    let stage = Stage::new(&[], []);
    stage
        .answer(sign_in("ines@example.org", "wrong"), at(0))
        .await;
    let tries = Value::from(items(&stage.tables, "tries"));
    assert_eq!(tries.as_array().unwrap().len(), 2);
    assert!(!tries.to_string().contains("ines"), "{tries}");
    for window in tries.as_array().unwrap() {
        assert_eq!(window["tries"], json!({"N": "1"}));
        let ends: i64 = window["expiresAt"]["N"].as_str().unwrap().parse().unwrap();
        let left = ends - at(0).unix_timestamp();
        assert!((1..=900).contains(&left), "{window}");
    }
}
