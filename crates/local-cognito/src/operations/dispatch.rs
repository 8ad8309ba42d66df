//! Which operations there are, who may ask them, and what runs each.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde_json::Value;

use super::*;

/// What a client can ask of a user pool here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Operation {
    AddCustomAttributes,
    AdminAddUserToGroup,
    AdminConfirmSignUp,
    AdminCreateUser,
    AdminDeleteUser,
    AdminDeleteUserAttributes,
    AdminDisableProviderForUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminForgetDevice,
    AdminGetDevice,
    AdminGetUser,
    AdminInitiateAuth,
    AdminLinkProviderForUser,
    AdminListDevices,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    AdminResetUserPassword,
    AdminRespondToAuthChallenge,
    AdminSetUserMFAPreference,
    AdminSetUserPassword,
    AdminUpdateDeviceStatus,
    AdminUpdateUserAttributes,
    AdminUserGlobalSignOut,
    AssociateSoftwareToken,
    ChangePassword,
    ConfirmDevice,
    ConfirmForgotPassword,
    ConfirmSignUp,
    CreateGroup,
    CreateIdentityProvider,
    CreateResourceServer,
    CreateUserPool,
    CreateUserPoolClient,
    CreateUserPoolDomain,
    DeleteGroup,
    DeleteIdentityProvider,
    DeleteResourceServer,
    DeleteUser,
    DeleteUserAttributes,
    DeleteUserPool,
    DeleteUserPoolClient,
    DeleteUserPoolDomain,
    DescribeIdentityProvider,
    DescribeResourceServer,
    DescribeUserPool,
    DescribeUserPoolClient,
    DescribeUserPoolDomain,
    ForgetDevice,
    ForgotPassword,
    GetClientToken,
    GetDevice,
    GetGroup,
    GetIdentityProviderByIdentifier,
    GetTokensFromRefreshToken,
    GetUser,
    GetUserAttributeVerificationCode,
    GetUserPoolMfaConfig,
    GlobalSignOut,
    InitiateAuth,
    ListDevices,
    ListGroups,
    ListIdentityProviders,
    ListResourceServers,
    ListTagsForResource,
    ListUserPoolClients,
    ListUserPools,
    ListUsers,
    ListUsersInGroup,
    ResendConfirmationCode,
    RespondToAuthChallenge,
    RevokeToken,
    SetUserMFAPreference,
    SetUserPoolMfaConfig,
    SignUp,
    TagResource,
    UntagResource,
    UpdateDeviceStatus,
    UpdateGroup,
    UpdateIdentityProvider,
    UpdateResourceServer,
    UpdateUserAttributes,
    UpdateUserPool,
    UpdateUserPoolClient,
    UpdateUserPoolDomain,
    VerifySoftwareToken,
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
            AssociateSoftwareToken
                | ChangePassword
                | ConfirmDevice
                | ConfirmForgotPassword
                | ConfirmSignUp
                | DeleteUser
                | DeleteUserAttributes
                | ForgetDevice
                | ForgotPassword
                | GetClientToken
                | GetDevice
                | GetTokensFromRefreshToken
                | GetUser
                | GetUserAttributeVerificationCode
                | GlobalSignOut
                | InitiateAuth
                | ListDevices
                | ResendConfirmationCode
                | RespondToAuthChallenge
                | RevokeToken
                | SetUserMFAPreference
                | SignUp
                | UpdateDeviceStatus
                | UpdateUserAttributes
                | VerifySoftwareToken
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
        AddCustomAttributes => add_custom_attributes::run(stand_in, read(body)?),
        AdminAddUserToGroup => admin_add_user_to_group::run(stand_in, &read(body)?),
        AdminConfirmSignUp => admin_confirm_sign_up::run(stand_in, read(body)?).await,
        AdminCreateUser => admin_create_user::run(stand_in, read(body)?).await,
        AdminDeleteUser => admin_delete_user::run(stand_in, &read(body)?),
        AdminDeleteUserAttributes => admin_delete_user_attributes::run(stand_in, read(body)?),
        AdminDisableProviderForUser => admin_disable_provider_for_user::run(stand_in, read(body)?),
        AdminDisableUser => admin_disable_user::run(stand_in, &read(body)?),
        AdminEnableUser => admin_enable_user::run(stand_in, &read(body)?),
        AdminForgetDevice => admin_forget_device::run(stand_in, &read(body)?),
        AdminGetDevice => admin_get_device::run(stand_in, &read(body)?),
        AdminGetUser => admin_get_user::run(stand_in, &read(body)?),
        AdminInitiateAuth => admin_initiate_auth::run(stand_in, read(body)?).await,
        AdminLinkProviderForUser => admin_link_provider_for_user::run(stand_in, read(body)?),
        AdminListDevices => admin_list_devices::run(stand_in, &read(body)?),
        AdminListGroupsForUser => admin_list_groups_for_user::run(stand_in, &read(body)?),
        AdminRemoveUserFromGroup => admin_remove_user_from_group::run(stand_in, &read(body)?),
        AdminResetUserPassword => admin_reset_user_password::run(stand_in, read(body)?).await,
        AdminRespondToAuthChallenge => {
            admin_respond_to_auth_challenge::run(stand_in, read(body)?).await
        }
        AdminSetUserMFAPreference => admin_set_user_mfa_preference::run(stand_in, &read(body)?),
        AdminSetUserPassword => admin_set_user_password::run(stand_in, &read(body)?),
        AdminUpdateDeviceStatus => admin_update_device_status::run(stand_in, &read(body)?),
        AdminUpdateUserAttributes => admin_update_user_attributes::run(stand_in, read(body)?).await,
        AdminUserGlobalSignOut => admin_user_global_sign_out::run(stand_in, &read(body)?),
        AssociateSoftwareToken => associate_software_token::run(stand_in, &read(body)?),
        ChangePassword => change_password::run(stand_in, &read(body)?),
        ConfirmDevice => confirm_device::run(stand_in, read(body)?),
        ConfirmForgotPassword => confirm_forgot_password::run(stand_in, read(body)?).await,
        ConfirmSignUp => confirm_sign_up::run(stand_in, read(body)?).await,
        CreateGroup => create_group::run(stand_in, read(body)?),
        CreateIdentityProvider => identity_providers::create(stand_in, read(body)?),
        CreateResourceServer => resource_servers::create(stand_in, read(body)?),
        CreateUserPool => user_pools::create(stand_in, read(body)?).await,
        CreateUserPoolClient => user_pool_clients::create(stand_in, read(body)?),
        CreateUserPoolDomain => user_pool_domains::create(stand_in, read(body)?),
        DeleteGroup => delete_group::run(stand_in, &read(body)?),
        DeleteIdentityProvider => identity_providers::delete(stand_in, &read(body)?),
        DeleteResourceServer => resource_servers::delete(stand_in, &read(body)?),
        DeleteUser => delete_user::run(stand_in, &read(body)?),
        DeleteUserAttributes => delete_user_attributes::run(stand_in, read(body)?),
        DeleteUserPool => user_pools::delete(stand_in, read(body)?),
        DeleteUserPoolClient => user_pool_clients::delete(stand_in, read(body)?),
        DeleteUserPoolDomain => user_pool_domains::delete(stand_in, &read(body)?),
        DescribeIdentityProvider => identity_providers::describe(stand_in, &read(body)?),
        DescribeResourceServer => resource_servers::describe(stand_in, &read(body)?),
        DescribeUserPool => describe_user_pool::run(stand_in, &read(body)?),
        DescribeUserPoolClient => describe_user_pool_client::run(stand_in, &read(body)?),
        DescribeUserPoolDomain => user_pool_domains::describe(stand_in, &read(body)?),
        ForgetDevice => forget_device::run(stand_in, &read(body)?),
        ForgotPassword => forgot_password::run(stand_in, read(body)?).await,
        GetClientToken => get_client_token::run(stand_in, read(body)?).await,
        GetDevice => get_device::run(stand_in, &read(body)?),
        GetGroup => get_group::run(stand_in, &read(body)?),
        GetIdentityProviderByIdentifier => {
            identity_providers::by_identifier(stand_in, &read(body)?)
        }
        GetTokensFromRefreshToken => {
            get_tokens_from_refresh_token::run(stand_in, read(body)?).await
        }
        GetUser => get_user::run(stand_in, &read(body)?),
        GetUserAttributeVerificationCode => {
            get_user_attribute_verification_code::run(stand_in, read(body)?).await
        }
        GetUserPoolMfaConfig => get_user_pool_mfa_config::run(stand_in, &read(body)?),
        GlobalSignOut => global_sign_out::run(stand_in, &read(body)?),
        InitiateAuth => initiate_auth::run(stand_in, read(body)?).await,
        ListDevices => list_devices::run(stand_in, &read(body)?),
        ListGroups => list_groups::run(stand_in, &read(body)?),
        ListIdentityProviders => identity_providers::list(stand_in, &read(body)?),
        ListResourceServers => resource_servers::list(stand_in, &read(body)?),
        ListTagsForResource => tags::list(stand_in, &read(body)?),
        ListUserPoolClients => user_pool_clients::list(stand_in, &read(body)?),
        ListUserPools => user_pools::list(stand_in, &read(body)?),
        ListUsers => list_users::run(stand_in, &read(body)?),
        ListUsersInGroup => list_users_in_group::run(stand_in, &read(body)?),
        ResendConfirmationCode => resend_confirmation_code::run(stand_in, read(body)?).await,
        RespondToAuthChallenge => respond_to_auth_challenge::run(stand_in, read(body)?).await,
        RevokeToken => revoke_token::run(stand_in, &read(body)?),
        SetUserMFAPreference => set_user_mfa_preference::run(stand_in, &read(body)?),
        SetUserPoolMfaConfig => set_user_pool_mfa_config::run(stand_in, read(body)?),
        SignUp => sign_up::run(stand_in, read(body)?).await,
        TagResource => tags::tag(stand_in, read(body)?),
        UntagResource => tags::untag(stand_in, &read(body)?),
        UpdateDeviceStatus => update_device_status::run(stand_in, &read(body)?),
        UpdateGroup => update_group::run(stand_in, read(body)?),
        UpdateIdentityProvider => identity_providers::update(stand_in, read(body)?),
        UpdateResourceServer => resource_servers::update(stand_in, read(body)?),
        UpdateUserAttributes => update_user_attributes::run(stand_in, read(body)?).await,
        UpdateUserPool => user_pools::update(stand_in, read(body)?),
        UpdateUserPoolClient => user_pool_clients::update(stand_in, read(body)?),
        UpdateUserPoolDomain => user_pool_domains::update(stand_in, read(body)?),
        VerifySoftwareToken => verify_software_token::run(stand_in, &read(body)?),
        VerifyUserAttribute => verify_user_attribute::run(stand_in, &read(body)?),
    }
}
