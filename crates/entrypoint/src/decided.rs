/// A response, and what made it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<Response> {
    /// The name of the rule that the response comes from, for the log; a constant, so that it can hold nothing of the event.
    pub reason: &'static str,
    /// The fields that are laid over the event's `response`.
    pub response: Response,
}

impl<Response> Decided<Response> {
    /// The response that the rule of this name leads to.
    pub fn by(reason: &'static str, response: Response) -> Self {
        Self { reason, response }
    }
}
