use std::net::IpAddr;

/// A block of addresses, such as `203.0.113.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    network: IpAddr,
    prefix_bits: u8,
}

impl Block {
    /// One address is a block of its own.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().ok()?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|bits| *bits <= most)?,
            None => most,
        };
        Some(Self {
            network,
            prefix_bits,
        })
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let (ours, theirs, bits) = match (self.network, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => (ours.to_bits(), theirs.to_bits(), 128),
            _ => return false,
        };
        let host_bits = bits - u32::from(self.prefix_bits);
        // A shift by all 128 bits leaves nothing to differ.
        (ours ^ theirs).checked_shr(host_bits).unwrap_or(0) == 0
    }
}
