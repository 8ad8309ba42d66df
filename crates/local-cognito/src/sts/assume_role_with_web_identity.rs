use iam_policy::{Policy, PolicyKind};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::refused::Refused;
use super::{element, web_identity_token};
use crate::oauth::Form;
use crate::roles::{AssumedRole, NotAssumed, WebIdentity};
use crate::stand_in::StandIn;

/// How long a session lasts, in seconds, unless the request says otherwise; and the shortest and the longest (D).
const DEFAULT_SECONDS: u32 = 3_600;
const SHORTEST_SECONDS: u32 = 900;
const LONGEST_SECONDS: u32 = 43_200;

/// What policies and tags share, in characters. AWS packs them first, in a way that it does not tell; here they count as they are.
const MOST_PACKED: usize = 2_048;

/// What the request asks for besides the token.
struct Asked<'f> {
    role_arn: &'f str,
    session_name: &'f str,
    seconds: u32,
    policy: Option<&'f str>,
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
pub(super) async fn run(stand_in: &StandIn, form: &Form) -> Result<String, Refused> {
    let asked = Asked::read(form)?;
    let token = required(form, "WebIdentityToken", 4, 20_000)?;
    let policies = asked.policies()?;
    let identity = web_identity_token::verify(stand_in, token).await?;
    let packed = packed_percent(asked.policy, &identity);
    if packed.is_some_and(|percent| percent > 100) {
        let percent = packed.unwrap_or_default();
        return Err(Refused::PackedPolicyTooLarge { percent });
    }
    let assumed = stand_in.assume_role_with_web_identity(
        asked.role_arn,
        asked.session_name,
        &identity,
        asked.seconds,
        policies,
    );
    let assumed = assumed.map_err(|problem| match problem {
        NotAssumed::NoSuchRole | NotAssumed::NotTrusted => Refused::AccessDenied,
        NotAssumed::TooLong { .. } => Refused::Validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
                .to_owned(), // W
        ),
    })?;
    Ok(shown(&identity, &assumed, packed))
}

impl<'f> Asked<'f> {
    fn read(form: &'f Form) -> Result<Self, Refused> {
        let role_arn = required(form, "RoleArn", 20, 2_048)?;
        let session_name = required(form, "RoleSessionName", 2, 64)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if !session_name.bytes().all(allowed) {
            let problem = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
            return Err(Refused::constraint(
                session_name,
                "roleSessionName",
                problem,
            ));
        }
        for unplayed in [
            "ProviderId",
            "PolicyArns.member.1.arn",
            "MinimumSessionTokenSize",
        ] {
            if form.get(unplayed).is_some() {
                return Err(Refused::Validation(format!(
                    "local-cognito does not support {unplayed}"
                )));
            }
        }
        let seconds = match form.get("DurationSeconds") {
            None => DEFAULT_SECONDS,
            Some(text) => duration(text)?,
        };
        Ok(Self {
            role_arn,
            session_name,
            seconds,
            policy: form.get("Policy"),
        })
    }

    /// The session policy, if there is one.
    fn policies(&self) -> Result<Option<Vec<Policy>>, Refused> {
        let Some(text) = self.policy else {
            return Ok(None);
        };
        let length = text.chars().count();
        if length > MOST_PACKED {
            let problem = "Member must have length less than or equal to 2048";
            return Err(Refused::constraint("the policy", "policy", problem));
        }
        let document = serde_json::from_str(text).map_err(|_| {
            Refused::MalformedPolicyDocument("Syntax errors in policy.".to_owned()) // W
        })?;
        let policy = Policy::parse(PolicyKind::Session, &document);
        match policy {
            Ok(policy) => Ok(Some(vec![policy])),
            Err(unsupported) => Err(Refused::MalformedPolicyDocument(unsupported.to_string())),
        }
    }
}

fn duration(text: &str) -> Result<u32, Refused> {
    let bound = match text.parse::<u32>() {
        Ok(SHORTEST_SECONDS..=LONGEST_SECONDS) => return Ok(text.parse().unwrap_or_default()),
        Ok(..SHORTEST_SECONDS) => "Member must have value greater than or equal to 900",
        _ => "Member must have value less than or equal to 43200",
    };
    Err(Refused::constraint(text, "durationSeconds", bound))
}

/// A parameter of so many characters.
fn required<'f>(form: &'f Form, name: &str, least: usize, most: usize) -> Result<&'f str, Refused> {
    let (head, tail) = name.split_at(1);
    let member = format!("{}{tail}", head.to_ascii_lowercase());
    let Some(value) = form.get(name) else {
        return Err(Refused::constraint("", &member, "Member must not be null"));
    };
    let length = value.chars().count();
    let bound = match length {
        _ if length < least => format!("greater than or equal to {least}"),
        _ if length > most => format!("less than or equal to {most}"),
        _ => return Ok(value),
    };
    // The value may be a token, which nobody repeats.
    let problem = format!("Member must have length {bound}");
    Err(Refused::constraint("of the request", &member, &problem))
}

/// How much of the room for policies and tags is used; `None` where there are neither.
fn packed_percent(policy: Option<&str>, identity: &WebIdentity) -> Option<usize> {
    let tags = identity.tags.iter();
    let tags: usize = tags.map(|(key, value)| key.len() + value.len()).sum();
    let used = policy.map_or(0, str::len) + tags;
    (used > 0).then(|| (used * 100).div_ceil(MOST_PACKED))
}

fn shown(identity: &WebIdentity, assumed: &AssumedRole, packed: Option<usize>) -> String {
    let credentials = &assumed.credentials;
    let expiration = OffsetDateTime::from_unix_timestamp(credentials.expiration)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(&Rfc3339)
        .unwrap_or_default();
    let of_role = [
        element("Arn", &assumed.arn),
        element("AssumedRoleId", &assumed.id),
    ];
    let session_token = credentials.session_token.as_deref().unwrap_or_default();
    let of_credentials = [
        element("AccessKeyId", &credentials.access_key_id),
        element("SecretAccessKey", &credentials.secret_access_key),
        element("SessionToken", session_token),
        element("Expiration", &expiration),
    ];
    let packed = packed.map(|percent| element("PackedPolicySize", &percent.to_string()));
    [
        element("SubjectFromWebIdentityToken", &identity.subject),
        element("Audience", &identity.audience),
        element("Provider", &identity.principal),
        format!("<AssumedRoleUser>{}</AssumedRoleUser>", of_role.concat()),
        format!("<Credentials>{}</Credentials>", of_credentials.concat()),
        packed.unwrap_or_default(),
    ]
    .concat()
}
