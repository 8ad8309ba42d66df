//! The header `Authorization`.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::Refused;
use super::canonical::{canonical_request, hex};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How far a request's date may be from ours. Source: IAM User Guide, "Elements of an AWS API request signature", `Date`.
const TOLERANCE: Duration = Duration::minutes(5);

/// What a signature says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'r> {
    pub(super) access_key_id: &'r str,
    /// `20261121`
    day: &'r str,
    pub(super) region: &'r str,
    pub(super) service: &'r str,
    signed_headers: &'r str,
    signature: &'r str,
}

impl<'r> Authorization<'r> {
    /// `None` where the request bears no signature.
    pub(super) fn of(headers: &'r HeaderMap) -> Result<Option<Self>, Refused> {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return Ok(None);
        };
        let header = header.to_str().unwrap_or_default();
        let Some(rest) = header.strip_prefix(ALGORITHM) else {
            // Such as a bearer's token, which is no signature of this kind.
            return Ok(None);
        };
        let part = |name: &'static str| {
            let mut parts = rest.split(',').map(str::trim);
            let found = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            found
                .filter(|value| !value.is_empty())
                .ok_or(Refused::Incomplete(name))
        };
        let scope: Vec<&str> = part("Credential")?.split('/').collect();
        let [access_key_id, day, region, service, "aws4_request"] = scope.as_slice() else {
            return Err(Refused::MalformedCredential);
        };
        Ok(Some(Self {
            access_key_id,
            day,
            region,
            service,
            signed_headers: part("SignedHeaders")?,
            signature: part("Signature")?,
        }))
    }

    /// Whether the holder of this secret has signed this request just now.
    pub(super) fn verify(
        &self,
        secret: &str,
        request: &Parts,
        body: &[u8],
        now: OffsetDateTime,
    ) -> Result<(), Refused> {
        let date = request.headers.get("x-amz-date");
        let date = date.and_then(|date| date.to_str().ok()).unwrap_or_default();
        self.check_date(date, now)?;
        let signed: Vec<&str> = self.signed_headers.split(';').collect();
        check_signed(&signed, &request.headers)?;
        let canonical = canonical_request(request, &signed, self.signed_headers, body);
        let canonical = hex(&Sha256::digest(canonical));
        let scope = [self.day, self.region, self.service, "aws4_request"];
        let text = format!("{ALGORITHM}\n{date}\n{}\n{canonical}", scope.join("/"));
        let key = format!("AWS4{secret}").into_bytes();
        let key = scope
            .iter()
            .fold(key, |key, part| hmac(&key, part.as_bytes()).to_vec());
        let expected = hex(&hmac(&key, text.as_bytes()));
        if bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes())) {
            Ok(())
        } else {
            Err(Refused::WrongSignature)
        }
    }

    fn check_date(&self, date: &str, now: OffsetDateTime) -> Result<(), Refused> {
        let signed = parsed(date).ok_or(Refused::NoDate)?;
        if !date.starts_with(self.day) {
            return Err(Refused::OtherDay {
                scope: self.day.to_owned(),
                date: date.to_owned(),
            });
        }
        if signed < now - TOLERANCE {
            return Err(Refused::TooOld {
                date: date.to_owned(),
                earliest: basic(now - TOLERANCE),
                now: basic(now),
            });
        }
        if signed > now + TOLERANCE {
            return Err(Refused::TooNew {
                date: date.to_owned(),
                latest: basic(now + TOLERANCE),
                now: basic(now),
            });
        }
        Ok(())
    }
}

/// `Host` and everything of AWS's own must be signed, or somebody on the way could have put it there.
fn check_signed(signed: &[&str], headers: &HeaderMap) -> Result<(), Refused> {
    if !signed.contains(&"host") {
        return Err(Refused::HostNotSigned);
    }
    let own = headers.keys().map(|name| name.as_str());
    let mut own = own.filter(|name| name.starts_with("x-amz-"));
    match own.find(|name| !signed.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Refused::NotSigned(name.to_owned())),
    }
}

/// A date in the basic form of ISO 8601, `20261121T120000Z`.
fn parsed(date: &str) -> Option<OffsetDateTime> {
    let digits = |from: usize, to: usize| {
        let part = date.get(from..to)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(part)
    };
    let (year, month, day) = (digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    let (hour, minute, second) = (digits(9, 11)?, digits(11, 13)?, digits(13, 15)?);
    let extended = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    let parsed = OffsetDateTime::parse(&extended, &Rfc3339).ok()?;
    (basic(parsed) == date).then_some(parsed)
}

fn basic(date: OffsetDateTime) -> String {
    let date = date.replace_nanosecond(0).unwrap_or(date);
    let extended = date.format(&Rfc3339).unwrap_or_default();
    extended.replace(['-', ':'], "")
}

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}
