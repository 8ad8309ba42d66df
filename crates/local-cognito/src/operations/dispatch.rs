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
    AdminDeleteUserAttributes,
    AdminDisableProviderForUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminInitiateAuth,
    AdminLinkProviderForUser,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    AdminResetUserPassword,
    AdminRespondToAuthChallenge,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    AdminUserGlobalSignOut,
    ChangePassword,
    ConfirmForgotPassword,
    ConfirmSignUp,
    CreateGroup,
    DeleteUser,
    DeleteUserAttributes,
    DescribeUserPool,
    DescribeUserPoolClient,
    ForgotPassword,
    GetGroup,
    GetTokensFromRefreshToken,
    GetUser,
    GetUserAttributeVerificationCode,
    GlobalSignOut,
    InitiateAuth,
    ListGroups,
    ListUsers,
    ResendConfirmationCode,
    RespondToAuthChallenge,
    RevokeToken,
    SignUp,
    UpdateUserAttributes,
    VerifyUserAttribute,
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
            ChangePassword
                | ConfirmForgotPassword
                | ConfirmSignUp
                | DeleteUser
                | DeleteUserAttributes
                | ForgotPassword
                | GetTokensFromRefreshToken
                | GetUser
                | GetUserAttributeVerificationCode
                | GlobalSignOut
                | InitiateAuth
                | ResendConfirmationCode
                | RespondToAuthChallenge
                | RevokeToken
                | SignUp
                | UpdateUserAttributes
                | VerifyUserAttribute
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
        AdminDeleteUserAttributes => admin_delete_user_attributes::run(stand_in, read(body)?),
        AdminDisableProviderForUser => admin_disable_provider_for_user::run(stand_in, read(body)?),
        AdminDisableUser => admin_disable_user::run(stand_in, &read(body)?),
        AdminEnableUser => admin_enable_user::run(stand_in, &read(body)?),
        AdminGetUser => admin_get_user::run(stand_in, &read(body)?),
        AdminInitiateAuth => admin_initiate_auth::run(stand_in, read(body)?).await,
        AdminLinkProviderForUser => admin_link_provider_for_user::run(stand_in, read(body)?),
        AdminListGroupsForUser => admin_list_groups_for_user::run(stand_in, &read(body)?),
        AdminRemoveUserFromGroup => admin_remove_user_from_group::run(stand_in, &read(body)?),
        AdminResetUserPassword => admin_reset_user_password::run(stand_in, read(body)?).await,
        AdminRespondToAuthChallenge => {
            admin_respond_to_auth_challenge::run(stand_in, read(body)?).await
        }
        AdminSetUserPassword => admin_set_user_password::run(stand_in, &read(body)?),
        AdminUpdateUserAttributes => admin_update_user_attributes::run(stand_in, read(body)?).await,
        AdminUserGlobalSignOut => admin_user_global_sign_out::run(stand_in, &read(body)?),
        ChangePassword => change_password::run(stand_in, &read(body)?),
        ConfirmForgotPassword => confirm_forgot_password::run(stand_in, read(body)?).await,
        ConfirmSignUp => confirm_sign_up::run(stand_in, read(body)?).await,
        CreateGroup => create_group::run(stand_in, read(body)?),
        DeleteUser => delete_user::run(stand_in, &read(body)?),
        DeleteUserAttributes => delete_user_attributes::run(stand_in, read(body)?),
        DescribeUserPool => describe_user_pool::run(stand_in, &read(body)?),
        DescribeUserPoolClient => describe_user_pool_client::run(stand_in, &read(body)?),
        ForgotPassword => forgot_password::run(stand_in, read(body)?).await,
        GetGroup => get_group::run(stand_in, &read(body)?),
        GetTokensFromRefreshToken => {
            get_tokens_from_refresh_token::run(stand_in, read(body)?).await
        }
        GetUser => get_user::run(stand_in, &read(body)?),
        GetUserAttributeVerificationCode => {
            get_user_attribute_verification_code::run(stand_in, read(body)?).await
        }
        GlobalSignOut => global_sign_out::run(stand_in, &read(body)?),
        InitiateAuth => initiate_auth::run(stand_in, read(body)?).await,
        ListGroups => list_groups::run(stand_in, &read(body)?),
        ListUsers => list_users::run(stand_in, &read(body)?),
        ResendConfirmationCode => resend_confirmation_code::run(stand_in, read(body)?).await,
        RespondToAuthChallenge => respond_to_auth_challenge::run(stand_in, read(body)?).await,
        RevokeToken => revoke_token::run(stand_in, &read(body)?),
        SignUp => sign_up::run(stand_in, read(body)?).await,
        UpdateUserAttributes => update_user_attributes::run(stand_in, read(body)?).await,
        VerifyUserAttribute => verify_user_attribute::run(stand_in, &read(body)?),
    }
}
