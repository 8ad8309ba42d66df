//! The rounds so far, and what they lead to. The session is Cognito's: no app can write it, and of what an app sends nothing is read here.

use cognito_events::{ChallengeName, ChallengeResult};
use secrecy::ExposeSecret;
use sign_in_methods::Method;

use crate::kind::Kind;
use crate::policy::{Step, Steps};

/// Where a sign-in stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress<'a> {
    /// Cognito has to verify the password.
    Password,
    /// The user has to choose among the kinds of a step.
    Choice(&'a Step),
    /// One of these kinds has to be passed.
    Challenge {
        kinds: &'a Step,
        /// The round of this step that has just been failed.
        failed: Option<Round>,
    },
    /// Everything is passed, by these methods.
    Passed(Vec<Method>),
    /// The sign-in is over.
    Over(Over),
}

/// Why a sign-in is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// The app did not begin with the password, which the policy wants first.
    PasswordMissing,
    /// An entry stands where the policy has none, or another: what was passed there proves nothing here.
    ForeignResult,
    /// Three rounds were failed.
    TooManyFailures,
}

/// ASVS 5, 6.5: three per session. Cognito sets no bound, and each round is one message or guess.
pub(crate) const MAX_FAILURES: usize = 3;

/// Compares the session with the policy, entry by entry.
pub(crate) fn progress<'a>(session: &[ChallengeResult], steps: &'a Steps) -> Progress<'a> {
    let mut entries = session.iter().peekable();
    let mut methods = Vec::new();
    if steps.password {
        // SRP_A passes without any password; it says only that the client has begun the proof.
        match entries.next() {
            None => return Progress::Over(Over::PasswordMissing),
            Some(entry) if is_passed(entry, &ChallengeName::SrpA) => {}
            Some(_) => return Progress::Over(Over::ForeignResult),
        }
        match entries.next() {
            None => return Progress::Password,
            Some(entry) if is_passed(entry, &ChallengeName::PasswordVerifier) => {
                methods.push(Method::Password);
            }
            Some(_) => return Progress::Over(Over::ForeignResult),
        }
        // Cognito adds what it asked for itself. It counts for the claim and for no step.
        while let Some(entry) = entries.next_if(|entry| is_second_factor(&entry.challenge_name)) {
            if !entry.challenge_result {
                return Progress::Over(Over::ForeignResult);
            }
            methods.extend(method_of(&entry.challenge_name));
        }
    }
    let mut failures = 0;
    for kinds in &steps.own {
        let mut chosen = kinds.len() == 1;
        let mut failed = None;
        loop {
            let Some(entry) = entries.next() else {
                return match chosen {
                    true => Progress::Challenge { kinds, failed },
                    false => Progress::Choice(kinds),
                };
            };
            match (Round::of(entry), chosen, entry.challenge_result) {
                (Some(Round::Choice), false, true) => chosen = true,
                (Some(Round::Choice), false, false) => failures += 1,
                (Some(Round::Challenge(kind, _)), true, true) if kinds.contains(&kind) => {
                    methods.push(kind.method());
                    break;
                }
                (Some(round @ Round::Challenge(kind, _)), true, false) if kinds.contains(&kind) => {
                    failures += 1;
                    failed = Some(round);
                }
                _ => return Progress::Over(Over::ForeignResult),
            }
            if failures == MAX_FAILURES {
                return Progress::Over(Over::TooManyFailures);
            }
        }
    }
    match entries.next() {
        None => Progress::Passed(methods),
        Some(_) => Progress::Over(Over::ForeignResult),
    }
}

fn is_passed(entry: &ChallengeResult, name: &ChallengeName) -> bool {
    entry.challenge_name == *name && entry.challenge_result
}

fn is_second_factor(name: &ChallengeName) -> bool {
    use ChallengeName::*;
    let names = [
        SmsMfa,
        EmailOtp,
        SoftwareTokenMfa,
        DeviceSrpAuth,
        DevicePasswordVerifier,
    ];
    names.contains(name)
}

/// A remembered device proves no more than that the browser is the same.
fn method_of(second_factor: &ChallengeName) -> Option<Method> {
    match second_factor {
        ChallengeName::SmsMfa => Some(Method::SmsCode),
        ChallengeName::EmailOtp => Some(Method::EmailCode),
        ChallengeName::SoftwareTokenMfa => Some(Method::Totp),
        _ => None,
    }
}

/// One of our own rounds, as its `challengeMetadata` has it: `choice`, or the kind with the challenge's id behind `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Round {
    Choice,
    Challenge(Kind, String),
}

impl Round {
    fn of(entry: &ChallengeResult) -> Option<Self> {
        if entry.challenge_name != ChallengeName::CustomChallenge {
            return None;
        }
        match entry.challenge_metadata.as_ref()?.expose_secret() {
            "choice" => Some(Self::Choice),
            metadata => {
                let (kind, id) = metadata.split_once('#')?;
                Some(Self::Challenge(kind.parse().ok()?, id.to_owned()))
            }
        }
    }

    pub(crate) fn metadata(&self) -> String {
        match self {
            Self::Choice => "choice".to_owned(),
            Self::Challenge(kind, id) => format!("{}#{id}", kind.as_str()),
        }
    }
}

#[cfg(test)]
mod tests;
