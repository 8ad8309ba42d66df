use super::*;

/// An exchange that a client which is not ours took part in; `vectors.mjs` says how it was recorded.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recorded {
    name: String,
    pool_name: String,
    user_id: String,
    password: SecretString,
    salt: String,
    v: String,
    #[serde(rename = "A")]
    a_public: String,
    b: String,
    #[serde(rename = "B")]
    b_public: String,
    secret_block: String,
    timestamp: String,
    signature: String,
}

impl Recorded {
    fn all() -> Vec<Self> {
        serde_json::from_str(include_str!("vectors.json")).unwrap()
    }

    fn first() -> Self {
        Self::all().remove(0)
    }

    fn verifier(&self) -> Verifier {
        let v = format!("{:0>768}", self.v);
        Verifier::try_from(self.salt.clone() + &v).unwrap()
    }

    fn exchange(&self) -> Exchange {
        let b = U256::from_be_hex(&self.b);
        Exchange::with_b(&self.a_public, &self.verifier(), b).unwrap()
    }

    fn proof(&self) -> Proof<'_> {
        Proof {
            pool_name: &self.pool_name,
            username: &self.user_id,
            secret_block: &self.secret_block,
            timestamp: &self.timestamp,
            signature: &self.signature,
        }
    }
}

#[test]
fn agrees_with_a_client_that_is_not_ours() {
    for recorded in Recorded::all() {
        let Recorded {
            name,
            pool_name,
            user_id,
            password,
            ..
        } = &recorded;
        assert_eq!(recorded.verifier().salt_hex(), recorded.salt, "{name}");
        assert!(
            recorded.verifier().matches(pool_name, user_id, password),
            "{name}"
        );
        let exchange = recorded.exchange();
        assert_eq!(
            exchange.srp_b().trim_start_matches('0'),
            recorded.b_public,
            "{name}"
        );
        assert!(exchange.proof_is_right(&recorded.proof()), "{name}");
    }
}

#[test]
fn any_other_password_pool_or_user_fails() {
    let password = SecretString::from("Correct-Horse-7");
    let verifier = verifier("Ab12Cd34E", "ines", &password);
    assert!(verifier.matches("Ab12Cd34E", "ines", &password));
    assert!(!verifier.matches("Ab12Cd34E", "ines", &SecretString::from("Correct-Horse-8")));
    assert!(!verifier.matches("Ab12Cd34E", "ines", &SecretString::from("")));
    assert!(!verifier.matches("Ab12Cd34F", "ines", &password));
    assert!(!verifier.matches("Ab12Cd34E", "Ines", &password));
}

#[test]
fn an_altered_proof_fails() {
    let recorded = Recorded::first();
    let exchange = recorded.exchange();
    let right = recorded.proof();
    let other_block = STANDARD.encode([7; 64]);
    let short_signature = STANDARD.encode([7; 16]);
    for (name, proof) in [
        (
            "pool",
            Proof {
                pool_name: "Zz12Cd34E",
                ..recorded.proof()
            },
        ),
        (
            "user",
            Proof {
                username: "ines",
                ..recorded.proof()
            },
        ),
        (
            "secret block",
            Proof {
                secret_block: &other_block,
                ..recorded.proof()
            },
        ),
        (
            "secret block is not base64",
            Proof {
                secret_block: "no base64!",
                ..recorded.proof()
            },
        ),
        (
            "timestamp",
            Proof {
                timestamp: "Sat Sep 5 08:02:32 UTC 2026",
                ..recorded.proof()
            },
        ),
        (
            "signature",
            Proof {
                signature: &other_block,
                ..recorded.proof()
            },
        ),
        (
            "signature is short",
            Proof {
                signature: &short_signature,
                ..recorded.proof()
            },
        ),
        (
            "signature is empty",
            Proof {
                signature: "",
                ..recorded.proof()
            },
        ),
        (
            "signature is not base64",
            Proof {
                signature: "no base64!",
                ..recorded.proof()
            },
        ),
    ] {
        assert!(!exchange.proof_is_right(&proof), "{name}");
    }
    assert!(exchange.proof_is_right(&right));
}

#[test]
fn a_proof_is_good_for_its_exchange_alone() {
    let recorded = Recorded::first();
    let another = Exchange::new(&recorded.a_public, &recorded.verifier()).unwrap();
    assert!(!another.proof_is_right(&recorded.proof()));
}

#[test]
fn a_proof_of_another_password_fails() {
    let recorded = Recorded::first();
    let other = verifier(
        &recorded.pool_name,
        &recorded.user_id,
        &SecretString::from("Another-Horse-7"),
    );
    let exchange =
        Exchange::with_b(&recorded.a_public, &other, U256::from_be_hex(&recorded.b)).unwrap();
    assert!(!exchange.proof_is_right(&recorded.proof()));
}

#[test]
fn values_of_a_that_let_anyone_in_are_refused() {
    let verifier = Recorded::first().verifier();
    let n = format!("{MODULUS:x}");
    let twice_n = format!("1{:x}", MODULUS.wrapping_add(&MODULUS));
    let above_n = format!("{:x}", MODULUS.wrapping_add(&U3072::ONE));
    let oversized = "7".repeat(100_000);
    for a in [
        "0", "00", &n, &twice_n, &above_n, &oversized, "", "-1", "nonsense", "f_f",
    ] {
        let refused = Exchange::new(a, &verifier).err();
        assert_eq!(refused, Some(InvalidSrpA), "{}", &a[..a.len().min(20)]);
    }
}

#[test]
fn a_decoy_stays_the_same_and_nothing_fits_it() {
    let decoy = |key: u8, username| String::from(Verifier::decoy(&[key; 32], username));
    assert_eq!(decoy(1, "nobody"), decoy(1, "nobody"));
    assert_ne!(decoy(1, "nobody")[..32], decoy(1, "no-one")[..32]);
    assert_ne!(decoy(1, "nobody")[..32], decoy(2, "nobody")[..32]);

    let recorded = Recorded::first();
    let decoy = Verifier::decoy(&[1; 32], &recorded.user_id);
    assert!(!decoy.matches(&recorded.pool_name, &recorded.user_id, &recorded.password));
    let exchange = || Exchange::new(&recorded.a_public, &decoy).unwrap();
    assert!(!exchange().proof_is_right(&recorded.proof()));
    assert_ne!(exchange().srp_b(), exchange().srp_b());
}

#[test]
fn a_verifier_is_kept_as_text() {
    let password = SecretString::from("Correct-Horse-7");
    let kept = serde_json::to_string(&verifier("Ab12Cd34E", "ines", &password)).unwrap();
    let read: Verifier = serde_json::from_str(&kept).unwrap();
    assert!(read.matches("Ab12Cd34E", "ines", &password));
    for damaged in [
        "",
        "abc",
        &"+".repeat(800),
        &"f".repeat(800),
        &"ä".repeat(400),
    ] {
        assert!(Verifier::try_from(damaged.to_owned()).is_err());
    }
}

#[test]
fn numbers_are_encoded_as_java_writes_them() {
    for (number, expected) in [
        (&[0x14][..], &[0x14][..]),
        (&[0, 0, 0x14], &[0x14]),
        (&[0x80], &[0, 0x80]),
        (&[0, 0xc8, 1], &[0, 0xc8, 1]),
        (&[0, 0], &[0]),
    ] {
        assert_eq!(encoded(number), expected);
    }
}
