//! How long it takes does not tell who exists. That the calls are the same is shown in `existence.rs`; this is about the work between them.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::stage::*;

const ROUNDS: usize = 1_000;

/// The Mann-Whitney test over 1,000 rounds each, in turn: how likely a round of a user takes longer than one of nobody. Without any
/// difference that is 0.5, with a standard deviation of 0.013; the bound is at five of them, so that a machine that is busy does not fail it,
/// and one call more or less does, by far.
#[tokio::test]
async fn a_round_of_nobody_takes_as_long_as_one_of_a_user() {
    const BOUND: f64 = 0.065;
    let stage = Stage::new("email-code");
    let (mut user, mut nobody) = (Vec::new(), Vec::new());
    for number in 0..ROUNDS {
        // Whoever is first would always find the processor's caches as the other left them.
        let order = if number % 2 == 0 {
            [Who::Ines, Who::Nobody]
        } else {
            [Who::Nobody, Who::Ines]
        };
        for who in order {
            let took = round(&stage, who, number).await;
            match who {
                Who::Nobody => nobody.push(took),
                _ => user.push(took),
            }
        }
    }
    let likelihood = likelihood_of_longer(&user, &nobody);
    assert!((likelihood - 0.5).abs() < BOUND, "{likelihood}");
}

/// One challenge and one wrong answer, of somebody new.
async fn round(stage: &Stage, who: Who, number: usize) -> Duration {
    let mut sign_in = SignIn::of(who);
    match who {
        Who::Nobody => sign_in.user_name = format!("{number}@example.org").into(),
        _ => sign_in.attributes["sub"] = format!("u-{number}").into(),
    }
    let metadata = json!({});
    let began = Instant::now();
    sign_in.created = stage
        .create(&sign_in, &metadata, now())
        .await
        .unwrap()
        .response;
    let answer = stage.verify(&sign_in, "-", &metadata, now()).await;
    let took = began.elapsed();
    assert!(!answer.unwrap().0);
    took
}

/// Mann and Whitney's U over the number of pairs.
fn likelihood_of_longer(these: &[Duration], those: &[Duration]) -> f64 {
    let longer = |this: &Duration| {
        let shorter = those.iter().filter(|that| *that < this).count() as f64;
        let equal = those.iter().filter(|that| *that == this).count() as f64;
        shorter + equal / 2.0
    };
    let pairs = (these.len() * those.len()) as f64;
    these.iter().map(longer).sum::<f64>() / pairs
}

#[test]
fn a_difference_is_seen() {
    let times = |from: u64| {
        (from..from + 100)
            .map(Duration::from_micros)
            .collect::<Vec<_>>()
    };
    for (from, expected) in [(0, 0.5), (1_000, 1.0), (50, 0.875)] {
        let likelihood = likelihood_of_longer(&times(from), &times(0));
        assert!((likelihood - expected).abs() < 0.01, "{from}: {likelihood}");
    }
}
