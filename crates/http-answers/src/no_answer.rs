use entrypoint::Failure;

/// Why a request has no other answer; `P` are a function's own problems.
#[derive(Debug)]
pub enum NoAnswer<P> {
    /// The client hears of it.
    Problem(P),
    /// It stays here.
    Failure(Failure),
}

/// Whatever arrives through `?` is internal, and its text stays here.
impl<P, E: std::error::Error + Send + Sync + 'static> From<E> for NoAnswer<P> {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}
