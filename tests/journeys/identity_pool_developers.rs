//! What a developer's own server asks of an identity pool: tokens for its users, and whose they are.

use aws_sdk_cognitoidentity::types::ErrorCode;

use crate::identity_pool::{COGNITO, DEVELOPER, Pools, forged, refusal, refused};

/// Asks for a developer's token with these logins, for an identity if one is named.
async fn token(
    pools: &Pools,
    identity_id: Option<&str>,
    logins: &[(&str, &str)],
) -> Result<String, (String, String)> {
    let call = pools.identity.get_open_id_token_for_developer_identity();
    let mut call = call
        .identity_pool_id(pools.pool("IdentityPool"))
        .set_identity_id(identity_id.map(str::to_owned));
    for (provider, login) in logins {
        call = call.logins(*provider, *login);
    }
    match call.send().await {
        Ok(answer) => Ok(answer.identity_id.unwrap()),
        Err(error) => Err(refusal(error.as_service_error().unwrap())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_linked_to_whom_their_other_login_shows() {
    let pools = Pools::start();
    let (provider, id_token) = (pools.provider(), pools.id_token("ines"));
    let login = (provider.as_str(), id_token.as_str());
    let id = pools.get_id("IdentityPool", Some(login)).await.unwrap();
    let no_match = "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    let alone = token(&pools, Some(&id), &[(DEVELOPER, "u-1")]).await;
    assert_eq!(alone, refused("NotAuthorized", no_match));
    let forged_token = forged(&id_token);
    let with_forged = [
        (DEVELOPER, "u-1"),
        (provider.as_str(), forged_token.as_str()),
    ];
    assert_eq!(
        token(&pools, Some(&id), &with_forged).await,
        refused(
            "NotAuthorized",
            "Invalid login token. Couldn't verify signed token."
        )
    );
    let linked = token(&pools, Some(&id), &[(DEVELOPER, "u-1"), login]).await;
    assert_eq!(linked, Ok(id.clone()));
    assert_eq!(
        token(&pools, None, &[(DEVELOPER, "u-1")]).await,
        Ok(id.clone())
    );

    let described = pools
        .identity
        .describe_identity()
        .identity_id(&id)
        .send()
        .await;
    let described = described.unwrap();
    assert_eq!(described.logins(), [provider.clone(), DEVELOPER.to_owned()]);
    let unlink = pools.identity.unlink_identity().identity_id(&id);
    let unlinked = unlink
        .logins(&provider, &id_token)
        .logins_to_remove(&provider);
    unlinked.send().await.unwrap();
    let described = pools
        .identity
        .describe_identity()
        .identity_id(&id)
        .send()
        .await;
    assert_eq!(described.unwrap().logins(), [DEVELOPER]);
    let again = pools.get_id("IdentityPool", Some(login)).await.unwrap();
    assert_ne!(again, id, "an unlinked login is somebody new");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_becomes_a_developer_s_user_and_never_another_s() {
    let pools = Pools::start();
    let guest = pools.get_id("IdentityPool", None).await.unwrap();
    let user = [(DEVELOPER, "u-1")];
    assert_eq!(token(&pools, Some(&guest), &user).await, Ok(guest.clone()));
    let other = pools.get_id("IdentityPool", None).await.unwrap();
    let taken = token(&pools, Some(&other), &user).await.unwrap_err();
    assert_eq!(taken.0, "DeveloperUserAlreadyRegisteredException");
    assert!(
        pools.credentials(&other, None).await.is_ok(),
        "the other is a guest still"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_no_pool_takes_are_refused() {
    let pools = Pools::start();
    let wrong = "This identity pool does not support the specified developer provider";
    assert_eq!(
        token(&pools, None, &[("other.example.org", "u-1")]).await,
        refused("InvalidParameter", wrong)
    );
    let pool = pools.pool("IdentityPool");
    let call = || {
        let call = pools.identity.get_open_id_token_for_developer_identity();
        call.identity_pool_id(&pool).logins(DEVELOPER, "u-1")
    };
    for seconds in [0, 86_401] {
        let error = call().token_duration(seconds).send().await.unwrap_err();
        let (name, _) = refusal(error.as_service_error().unwrap());
        assert_eq!(name, "ValidationException", "{seconds}");
    }
    for seconds in [1, 86_400] {
        assert!(
            call().token_duration(seconds).send().await.is_ok(),
            "{seconds}"
        );
    }
    for (key, value) in [("tenant", ""), ("aws:tenant", "a"), ("tenant", "a;b")] {
        assert!(
            call().principal_tags(key, value).send().await.is_err(),
            "{key} {value}"
        );
    }
    let many = (0..51).fold(call(), |call, n| call.principal_tags(format!("t{n}"), "1"));
    assert!(many.send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_looked_up_merged_and_unlinked() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    let (old, old_token) = pools.developer_token("u-old").await;
    let (new, _) = pools.developer_token("u-new").await;
    let merge = pools.identity.merge_developer_identities();
    let merged = merge
        .identity_pool_id(&pool)
        .developer_provider_name(DEVELOPER)
        .source_user_identifier("u-old")
        .destination_user_identifier("u-new");
    let merged = merged.send().await.unwrap();
    assert_eq!(merged.identity_id(), Some(new.as_str()));
    assert_eq!(pools.developer_token("u-old").await.0, new);
    let forbidden = format!("Access to Identity '{old}' is forbidden.");
    assert_eq!(
        pools
            .credentials(&old, Some((COGNITO, &old_token)))
            .await
            .map(|_| ()),
        refused("NotAuthorized", &forbidden)
    );

    let lookup = || {
        let lookup = pools.identity.lookup_developer_identity();
        lookup.identity_pool_id(&pool)
    };
    let found = lookup()
        .developer_user_identifier("u-old")
        .send()
        .await
        .unwrap();
    assert_eq!(found.identity_id(), Some(new.as_str()));
    assert_eq!(found.developer_user_identifier_list(), ["u-new", "u-old"]);
    let first = lookup()
        .identity_id(&new)
        .max_results(1)
        .send()
        .await
        .unwrap();
    assert_eq!(first.developer_user_identifier_list(), ["u-new"]);
    let next = first.next_token().unwrap();
    let second = lookup().identity_id(&new).max_results(1).next_token(next);
    let second = second.send().await.unwrap();
    assert_eq!(second.developer_user_identifier_list(), ["u-old"]);
    assert_eq!(second.next_token(), None);
    let conflict = lookup()
        .identity_id(&old)
        .developer_user_identifier("u-new");
    let conflict = conflict.send().await.unwrap_err().into_service_error();
    assert!(conflict.is_resource_conflict_exception(), "{conflict:?}");
    let nobody = lookup().developer_user_identifier("u-none").send().await;
    let nobody = nobody.unwrap_err().into_service_error();
    assert!(nobody.is_resource_not_found_exception(), "{nobody:?}");

    let unlink = || {
        let unlink = pools.identity.unlink_developer_identity();
        let unlink = unlink.identity_pool_id(&pool).identity_id(&new);
        unlink
            .developer_provider_name(DEVELOPER)
            .developer_user_identifier("u-old")
    };
    unlink().send().await.unwrap();
    assert!(unlink().send().await.is_err(), "it is linked no more");
    assert_ne!(pools.developer_token("u-old").await.0, new);
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_are_listed_and_deleted() {
    let pools = Pools::start();
    let pool = pools.pool("IdentityPool");
    for user in ["u-1", "u-2", "u-3"] {
        pools.developer_token(user).await;
    }
    let merge = pools.identity.merge_developer_identities();
    let merge = merge
        .identity_pool_id(&pool)
        .developer_provider_name(DEVELOPER);
    let merged = merge
        .source_user_identifier("u-1")
        .destination_user_identifier("u-2");
    let kept = merged.send().await.unwrap().identity_id.unwrap();
    let list = |hide: bool| {
        let list = pools.identity.list_identities().identity_pool_id(&pool);
        list.max_results(60).hide_disabled(hide).send()
    };
    assert_eq!(list(false).await.unwrap().identities().len(), 3);
    assert_eq!(list(true).await.unwrap().identities().len(), 2);
    let deleted = pools.identity.delete_identities();
    let deleted = deleted.identity_ids_to_delete(&kept).send().await.unwrap();
    let codes: Vec<Option<&ErrorCode>> = deleted
        .unprocessed_identity_ids()
        .iter()
        .map(|unprocessed| unprocessed.error_code())
        .collect();
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(list(true).await.unwrap().identities().len(), 1);
    assert_ne!(pools.developer_token("u-2").await.0, kept);
}
