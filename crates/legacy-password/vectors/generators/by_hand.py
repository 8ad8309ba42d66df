"""Texts that nobody's library writes and that must be refused: asking too much, cut short, or with nothing to compare."""

import json

from .vector import b64, refused

GENERATOR = "by hand"
ENGINES = set()


def vectors():
    return [*absurd(), *empty(), *broken()]


def absurd():
    """Parameters that would hold a function up for minutes, or take its memory."""
    salt, key = "c2FsdHNhbHRzYWx0c2FsdA", "A" * 43
    for format, text in [
        ("argon2id", f"$argon2id$v=19$m=4194304,t=3,p=4${salt}${key}"),
        ("argon2id", f"$argon2id$v=19$m=65536,t=1000000,p=4${salt}${key}"),
        ("argon2id", f"$argon2id$v=19$m=65536,t=3,p=16777215${salt}${key}"),
        ("argon2id", f"$argon2id$v=19$m=99999999999999999999,t=3,p=4${salt}${key}"),
        ("bcrypt", "$2b$31$" + "a" * 21 + "." + "a" * 31),
        ("bcrypt", "$2b$99$" + "a" * 21 + "." + "a" * 31),
        ("django-bcrypt-sha256", "bcrypt_sha256$$2b$31$" + "a" * 21 + "." + "a" * 31),
        ("wordpress-bcrypt", "$wp$2y$31$" + "a" * 21 + "." + "a" * 31),
        ("passlib-bcrypt-sha256", "$bcrypt-sha256$v=2,t=2b,r=31$" + "a" * 21 + ".$" + "a" * 31),
        ("phc-scrypt", f"$scrypt$ln=40,r=8,p=1${salt}${key}"),
        ("phc-scrypt", f"$scrypt$ln=14,r=4294967295,p=1${salt}${key}"),
        ("phc-scrypt", f"$scrypt$ln=14,r=8,p=4294967295${salt}${key}"),
        ("django-scrypt", f"scrypt$1099511627776$salt$8$1${key}="),
        ("django-scrypt", f"scrypt$16383$salt$8$1${key}="),
        ("werkzeug-scrypt", "scrypt:1099511627776:8:1$salt$" + "ab" * 64),
        ("spring-scrypt", "{scrypt}$ffffff$" + "A" * 22 + "==$" + key + "="),
        ("scrypt-crypt", "$7$z6..../....saltsaltsaltsalt$" + "a" * 43),
        ("yescrypt", "$y$jzzzz$saltsaltsaltsaltsalt$" + "a" * 43),
        ("django-pbkdf2-sha256", f"pbkdf2_sha256$4000000000$salt${key}="),
        ("django-pbkdf2-sha256", f"pbkdf2_sha256$0$salt${key}="),
        ("werkzeug-pbkdf2", "pbkdf2:sha256:4000000000$salt$" + "ab" * 32),
        ("passlib-pbkdf2", f"$pbkdf2-sha256$4000000000${salt}${key}"),
        ("phc-pbkdf2", f"$pbkdf2-sha256$i=4000000000,l=32${salt}${key}"),
        ("ldap-pbkdf2", "{PBKDF2-SHA256}4000000000$" + f"{salt}${key}"),
        ("sha512-crypt", "$6$rounds=999999999$saltsalt$" + "a" * 86),
        ("sha256-crypt", "$5$rounds=999999999$saltsalt$" + "a" * 43),
        ("phpass", "$P$zsaltsalt" + "a" * 22),
        ("drupal", "$S$zsaltsalt" + "a" * 43),
        ("firebase-scrypt", f"$firescrypt$ln=40,r=8,p=1${b64(bytes(8))}${b64(bytes(64))}$Bw==${b64(bytes(64))}"),
        ("firebase-scrypt", f"$fbscrypt$v=1,n=40,r=8,p=1,ss=Bw==,sk={b64(bytes(64))}${b64(bytes(8))}${b64(bytes(64))}"),
    ]:
        yield refused(format, text, "too costly")
    credential = json.dumps({"hashIterations": 2**31 - 1, "algorithm": "pbkdf2-sha256"})
    secret = json.dumps({"value": b64(bytes(32)), "salt": b64(bytes(16))})
    yield refused("keycloak", json.dumps({"secretData": secret, "credentialData": credential}), "too costly", {})
    okta = {
        "algorithm": "PBKDF2",
        "salt": b64(bytes(16)),
        "digestAlgorithm": "SHA256_HMAC",
        "iterationCount": 2**31 - 1,
    }
    yield refused("okta", json.dumps(okta | {"keySize": 32, "value": b64(bytes(32))}), "too costly", {})
    columns = {"encryptionScheme": "salted-sha256", "salt": b64(bytes(32)), "factor": 2**31 - 1}
    yield refused("fusionauth", b64(bytes(32)), "too costly", columns)
    project = {"salt": b64(bytes(8)), "signerKey": b64(bytes(64)), "rounds": 8, "memCost": 40}
    yield refused("firebase-scrypt", b64(bytes(64)), "too costly", project)


def empty():
    """Nothing to compare with: any password would be right."""
    salt = "c2FsdHNhbHRzYWx0c2FsdA"
    for format, text in [
        ("argon2id", f"$argon2id$v=19$m=64,t=2,p=1${salt}$"),
        ("bcrypt", "$2b$04$" + "a" * 21 + "."),
        ("wordpress-bcrypt", "$wp$2y$04$" + "a" * 21 + "."),
        ("django-pbkdf2-sha256", "pbkdf2_sha256$100$salt$"),
        ("django-scrypt", "scrypt$16$salt$8$1$"),
        ("django-sha1", "sha1$salt$"),
        ("django-md5", "md5$$"),
        ("werkzeug-scrypt", "scrypt:128:8:1$salt$"),
        ("werkzeug-pbkdf2", "pbkdf2:sha256:100$salt$"),
        ("werkzeug-hmac", "sha256$salt$"),
        ("passlib-pbkdf2", f"$pbkdf2-sha256$100${salt}$"),
        ("phc-pbkdf2", f"$pbkdf2-sha256$i=100,l=0${salt}$"),
        ("phc-scrypt", f"$scrypt$ln=4,r=8,p=1${salt}$"),
        ("sha512-crypt", "$6$saltsalt$"),
        ("sha512-crypt", "$6$saltsalt"),
        ("md5-crypt", "$1$saltsalt$"),
        ("apr1", "$apr1$saltsalt$"),
        ("phpass", "$P$5saltsalt"),
        ("drupal", "$S$5saltsalt"),
        ("ldap-digest", "{SSHA}"),
        ("ldap-digest", "{SHA}"),
        ("ldap-digest", "{SSHA512}" + b64(b"only a salt")),
        ("ldap-pbkdf2", f"{{PBKDF2-SHA256}}100${salt}$"),
        ("spring-pbkdf2", "{pbkdf2}ab1146a8458d4ce4"),
        ("spring-sha256", "{sha256}97cde38028ad898e"),
        ("spring-scrypt", f"{{scrypt}}$40801${salt}==$"),
        ("kratos-digest", "$sha256$pf=e1NBTFR9e1BBU1NXT1JEfQ==$c2FsdA==$"),
        ("kratos-digest", "$md5$"),
        ("kratos-hmac", "$hmac-sha256$$MTIzNDU="),
        ("firebase-scrypt", f"$firescrypt$ln=4,r=8,p=1${b64(bytes(8))}$$Bw==$"),
    ]:
        yield refused(format, text, "nothing to compare with")
    yield refused("digest", "", "nothing to compare with", {"algorithm": "sha256"})
    # A signer key of no bytes enciphers to no bytes.
    project = {"salt": b64(bytes(8)), "signerKey": "", "memCost": 4}
    yield refused("firebase-scrypt", "", "nothing to compare with", project)
    header = b"\1" + (1).to_bytes(4, "big") + (100).to_bytes(4, "big") + (16).to_bytes(4, "big")
    yield refused("aspnet-identity", b64(header + bytes(16)), "nothing to compare with", {})
    yield refused(
        "aspnet-identity", b64(header[:-4] + (2**32 - 1).to_bytes(4, "big") + bytes(48)), "a salt of 4 GiB", {}
    )
    yield refused("aspnet-identity", "", "nothing to compare with", {})
    secret, credential = {"value": "", "salt": b64(bytes(16))}, {"hashIterations": 100, "algorithm": "pbkdf2-sha256"}
    text = json.dumps({"secretData": json.dumps(secret), "credentialData": json.dumps(credential)})
    yield refused("keycloak", text, "nothing to compare with", {})
    for algorithm in ["sha256", "md5"]:
        text = json.dumps({"algorithm": algorithm, "hash": {"value": "", "encoding": "hex"}})
        yield refused("auth0", text, "nothing to compare with", {})
    text = json.dumps({"algorithm": "SHA-256", "salt": b64(bytes(16)), "saltOrder": "PREFIX", "value": ""})
    yield refused("okta", text, "nothing to compare with", {})
    for scheme in ["salted-sha256", "salted-pbkdf2-hmac-sha256", "bcrypt", "phpass-md5"]:
        columns = {"encryptionScheme": scheme, "salt": b64(bytes(32)), "factor": 4}
        yield refused("fusionauth", "", "nothing to compare with", columns)


def broken():
    for text in [
        "",
        "$",
        "$$",
        "{}",
        "!",
        "null",
        "\0",
        "$2b$",
        "$argon2id$",
        "pbkdf2_sha256$",
        "🔑" * 20,
    ]:
        yield refused("unknown", text, "no hash at all")
    whole = "$2b$04$" + "a" * 21 + "." + "a" * 31
    for text, note in [
        (" " + whole, "the prefix is anchored"),
        (whole + " ", "a letter too many"),
        (whole[:-1], "a letter short"),
        (whole.replace("$04$", "$4$"), "the cost has two digits"),
        (whole.replace("$04$", "$+4$"), "no sign"),
        (whole[:20] + "!" + whole[21:], "outside the alphabet"),
        ("$2c" + whole[3:], "no such variant"),
        ("$2B" + whole[3:], "letters have a case here"),
    ]:
        yield refused("bcrypt", text, note)
    yield refused("django-pbkdf2-sha256", "pbkdf2_sha256$1e3$salt$" + "A" * 43 + "=", "not a number")
    yield refused("django-pbkdf2-sha256", "pbkdf2_sha256$100$salt$not base64!", "not base64")
    yield refused("keycloak", '{"secretData": "{", "credentialData": "{}"}', "not JSON", {})
    yield refused("keycloak", "[" * 10_000, "deep nesting", {})
