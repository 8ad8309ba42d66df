//! One challenge, however often it is asked for; and one message under its id.

use entrypoint::Failure;
use time::OffsetDateTime;

use super::{Config, Outside};
use crate::budgets::budgets;
use crate::challenge::{Challenge, random, random_id};
use crate::kind::{Channel, Content, Kind, Offer};
use crate::phone::Phone;
use crate::sender::Message;
use crate::sends::{LastSend, Plan, plan};
use crate::table::ChallengesError;
use crate::user::User;
use crate::user_secret::UserSecret;

/// What a session wants.
pub(super) struct Wish<'a> {
    pub(super) kind: Kind,
    pub(super) offer: Offer,
    pub(super) client_id: &'a str,
    /// The session's fingerprint.
    pub(super) session: &'a str,
    /// The challenge that was just answered wrong, and stays.
    pub(super) kept: Option<&'a str>,
    /// The page of a link.
    pub(super) redirect: Option<&'a str>,
}

/// The challenge that was set.
pub(super) struct Issued {
    pub(super) challenge: Challenge,
    pub(super) number: Option<String>,
    /// When another message may leave, in epoch seconds.
    pub(super) next_at: i64,
    pub(super) reason: &'static str,
}

/// How often a write is tried that others get in the way of.
const ATTEMPTS: usize = 5;

/// Sets challenges. Whoever it is for, a challenge is kept, counted and its message asked for, with a recipient or without.
pub(super) struct Issuer<'a> {
    pub(super) wish: &'a Wish<'a>,
    pub(super) user: &'a User<'a>,
    pub(super) secret: &'a UserSecret,
    pub(super) config: &'a Config,
    pub(super) outside: &'a Outside,
    pub(super) now: OffsetDateTime,
}

impl Issuer<'_> {
    pub(super) async fn issue(&self) -> Result<Issued, Failure> {
        let Some(channel) = self.wish.offer.channel else {
            let challenge = self.keep_new().await?;
            return Ok(self.issued(challenge, self.now.unix_timestamp(), "Asked"));
        };
        let kind = self.wish.kind.as_str().as_bytes();
        let key = self
            .secret
            .name("send", &[self.wish.client_id.as_bytes(), kind]);
        let key = format!("send#{key}");
        for _ in 0..ATTEMPTS {
            let last = self.outside.challenges.last_send(&key).await?;
            if let Some(id) = self.wish.kept
                && let Some(kept) = self.alive(id).await?
            {
                let next_at = last.as_ref().map_or(0, |last| last.next_at);
                return Ok(self.issued(kept, next_at, "Kept"));
            }
            match self.plan(last.as_ref()) {
                Plan::New => {
                    let challenge = self.keep_new().await?;
                    let next = self.next_send(last.as_ref(), &challenge);
                    let begun = self
                        .outside
                        .challenges
                        .begin_send(&key, last.as_ref(), &next);
                    // Others may have been quicker; then theirs is the last one.
                    if begun.await? {
                        return self.deliver(challenge, &key, &next, channel, "Asked").await;
                    }
                }
                Plan::Again(last) => {
                    return match self.alive(&last.challenge_id).await? {
                        Some(challenge) => {
                            self.deliver(challenge, &key, last, channel, "AskedAgain")
                                .await
                        }
                        None => self.stay_silent(last).await,
                    };
                }
                Plan::Silent(last) => return self.stay_silent(last).await,
            }
        }
        Err(ChallengesError::Contended.into())
    }

    fn plan<'a>(&self, last: Option<&'a LastSend>) -> Plan<'a> {
        plan(last, self.wish.session, self.wish.offer.is_shared, self.now)
    }

    fn next_send(&self, last: Option<&LastSend>, challenge: &Challenge) -> LastSend {
        let interval = self.config.resend_seconds;
        LastSend::after(last, &challenge.id, self.wish.session, interval, self.now)
    }

    /// Asks for the message of a challenge, to the recipient if the budgets allow it.
    async fn deliver(
        &self,
        challenge: Challenge,
        key: &str,
        send: &LastSend,
        channel: Channel,
        reason: &'static str,
    ) -> Result<Issued, Failure> {
        let (recipient, phone) = self.recipient(channel);
        let is_granted = match send.is_granted {
            Some(is_granted) => is_granted,
            None => {
                let has_recipient = recipient.is_some();
                let is_drawn = self.draw(channel, &challenge, has_recipient, phone).await?;
                let challenges = &self.outside.challenges;
                challenges.settle_send(key, &challenge.id, is_drawn).await?
            }
        };
        self.ask(&challenge, recipient.filter(|_| is_granted))
            .await?;
        Ok(self.issued(challenge, send.next_at, reason))
    }

    /// A challenge of its own, whose message does not leave: it is too early for another.
    async fn stay_silent(&self, last: &LastSend) -> Result<Issued, Failure> {
        let challenge = self.keep_new().await?;
        self.ask(&challenge, None).await?;
        Ok(self.issued(challenge, last.next_at, "TooEarly"))
    }

    async fn draw(
        &self,
        channel: Channel,
        challenge: &Challenge,
        has_recipient: bool,
        phone: Option<Phone>,
    ) -> Result<bool, ChallengesError> {
        let (owner, limits) = (&challenge.owner, &self.config.limits);
        let budgets = budgets(
            channel,
            owner,
            has_recipient,
            phone.as_ref(),
            limits,
            self.now,
        );
        let spent = self.outside.challenges.draw(&budgets, self.now).await?;
        if let Some(budget) = spent {
            // Somebody has to look: this is an attack, or a limit that is too low.
            let kind = challenge.kind.as_str();
            tracing::error!(budget, kind, "the messages of a day are used up");
        }
        Ok(spent.is_none())
    }

    async fn ask(&self, challenge: &Challenge, recipient: Option<&str>) -> Result<(), Failure> {
        let left = challenge.expires_at - self.now.unix_timestamp();
        let content = self.content(challenge);
        // A link needs a page to lead to.
        let says_something = content.code.is_some() || content.link.is_some();
        let message = Message {
            challenge,
            content,
            recipient: recipient.filter(|_| says_something),
            locale: self.user.locale(),
            expires_in_minutes: (left / 60).max(1),
        };
        Ok(self.outside.sender.ask(&message).await?)
    }

    /// Who gets the message: nobody who may not sign in, without a verified address, or with a number that is not allowed.
    fn recipient(&self, channel: Channel) -> (Option<&str>, Option<Phone>) {
        let address = self.user.verified_address(channel.attribute());
        let countries = &self.config.sms_countries;
        match (channel, address) {
            (Channel::Email, address) => (address, None),
            (Channel::Sms, Some(number)) => {
                let phone = Phone::of(number, countries);
                (phone.is_some().then_some(number), phone)
            }
            (Channel::Sms, None) => {
                Phone::of_nobody(countries);
                (None, None)
            }
        }
    }

    async fn alive(&self, id: &str) -> Result<Option<Challenge>, ChallengesError> {
        let owner = self.owner();
        let challenges = &self.outside.challenges;
        let alive = challenges.alive(id, &owner, self.wish.client_id, self.now);
        alive.await
    }

    async fn keep_new(&self) -> Result<Challenge, ChallengesError> {
        let challenge = Challenge {
            id: random_id()?,
            seed: random()?.into(),
            kind: self.wish.kind,
            owner: self.owner(),
            client_id: self.wish.client_id.to_owned(),
            expires_at: (self.now + self.wish.offer.lifetime).unix_timestamp(),
            digits: self.config.code_digits,
            redirect: self.wish.redirect.map(str::to_owned),
            cross_device: self.config.cross_device,
        };
        self.outside.challenges.keep(&challenge).await?;
        Ok(challenge)
    }

    fn owner(&self) -> String {
        self.secret.name("owner", &[])
    }

    fn content(&self, challenge: &Challenge) -> Content {
        challenge.kind.create(challenge, self.secret)
    }

    fn issued(&self, challenge: Challenge, next_at: i64, reason: &'static str) -> Issued {
        Issued {
            number: self.content(&challenge).number,
            challenge,
            next_at,
            reason,
        }
    }
}
