//! Rows in the template's table, by credentials of the identity pool: those whose key is one's own identity, and no others.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{KeysAndAttributes, Put, TransactWriteItem};
use tests::identity::{Identity, WITHOUT_GROUPS};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::http_api::tokens_of;
use crate::tables::{self, Row, text};

fn row(identity: &str, name: &str) -> Row {
    [
        ("identity".to_owned(), text(identity)),
        ("name".to_owned(), text(name)),
    ]
    .into()
}

async fn user(stand_in: &StandIn, email: &str) -> Identity {
    let (_, id_token) = tokens_of(&User::new(stand_in, email)).await;
    Identity::of_user(stand_in, &id_token).await.unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn code<E: ProvideErrorMetadata>(error: SdkError<E>) -> String {
    error.code().unwrap_or("none").to_owned()
}

fn denied<T>() -> Result<T, String> {
    Err("AccessDeniedException".to_owned())
}

/// The names of an identity's rows.
async fn names(client: &Client, table: &str, identity: &str) -> Result<Vec<String>, String> {
    let query = client.query().table_name(table);
    let query = query
        .key_condition_expression("#identity = :identity")
        .expression_attribute_names("#identity", "identity")
        .expression_attribute_values(":identity", text(identity));
    let rows = query.send().await.map_err(code)?.items.unwrap_or_default();
    let names = rows.iter().map(|row| row["name"].as_s().unwrap().clone());
    Ok(names.collect())
}

#[tokio::test]
async fn everybody_has_the_rows_of_their_own_key_alone() {
    let stand_in = StandIn::start(&WITHOUT_GROUPS);
    let table = stand_in.table("RowsTable");
    let (ines, kim) = (
        user(&stand_in, "ines@example.org").await,
        user(&stand_in, "kim@example.org").await,
    );
    for somebody in [&ines, &kim] {
        let put = somebody.dynamodb().put_item().table_name(&table);
        let put = put.set_item(Some(row(&somebody.id, "notes"))).send();
        put.await.unwrap();
    }
    let client = kim.dynamodb();
    assert_eq!(
        names(&client, &table, &kim.id).await.unwrap(),
        ["notes".to_owned()]
    );
    assert_eq!(names(&client, &table, &ines.id).await, denied());

    let theirs = row(&ines.id, "notes");
    let get = client.get_item().table_name(&table);
    let get = get.set_key(Some(theirs.clone())).send().await;
    assert_eq!(get.map(drop).map_err(code), denied());
    let put = client.put_item().table_name(&table);
    let put = put.set_item(Some(theirs.clone())).send().await;
    assert_eq!(put.map(drop).map_err(code), denied());
    let update = client.update_item().table_name(&table);
    let update = update.set_key(Some(theirs.clone())).send().await;
    assert_eq!(update.map(drop).map_err(code), denied());
    let delete = client.delete_item().table_name(&table);
    let delete = delete.set_key(Some(theirs.clone())).send().await;
    assert_eq!(delete.map(drop).map_err(code), denied());

    // One's own rows in front of somebody else's open nothing.
    let both = KeysAndAttributes::builder().keys(row(&kim.id, "notes"));
    let both = both.keys(theirs.clone()).build().unwrap();
    let both = client.batch_get_item().request_items(&table, both);
    assert_eq!(both.send().await.map(drop).map_err(code), denied());
    let put = Put::builder().table_name(&table).set_item(Some(theirs));
    let put = TransactWriteItem::builder().put(put.build().unwrap());
    let put = client.transact_write_items().transact_items(put.build());
    assert_eq!(put.send().await.map(drop).map_err(code), denied());

    let scan = client.scan().table_name(&table).send().await;
    assert_eq!(scan.map(drop).map_err(code), denied());
    let statement = format!("SELECT * FROM \"{table}\"");
    let statement = client.execute_statement().statement(statement);
    assert!(statement.send().await.is_err());
    let other_table = stand_in.table("MembershipsTable");
    let other = client.scan().table_name(other_table).send().await;
    assert_eq!(other.map(drop).map_err(code), denied());

    // Nothing was changed by any of that.
    let rows = tables::rows(&stand_in, "RowsTable", "identity").await;
    assert_eq!(rows.len(), 2);
    assert_eq!(
        names(&ines.dynamodb(), &table, &ines.id).await.unwrap(),
        ["notes".to_owned()]
    );
}

#[tokio::test]
async fn a_guest_has_no_rows() {
    let stand_in = StandIn::start(&["--parameter", "AllowGuests=true"]);
    let table = stand_in.table("RowsTable");
    let guest = Identity::of_guest(&stand_in).await.unwrap();
    let put = guest.dynamodb().put_item().table_name(&table);
    let put = put.set_item(Some(row(&guest.id, "notes"))).send().await;
    assert_eq!(put.map(drop).map_err(code), denied());
    let own = names(&guest.dynamodb(), &table, &guest.id).await;
    assert_eq!(own, denied());
}
