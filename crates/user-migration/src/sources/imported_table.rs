use legacy_users::LegacyUser;

use crate::hashes::Hashes;
use crate::source::{Asking, Found, Proof, Question, Source, SourceError};

/// The users whom `lifeguard-import` has put into the table of legacy users, with their hashes.
///
/// Every question about a password checks one hash: the user's own, or, where there is none, the sample, which no password fits.
#[derive(Debug)]
pub(crate) struct ImportedTable {
    pub(crate) hashes: Hashes,
}

impl Source for ImportedTable {
    fn name(&self) -> &'static str {
        "imported-table"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(self.answer(question))
    }
}

impl ImportedTable {
    async fn answer(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let Some(password) = question.password else {
            return Ok(question.row.map(|row| found(row, Proof::Known)));
        };
        let hash = question.row.and_then(|row| row.hash.as_ref());
        let is_right = self.hashes.fits(hash, password, question.now).await?;
        let row = question.row.filter(|_| is_right);
        Ok(row.map(|row| found(row, Proof::PasswordRight)))
    }
}

fn found(row: &LegacyUser, proof: Proof) -> Found {
    Found {
        name: row.name.as_str().to_owned(),
        attributes: row.attributes.clone(),
        verified: row.verified.clone(),
        proof,
        cohort: row.cohort.clone(),
        membership: row.membership.clone(),
    }
}
