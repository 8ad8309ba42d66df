use entrypoint::Env;

use crate::letterhead::Letterhead;

impl Letterhead {
    /// The same with the app's pages: reads `CONFIRM_URL`, `RESET_URL` and `SIGN_IN_URL`.
    pub fn with_pages(self, env: &mut Env) -> Self {
        Self {
            confirm_url: env.optional("CONFIRM_URL"),
            reset_url: env.optional("RESET_URL"),
            sign_in_url: env.optional("SIGN_IN_URL"),
            ..self
        }
    }
}
