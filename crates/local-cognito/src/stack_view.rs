//! What the stand-in shows of the stack: for people on the front page and the terminal, for programs at `/stack`.

use serde_json::{Value, json};

use crate::credentials::ADMINISTRATOR;
use crate::http_api::PREFIX;
use crate::stand_in::StandIn;

/// Ids and wiring, for programs.
pub(crate) fn json(stand_in: &StandIn) -> Value {
    let pools = stand_in.pools.all().into_iter().map(|pool| {
        let config = &pool.config;
        let clients: Vec<Value> = config.clients.iter().map(|client| json!({"logicalId": client.logical_id, "id": client.id})).collect();
        json!({
            "logicalId": config.logical_id,
            "id": config.id,
            "issuer": stand_in.issuer.of_pool(&config.id),
            "clients": clients,
            "triggers": config.triggers.iter().map(|(name, wired)| (name.clone(), json!(wired.function))).collect::<serde_json::Map<_, _>>(),
        })
    });
    let identity_pools = stand_in.identity_pools.all().into_iter().map(|pool| {
        let config = &pool.config;
        json!({
            "logicalId": config.logical_id,
            "id": config.id,
            "name": config.name,
            "developerProviderName": config.developer_provider_name,
            "issuer": stand_in.issuer.of_identity_pools(),
            "roles": {
                "authenticated": config.roles.authenticated,
                "unauthenticated": config.roles.unauthenticated,
            },
        })
    });
    let roles = stand_in
        .stack
        .roles
        .iter()
        .map(|role| json!({"name": role.name, "arn": role.arn}));
    let functions = stand_in.stack.functions.iter().map(|function| {
        json!({"logicalId": function.logical_id, "name": function.name, "binary": function.binary})
    });
    let tables = stand_in
        .stack
        .tables
        .iter()
        .map(|table| json!({"logicalId": table.logical_id, "name": table.name}));
    let buckets = stand_in
        .stack
        .buckets
        .iter()
        .map(|bucket| json!({"logicalId": bucket.logical_id, "name": bucket.name}));
    let endpoint = stand_in.issuer.endpoint();
    let apis = stand_in.stack.http_apis.iter().map(|api| {
        let address = format!("{endpoint}{PREFIX}{}", api.logical_id);
        let routes: Vec<Value> = api
            .routes
            .iter()
            .map(|route| json!({"key": route.key(), "function": route.function, "authorization": route.authorization.as_str()}))
            .collect();
        json!({"logicalId": api.logical_id, "id": api.id, "endpoint": address, "routes": routes})
    });
    json!({
        "region": stand_in.stack.region,
        "accountId": stand_in.stack.account_id,
        "administrator": { "accessKeyId": ADMINISTRATOR.0, "secretAccessKey": ADMINISTRATOR.1 },
        "userPools": pools.collect::<Vec<_>>(),
        "identityPools": identity_pools.collect::<Vec<_>>(),
        "roles": roles.collect::<Vec<_>>(),
        "functions": functions.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
        "buckets": buckets.collect::<Vec<_>>(),
        "httpApis": apis.collect::<Vec<_>>(),
        "outputs": stand_in.stack.outputs,
    })
}

/// The wiring, the ids and the endpoints, for people.
pub(crate) fn text(stand_in: &StandIn) -> String {
    let mut lines = Vec::new();
    let mut line = |line: String| lines.push(line);
    for pool in stand_in.pools.all() {
        line(format!("{:<30} {}", pool.config.logical_id, pool.config.id));
        for client in &pool.config.clients {
            line(format!("  {:<28} {}", client.logical_id, client.id));
        }
        for (trigger, wired) in &pool.config.triggers {
            let binary = stand_in
                .stack
                .functions
                .iter()
                .find(|function| function.logical_id == wired.function);
            let binary = binary.map_or("", |function| function.binary.as_str());
            line(format!("  {trigger:<28} {} -> {binary}", wired.function));
        }
    }
    for pool in stand_in.identity_pools.all() {
        line(format!("{:<30} {}", pool.config.logical_id, pool.config.id));
        if let Some(name) = &pool.config.developer_provider_name {
            line(format!("  {:<28} {name}", "developer provider"));
        }
    }
    for table in &stand_in.stack.tables {
        line(format!("{:<30} {}", table.logical_id, table.name));
    }
    for bucket in &stand_in.stack.buckets {
        line(format!("{:<30} s3://{}", bucket.logical_id, bucket.name));
    }
    let endpoint = stand_in.issuer.endpoint();
    for api in &stand_in.stack.http_apis {
        line(format!(
            "{:<30} {endpoint}{PREFIX}{}",
            api.logical_id, api.logical_id
        ));
        for route in &api.routes {
            let (key, authorization) = (route.key(), route.authorization.as_str());
            line(format!("  {key:<28} {} ({authorization})", route.function));
        }
    }
    line(String::new());
    line(format!(
        "endpoint   {endpoint}   cognito-idp, cognito-identity, dynamodb, kms, lambda, s3, ses, sms-voice, sns, ssm, sts"
    ));
    line(format!(
        "outbox     {endpoint}/outbox   messages that would have been sent, codes included"
    ));
    line(format!(
        "calls      {endpoint}/calls    every trigger call, secrets masked"
    ));
    line(format!(
        "decisions  {endpoint}/decisions   what roles were allowed and denied, and by which statement"
    ));
    line(format!(
        "stack      {endpoint}/stack    ids and wiring, for programs"
    ));
    lines.extend(ready_to_paste(stand_in));
    lines.push(String::new());
    lines.join("\n")
}

/// Three lines that work when they are pasted into a terminal with the AWS CLI.
fn ready_to_paste(stand_in: &StandIn) -> Vec<String> {
    let mut pools = stand_in.pools.all().into_iter();
    let Some(pool) = pools.find(|pool| pool.config.is_of_template()) else {
        return Vec::new();
    };
    let Some(client) = pool
        .config
        .clients
        .iter()
        .find(|client| client.secret.is_none())
    else {
        return Vec::new();
    };
    let (key, secret) = ADMINISTRATOR;
    let cli = format!(
        "AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret} aws --endpoint-url {} --region {}",
        stand_in.issuer.endpoint(),
        stand_in.stack.region
    );
    let (pool, client, name) = (&pool.config.id, &client.id, "ines.falk@example.org");
    let call = |call: String| format!("{cli} cognito-idp {call}");
    vec![
        String::new(),
        call(format!(
            "sign-up --client-id {client} --username {name} --password Correct-Horse-19"
        )),
        call(format!(
            "admin-confirm-sign-up --user-pool-id {pool} --username {name}"
        )),
        call(format!(
            "list-users --user-pool-id {pool} --filter 'email = \"{name}\"'"
        )),
    ]
}
