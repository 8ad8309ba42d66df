//! Which credentials the template gives to whom, by their groups.

use aws_sdk_cognitoidentity::Error;
use serde_json::json;
use tests::identity::{Identity, WITHOUT_GROUPS};
use tests::stand_in::StandIn;
use tests::user::User;

use crate::files::Bucket;
use crate::http_api::tokens_of;
use crate::idp;

const EMAIL: &str = "ines@example.org";

#[tokio::test]
async fn who_is_in_no_group_gets_no_credentials_and_a_member_gets_those_of_members() {
    let stand_in = StandIn::start(&[]);
    let ines = User::new(&stand_in, EMAIL);
    let (_, of_nobody) = tokens_of(&ines).await;
    let refused = Identity::of_user(&stand_in, &of_nobody).await.err();
    let denied = matches!(refused, Some(Error::NotAuthorizedException(_)));
    assert!(denied, "{refused:?}");

    join(&stand_in, "members");
    let of_member = ines.sign_in().await.unwrap().id_token.unwrap();
    let member = Identity::of_user(&stand_in, &of_member).await.unwrap();
    let key = format!("users/{}/letter.txt", member.id);
    let bucket = Bucket::of(stand_in);
    bucket.put(&member.s3(), &key, "Dear Kim").await.unwrap();
}

#[tokio::test]
async fn groups_need_no_role_where_the_operator_says_so() {
    let stand_in = StandIn::start(&WITHOUT_GROUPS);
    let (_, of_nobody) = tokens_of(&User::new(&stand_in, EMAIL)).await;
    assert!(Identity::of_user(&stand_in, &of_nobody).await.is_ok());
}

fn join(stand_in: &StandIn, group: &str) {
    let group = json!({ "GroupName": group });
    idp::admin(stand_in, "AdminAddUserToGroup", EMAIL, group).unwrap();
}
