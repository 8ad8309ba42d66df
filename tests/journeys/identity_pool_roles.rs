//! Roles by the token's claims and by rules, and claims that become tags.

use serde_json::json;

use crate::identity_pool::{Pools, refused};
use crate::idp;

fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

/// The role that a user gets by an app client, with a role of their own choosing or not.
async fn role_of(
    pools: &Pools,
    user: &str,
    client: &str,
    custom: Option<&str>,
) -> Result<String, (String, String)> {
    let tokens = pools.sign_in(user, client);
    let token = tokens["IdToken"].as_str().unwrap();
    let provider = pools.provider();
    let login = Some((provider.as_str(), token));
    let id = pools.get_id("MappedPool", login).await?;
    let custom = custom.map(role);
    let given = pools
        .credentials_of_role(&id, login, custom.as_deref())
        .await;
    let (_, credentials) = given?;
    let arn = pools.who(credentials).await.unwrap();
    Ok(arn.split('/').nth(1).unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_choose_the_role() {
    let pools = Pools::start();
    let join = |user: &str, group: &str| {
        let group = json!({"GroupName": group});
        idp::admin(&pools.stand_in, "AdminAddUserToGroup", user, group).unwrap();
    };
    pools.add_user("ines", &[]);
    assert_eq!(
        role_of(&pools, "ines", "WebClient", None).await.unwrap(),
        "default"
    );
    join("ines", "staff");
    assert_eq!(
        role_of(&pools, "ines", "WebClient", None).await.unwrap(),
        "staff"
    );
    join("ines", "ops");
    assert_eq!(
        role_of(&pools, "ines", "WebClient", None).await.unwrap(),
        "ops"
    );
    let asked = role_of(&pools, "ines", "WebClient", Some("staff")).await;
    assert_eq!(asked.unwrap(), "staff");
    let denied = "Access denied: the token has no claim to that role";
    let asked = role_of(&pools, "ines", "WebClient", Some("default")).await;
    assert_eq!(asked, refused("NotAuthorized", denied));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_choose_the_role_and_attributes_become_tags() {
    let pools = Pools::start();
    let denied = "Access denied: the token has no claim to that role";
    for (user, dept, expected) in [
        ("ines", "ops", Ok("ops")),
        ("odo", "opera", Ok("staff")),
        ("ute", "sales", refused("NotAuthorized", denied)),
    ] {
        pools.add_user(user, &[("custom:dept", dept)]);
        let given = role_of(&pools, user, "RulesClient", None).await;
        assert_eq!(given, expected.map(str::to_owned), "{user}");
    }
    let later = role_of(&pools, "ines", "RulesClient", Some("staff")).await;
    assert_eq!(later.unwrap(), "staff");
    let of_nobody = role_of(&pools, "odo", "RulesClient", Some("ops")).await;
    assert_eq!(of_nobody, refused("NotAuthorized", denied));

    // A tag that STS cannot take is a wrong configuration, as the role's trust would be that does not let tags in.
    pools.add_user("uwe", &[("custom:dept", "op;era")]);
    let wrong = "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
    assert_eq!(
        role_of(&pools, "uwe", "RulesClient", None).await,
        refused("InvalidIdentityPoolConfiguration", wrong)
    );
}
