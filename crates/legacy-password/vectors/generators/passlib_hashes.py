"""passlib: its own formats and its own implementations of the crypt family."""

import os

os.environ.setdefault("PASSLIB_BUILTIN_BCRYPT", "disabled")

from passlib import hash as of

from .vector import ITOA64, bcrypt_salt, brief, family, once, refused, salt_bytes, salt_text

GENERATOR = "passlib 1.7.4"
ENGINES = {"passlib", "bcrypt (PyPI)", "OpenSSL"}


def vectors():
    return [*crypt_family(), *bcrypt_family(), *pbkdf2_family(), *scrypt_family(), *ldap_family(), *plain_digests()]


def crypt_family():
    yield from family("md5-crypt", of.md5_crypt.using(salt=salt_text("md5-crypt", 8)).hash)
    yield from family("apr1", of.apr_md5_crypt.using(salt=salt_text("apr1", 8)).hash)
    for name, crypt, rounds in [("sha256-crypt", of.sha256_crypt, 535000), ("sha512-crypt", of.sha512_crypt, 656000)]:
        salt = salt_text(name, 16)
        cheap = crypt.using(salt=salt, rounds=1000).hash
        yield from family(name, cheap, usual=crypt.using(salt=salt, rounds=rounds).hash)
        yield from brief(name, crypt.using(salt=salt[:8], rounds=5000).hash, note="5000 rounds are not written")
    for ident in ["P", "H"]:
        phpass = of.phpass.using(ident=ident, salt=salt_text("phpass", 8), rounds=7).hash
        yield from family("phpass", phpass)
    yield from once("phpass", of.phpass.using(salt=salt_text("phpass B", 8), rounds=13).hash, note="8192, `B`")


def bcrypt_family():
    for ident in ["2a", "2b", "2y"]:
        salt = bcrypt_salt("passlib " + ident)
        bcrypt = of.bcrypt.using(ident=ident, salt=salt, rounds=4).hash
        yield from family("bcrypt", bcrypt, reads=72)
    yield from once("bcrypt", of.bcrypt.using(salt=bcrypt_salt("12"), rounds=12).hash, note="the usual cost")
    salt = bcrypt_salt("bcrypt-sha256")
    for version in [1, 2]:
        bcrypt_sha256 = of.bcrypt_sha256.using(version=version, salt=salt, rounds=4).hash
        yield from family("passlib-bcrypt-sha256", bcrypt_sha256)


def pbkdf2_family():
    digests = [("sha1", of.pbkdf2_sha1), ("sha256", of.pbkdf2_sha256), ("sha512", of.pbkdf2_sha512)]
    for digest, pbkdf2 in digests:
        salt = salt_bytes("pbkdf2 " + digest, 16)
        usual = pbkdf2.using(salt=salt, rounds=29000).hash if digest == "sha256" else None
        yield from family("passlib-pbkdf2", pbkdf2.using(salt=salt, rounds=100).hash, usual=usual)
    for digest, pbkdf2 in [("", of.ldap_pbkdf2_sha1), ("256", of.ldap_pbkdf2_sha256), ("512", of.ldap_pbkdf2_sha512)]:
        salt = salt_bytes("ldap pbkdf2" + digest, 16)
        yield from family("ldap-pbkdf2", pbkdf2.using(salt=salt, rounds=100).hash)


def scrypt_family():
    # passlib draws ASCII salts for `$7$`, which writes them as they are.
    text = salt_text("scrypt", 22).encode()
    cheap, usual = {"rounds": 4, "block_size": 8}, {"rounds": 16, "block_size": 8}
    phc = lambda cost: of.scrypt.using(salt=salt_bytes("scrypt", 16), **cost).hash
    yield from family("phc-scrypt", phc(cheap), usual=phc(usual))
    yield from brief("phc-scrypt", of.scrypt.using(salt=b"", rounds=3, block_size=2, parallelism=3).hash)
    crypt = lambda cost: of.scrypt.using(ident="$7$", salt=text, **cost).hash
    yield from family("scrypt-crypt", crypt(cheap))


def ldap_family():
    yield from family("ldap-digest", of.ldap_md5.hash)
    yield from family("ldap-digest", of.ldap_sha1.hash)
    salted = [of.ldap_salted_md5, of.ldap_salted_sha1, of.ldap_salted_sha256, of.ldap_salted_sha512]
    for scheme in salted:
        yield from family("ldap-digest", scheme.using(salt=salt_bytes(scheme.name, 8)).hash)
        for length in [4, 16]:
            yield from brief("ldap-digest", scheme.using(salt=salt_bytes(scheme.name, length)).hash)
    ssha = of.ldap_salted_sha1.using(salt=salt_bytes("lower", 8)).hash
    lower = lambda password: ssha(password).replace("{SSHA}", "{ssha}")
    yield from brief("ldap-digest", lower, note="scheme names have no case (RFC 2307, 5.3)")
    crypt = of.ldap_sha512_crypt.using(salt=salt_text("{CRYPT}", 16), rounds=1000).hash
    yield from brief("sha512-crypt", crypt, note="{CRYPT}")
    yield refused("plain", "{CLEARTEXT}" + "sesame street 42", "a password in the clear is no hash")
    yield refused("des-crypt", of.des_crypt.using(salt=ITOA64[12:14]).hash("sesame"), "DES crypt")
    yield refused("bsdi-crypt", of.bsdi_crypt.using(salt="abcd", rounds=1001).hash("sesame"), "DES crypt, extended")
    yield refused("nthash", of.bsd_nthash.hash("sesame"), "NTLM, priority C")
    yield refused("mysql", of.mysql41.hash("sesame"), "MySQL, priority C")


def plain_digests():
    digests = [
        ("md4", of.hex_md4),
        ("md5", of.hex_md5),
        ("sha1", of.hex_sha1),
        ("sha256", of.hex_sha256),
        ("sha512", of.hex_sha512),
    ]
    for algorithm, digest in digests:
        yield from family("digest", digest.hash, configured={"algorithm": algorithm})
        upper = lambda password: digest.hash(password).upper()
        yield from brief("digest", upper, configured={"algorithm": algorithm}, note="upper case")
        yield refused("digest", digest.hash("sesame street 42"), "bare digits are ambiguous until configured")
