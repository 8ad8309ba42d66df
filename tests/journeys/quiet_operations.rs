//! What an administrator does without a trigger being fired.

use serde_json::json;

use crate::flows;
use crate::idp::{self, PASSWORD, admin};
use crate::recorded::trigger_sources;

#[test]
fn what_an_administrator_does_to_a_user_fires_nothing() {
    let stand_in = idp::alias_pool();
    idp::user(&stand_in, "ines", "ines.falk@example.org");
    let group = json!({"UserPoolId": stand_in.pool, "GroupName": "readers"});
    idp::call(&stand_in, "CreateGroup", group).unwrap();
    let fired = trigger_sources(&stand_in).len();
    let readers = json!({"GroupName": "readers"});
    let password = json!({"Password": PASSWORD, "Permanent": true});
    for (operation, more) in [
        ("AdminSetUserPassword", password),
        ("AdminAddUserToGroup", readers.clone()),
        ("AdminRemoveUserFromGroup", readers),
        ("AdminUserGlobalSignOut", json!({})),
        ("AdminDisableUser", json!({})),
        ("AdminEnableUser", json!({})),
        ("AdminDeleteUser", json!({})),
    ] {
        admin(&stand_in, operation, "ines", more).unwrap();
    }
    flows::ADMINISTRATION.was_fired(&stand_in, fired);
}
