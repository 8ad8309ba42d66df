//! Which operations there are, who may ask them, and what runs each.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde_json::Value;

use super::*;

/// What a client can ask of a user pool here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Operation {
    AdminAddUserToGroup,
    AdminConfirmSignUp,
    AdminCreateUser,
    AdminDeleteUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminInitiateAuth,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    AdminRespondToAuthChallenge,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    AdminUserGlobalSignOut,
    ConfirmSignUp,
    CreateGroup,
    DescribeUserPool,
    DescribeUserPoolClient,
    GetGroup,
    GetTokensFromRefreshToken,
    GetUser,
    GlobalSignOut,
    InitiateAuth,
    ListGroups,
    ListUsers,
    ResendConfirmationCode,
    RespondToAuthChallenge,
    RevokeToken,
    SignUp,
}

impl Operation {
    /// The operation of this name, if it is one of these.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
        Self::deserialize(name).ok()
    }

    /// Whether AWS asks for credentials; the others are open to anyone who knows a client id or holds a token.
    pub(super) fn needs_credentials(self) -> bool {
        use Operation::*;
        !matches!(
            self,
            ConfirmSignUp
                | GetTokensFromRefreshToken
                | GetUser
                | GlobalSignOut
                | InitiateAuth
                | ResendConfirmationCode
                | RespondToAuthChallenge
                | RevokeToken
                | SignUp
        )
    }
}

/// Reads the operation's input and runs it.
pub(super) async fn run(
    stand_in: &StandIn,
    operation: Operation,
    body: &[u8],
) -> Result<Value, Error> {
    use Operation::*;
    match operation {
        AdminAddUserToGroup => admin_add_user_to_group::run(stand_in, &read(body)?),
        AdminConfirmSignUp => admin_confirm_sign_up::run(stand_in, read(body)?).await,
        AdminCreateUser => admin_create_user::run(stand_in, read(body)?).await,
        AdminDeleteUser => admin_delete_user::run(stand_in, &read(body)?),
        AdminDisableUser => admin_disable_user::run(stand_in, &read(body)?),
        AdminEnableUser => admin_enable_user::run(stand_in, &read(body)?),
        AdminGetUser => admin_get_user::run(stand_in, &read(body)?),
        AdminInitiateAuth => admin_initiate_auth::run(stand_in, read(body)?).await,
        AdminListGroupsForUser => admin_list_groups_for_user::run(stand_in, &read(body)?),
        AdminRemoveUserFromGroup => admin_remove_user_from_group::run(stand_in, &read(body)?),
        AdminRespondToAuthChallenge => {
            admin_respond_to_auth_challenge::run(stand_in, read(body)?).await
        }
        AdminSetUserPassword => admin_set_user_password::run(stand_in, &read(body)?),
        AdminUpdateUserAttributes => admin_update_user_attributes::run(stand_in, read(body)?),
        AdminUserGlobalSignOut => admin_user_global_sign_out::run(stand_in, &read(body)?),
        ConfirmSignUp => confirm_sign_up::run(stand_in, read(body)?).await,
        CreateGroup => create_group::run(stand_in, read(body)?),
        DescribeUserPool => describe_user_pool::run(stand_in, &read(body)?),
        DescribeUserPoolClient => describe_user_pool_client::run(stand_in, &read(body)?),
        GetGroup => get_group::run(stand_in, &read(body)?),
        GetTokensFromRefreshToken => {
            get_tokens_from_refresh_token::run(stand_in, read(body)?).await
        }
        GetUser => get_user::run(stand_in, &read(body)?),
        GlobalSignOut => global_sign_out::run(stand_in, &read(body)?),
        InitiateAuth => initiate_auth::run(stand_in, read(body)?).await,
        ListGroups => list_groups::run(stand_in, &read(body)?),
        ListUsers => list_users::run(stand_in, &read(body)?),
        ResendConfirmationCode => resend_confirmation_code::run(stand_in, read(body)?).await,
        RespondToAuthChallenge => respond_to_auth_challenge::run(stand_in, read(body)?).await,
        RevokeToken => revoke_token::run(stand_in, &read(body)?),
        SignUp => sign_up::run(stand_in, read(body)?).await,
    }
}
