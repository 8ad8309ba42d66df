use crate::template::DeviceConfiguration;
use crate::template::properties::Properties;

/// By what users sign in, and what is asked of them besides.
pub(super) struct Factors {
    pub(super) mfa_configuration: String,
    pub(super) enabled_mfas: Vec<String>,
    pub(super) allowed_first_auth_factors: Vec<String>,
}

impl Factors {
    /// `sends_sms` tells whether the pool has what it takes to send an SMS.
    pub(super) fn read(pool: &mut Properties, first: Option<Vec<String>>, sends_sms: bool) -> Self {
        let mfa_configuration = pool
            .word("MfaConfiguration", &["OFF", "OPTIONAL", "ON"])
            .unwrap_or_else(|| "OFF".to_owned());
        let enabled_mfas = pool.words(
            "EnabledMfas",
            &["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"],
        );
        // Where nothing is said of the factors, as CreateUserPool cannot, it is the one that the pool can send.
        let by_sms = mfa_configuration != "OFF" && sends_sms;
        let default = by_sms.then(|| "SMS_MFA".to_owned());
        let factors = Self {
            mfa_configuration,
            enabled_mfas: enabled_mfas.unwrap_or_else(|| default.into_iter().collect()),
            allowed_first_auth_factors: first.unwrap_or_else(|| vec!["PASSWORD".to_owned()]),
        };
        let by_sms = factors.enabled_mfas.iter().any(|name| name == "SMS_MFA");
        if by_sms && !sends_sms {
            pool.place("EnabledMfas")
                .problem("SMS_MFA needs SmsConfiguration");
        }
        factors
    }

    /// Notes what Cognito refuses. Source: Cognito Developer Guide, "Adding MFA to a user pool", "Things to know".
    pub(super) fn check(&self, tier: &str, own_email_sender: bool, pool: &Properties) {
        let mfa = pool.place("EnabledMfas");
        if self.mfa_configuration != "OFF" && self.enabled_mfas.is_empty() {
            mfa.problem("expected a second factor, which MfaConfiguration asks for");
        }
        let by_email = self.enabled_mfas.iter().any(|factor| factor == "EMAIL_OTP");
        if by_email && !own_email_sender {
            mfa.problem("EMAIL_OTP needs EmailSendingAccount: DEVELOPER");
        }
        if by_email && tier == "LITE" {
            mfa.problem("EMAIL_OTP needs the tier ESSENTIALS");
        }
        let first = pool.place("Policies.SignInPolicy.AllowedFirstAuthFactors");
        let factors = &self.allowed_first_auth_factors;
        if !factors.iter().any(|factor| factor == "PASSWORD") {
            first.problem("expected PASSWORD among them");
        }
        if factors.len() > 1 && self.mfa_configuration == "ON" {
            first.problem("only PASSWORD goes with MfaConfiguration: ON");
        }
        if factors.len() > 1 && tier == "LITE" {
            first.problem("what is more than PASSWORD needs the tier ESSENTIALS");
        }
    }
}

/// The first factors of choice-based sign-in. Passkeys are not played here.
pub(super) fn read_first(policy: &mut Properties) -> Option<Vec<String>> {
    policy.words(
        "AllowedFirstAuthFactors",
        &["PASSWORD", "EMAIL_OTP", "SMS_OTP"],
    )
}

/// Any property at all turns the remembering of devices on (D).
pub(super) fn read_devices(configuration: &mut Properties) -> DeviceConfiguration {
    let mut flag = |name| configuration.flag(name).unwrap_or(false);
    DeviceConfiguration {
        challenge_required_on_new_device: flag("ChallengeRequiredOnNewDevice"),
        device_only_remembered_on_user_prompt: flag("DeviceOnlyRememberedOnUserPrompt"),
    }
}
