use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// A service's client that is made when it is first used, for services that few events need. Making one takes a start 0.1 ms and
/// more, whether it is used or not. What every event needs is better made at the start, while Lambda gives a function a whole processor.
pub struct OnFirstUse<Client>(Arc<Lazy<Client>>);

type Lazy<Client> = LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>;

impl<Client> OnFirstUse<Client> {
    /// The client that `make` makes.
    pub fn new(make: impl FnOnce() -> Client + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(make))))
    }
}

/// A client that is there already.
impl<Client: Send + 'static> From<Client> for OnFirstUse<Client> {
    fn from(client: Client) -> Self {
        Self::new(move || client)
    }
}

impl<Client> Deref for OnFirstUse<Client> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

impl<Client> Clone for OnFirstUse<Client> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Client> fmt::Debug for OnFirstUse<Client> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnFirstUse")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::OnFirstUse;

    #[test]
    fn a_client_is_made_once_and_not_before_it_is_used() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let client = OnFirstUse::new(|| MADE.fetch_add(1, Ordering::Relaxed));
        let same = client.clone();
        assert_eq!(MADE.load(Ordering::Relaxed), 0);
        assert_eq!((*client, *same, *client), (0, 0, 0));
        assert_eq!(MADE.load(Ordering::Relaxed), 1);
    }
}
