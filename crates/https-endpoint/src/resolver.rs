use std::net::{IpAddr, Ipv6Addr};

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use tokio::net::lookup_host;

/// Resolves a host's name to addresses that it may have: a name of the list can still be made to lead elsewhere, by whoever has its zone.
#[derive(Debug, Clone)]
pub(crate) struct Resolver;

impl ResolveDns for Resolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = lookup_host((name, 443)).await;
            let found = found.map_err(ResolveDnsError::new)?;
            let allowed: Vec<IpAddr> = found
                .map(|address| address.ip())
                .filter(|address| is_allowed(*address))
                .collect();
            if allowed.is_empty() {
                return Err(ResolveDnsError::new("no address that may be asked"));
            }
            Ok(allowed)
        })
    }
}

/// The metadata service of EC2 by IPv6; by IPv4, and that of ECS and Lambda's own, it is link-local.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>
const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Not this machine, not its link, and no metadata service. Private networks are allowed: an endpoint may stand in one.
fn is_allowed(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            !address.is_loopback()
                && !address.is_link_local()
                && !address.is_unspecified()
                && !address.is_multicast()
                && !address.is_broadcast()
        }
        IpAddr::V6(address) => {
            !address.is_loopback()
                && !address.is_unicast_link_local()
                && !address.is_unspecified()
                && !address.is_multicast()
                && address != METADATA
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_this_machine_nor_its_link_nor_metadata_are_asked() {
        for (address, expected) in [
            ("192.0.2.7", true),
            ("10.0.0.7", true),
            ("2001:db8::7", true),
            ("fd12:3456::7", true),
            ("127.0.0.1", false),
            ("127.1.2.3", false),
            ("169.254.169.254", false),
            ("169.254.170.2", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("ff02::1", false),
            ("::ffff:169.254.169.254", false),
            ("::ffff:127.0.0.1", false),
        ] {
            assert_eq!(is_allowed(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_resolved() {
        let resolved = Resolver.resolve_dns("localhost").await;
        assert!(resolved.is_err(), "{resolved:?}");
    }
}
