//! The stand-in's memory and rates, and the demonstration's time.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_cognitoidentityprovider::types::{
    AuthFlowType, LambdaConfigType, VerifiedAttributeType,
};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::report::{Bound, Report};
use crate::runtime_api::resident_bytes;

const USERS: usize = 32;
const CLIENTS: usize = 8;
const MEASURED_FOR: Duration = Duration::from_secs(6);
/// How many have signed up meanwhile, over all measurements: a name can be taken once.
static SIGNED_UP: AtomicUsize = AtomicUsize::new(0);
const MEGABYTE: f64 = 1_048_576.0;

/// Memory when idle, sign-ins a second, and how long the demonstration takes.
pub(crate) fn measure(report: &mut Report) {
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let stand_in = Arc::new(StandIn::start(&["--parameter", "PasswordSignIn=true"]));
    let idle = resident_bytes(stand_in.process_id()) / MEGABYTE;
    report.add(
        "local-cognito: resident when idle",
        idle,
        "MB",
        Bound::AtMost(60.0),
    );

    runtime.block_on(make_users(&stand_in));
    let mut add = |name: &str, way, bound| {
        let rate = runtime.block_on(rate(&stand_in, way));
        report.add(&format!("local-cognito: {name}"), rate, "users/s", bound);
    };
    let (by_srp, by_password) = (
        "sign-ins by USER_SRP_AUTH",
        "sign-ins by USER_PASSWORD_AUTH",
    );
    add(
        &format!("{by_srp}, three functions each"),
        Way::Srp,
        Bound::None,
    );
    add(
        &format!("{by_password}, three functions each"),
        Way::Password,
        Bound::None,
    );
    // The bounds are for what the stand-in does itself, so one function is left to a sign-in.
    runtime.block_on(keep_pre_sign_up_and_tokens(&stand_in));
    add(by_srp, Way::Srp, Bound::AtLeast(100.0));
    add(by_password, Way::Password, Bound::AtLeast(600.0));
    demonstration(report);
}

#[derive(Clone, Copy)]
enum Way {
    Srp,
    Password,
}

fn address(number: usize) -> String {
    format!("user{number}@example.org")
}

async fn make_users(stand_in: &StandIn) {
    for number in 0..USERS {
        let user = User::new(stand_in, &address(number));
        user.sign_up(None).await.expect("the sign-up passes");
        user.confirm().await.expect("the code is right");
    }
}

/// Takes all other triggers from the pool.
async fn keep_pre_sign_up_and_tokens(stand_in: &StandIn) {
    let cognito = stand_in.cognito();
    let described = cognito.describe_user_pool().user_pool_id(&stand_in.pool);
    let described = described.send().await.expect("the pool is there");
    let all = described.user_pool.and_then(|pool| pool.lambda_config);
    let all = all.expect("the pool has triggers");
    let kept = LambdaConfigType::builder()
        .set_pre_sign_up(all.pre_sign_up)
        .set_pre_token_generation_config(all.pre_token_generation_config);
    let update = cognito.update_user_pool().user_pool_id(&stand_in.pool);
    let update = update
        .lambda_config(kept.build())
        .auto_verified_attributes(VerifiedAttributeType::Email);
    update.send().await.expect("the pool can be changed");
}

/// Sign-ins a second by several clients at once, while others sign up.
async fn rate(stand_in: &Arc<StandIn>, way: Way) -> f64 {
    let (signed_in, stop) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (stand_in, signed_in, stop) = (
            Arc::clone(stand_in),
            Arc::clone(&signed_in),
            Arc::clone(&stop),
        );
        clients.spawn(async move {
            let cognito = stand_in.cognito();
            for turn in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let email = address((client + turn * CLIENTS) % USERS);
                let user = User::with_client(&stand_in, cognito.clone(), &email);
                match way {
                    Way::Srp => drop(user.sign_in().await.expect("the sign-in passes")),
                    Way::Password => {
                        let start = cognito
                            .initiate_auth()
                            .client_id(&stand_in.web_client)
                            .auth_flow(AuthFlowType::UserPasswordAuth);
                        let start = start
                            .auth_parameters("USERNAME", &user.email)
                            .auth_parameters("PASSWORD", &user.password);
                        start.send().await.expect("the sign-in passes");
                    }
                }
                signed_in.fetch_add(1, Ordering::Relaxed);
                if turn % 25 == 24 {
                    let number = SIGNED_UP.fetch_add(1, Ordering::Relaxed);
                    let name = format!("new{number}@example.org");
                    User::with_client(&stand_in, cognito.clone(), &name)
                        .sign_up(None)
                        .await
                        .expect("the sign-up passes");
                }
            }
        });
    }
    // The first second warms the functions and the connections up.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (before, started) = (signed_in.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(MEASURED_FOR).await;
    let rate =
        (signed_in.load(Ordering::Relaxed) - before) as f64 / started.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        ended.expect("no client fails");
    }
    rate
}

/// `make demo` on built code; the debug build is the one that it runs.
fn demonstration(report: &mut Report) {
    let here = std::env::current_exe().expect("this program has a path");
    let target = here
        .ancestors()
        .find(|directory| directory.ends_with("target"));
    let demo = target
        .map(|target| target.join("debug/examples/demo"))
        .filter(|demo| demo.is_file());
    let Some(demo) = demo else { return };
    let started = Instant::now();
    let held = Command::new(demo)
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(held, "the demonstration holds");
    report.add(
        "make demo, built",
        started.elapsed().as_secs_f64(),
        "s",
        Bound::AtMost(3.0),
    );
}
