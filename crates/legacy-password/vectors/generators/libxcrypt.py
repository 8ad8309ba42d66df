"""crypt(3) of libxcrypt, which is what /etc/shadow holds on Debian, Fedora and others."""

import ctypes
import ctypes.util

from .vector import ITOA64, bcrypt_salt, brief, family, refused, salt_text, vector

GENERATOR = "libxcrypt 4.4"
ENGINES = {"libxcrypt"}

_library = ctypes.CDLL(ctypes.util.find_library("crypt"))
_library.crypt.restype = ctypes.c_char_p


def crypt(password, setting):
    """None where libxcrypt refuses the setting."""
    password = password.encode() if isinstance(password, str) else password
    made = _library.crypt(password, setting.encode())
    return None if made is None or made.startswith(b"*") else made.decode()


def vectors():
    return [*shadow(), *bcrypt(), *drepper(), *memory_hard(), *others()]


def hashed_by(setting):
    return lambda password: crypt(password, setting)


def shadow():
    yield from family("md5-crypt", hashed_by("$1$" + salt_text("libxcrypt", 8)))
    yield from brief("md5-crypt", hashed_by("$1$ab"), note="a salt of two letters")
    yield from family("sha256-crypt", hashed_by("$5$rounds=1000$" + salt_text("libxcrypt 5", 16)))
    yield from family("sha512-crypt", hashed_by("$6$rounds=1000$" + salt_text("libxcrypt 6", 16)))
    yield from brief("sha256-crypt", hashed_by("$5$" + salt_text("libxcrypt 5 default", 16)))
    yield from brief("sha512-crypt", hashed_by("$6$" + salt_text("libxcrypt 6 default", 16)))
    yield from brief("sha512-crypt", hashed_by("$6$rounds=1001$a"), note="a salt of one letter")
    in_ldap = lambda password: "{CRYPT}" + crypt(password, "$5$rounds=1000$" + salt_text("libxcrypt 5", 16))
    yield from brief("sha256-crypt", in_ldap, note="{CRYPT}")
    for kratos, format, setting in [
        ("$md5-crypt$", "md5-crypt", "$1$"),
        ("$sha256-crypt$", "sha256-crypt", "$5$"),
        ("$sha512-crypt$", "sha512-crypt", "$6$"),
    ]:
        rounds = "" if format == "md5-crypt" else "rounds=1000$"
        full = setting + rounds + salt_text("kratos", 8)
        renamed = lambda password: crypt(password, full).replace(setting, kratos, 1)
        yield from brief(format, renamed, note="Kratos' prefix")


def bcrypt():
    for prefix in ["2a", "2b", "2y"]:
        yield from family("bcrypt", hashed_by(f"${prefix}$04$" + bcrypt_salt("libxcrypt")), reads=72)
    in_ldap = lambda password: "{CRYPT}" + crypt(password, "$2b$04$" + bcrypt_salt("libxcrypt"))
    yield from brief("bcrypt", in_ldap, note="{CRYPT}")
    spring = lambda password: "{bcrypt}" + crypt(password, "$2a$10$" + bcrypt_salt("libxcrypt"))
    yield from brief("bcrypt", spring, note="Spring Security's prefix and cost")
    bug = crypt("sesame street 42", "$2x$04$" + bcrypt_salt("libxcrypt"))
    yield refused("bcrypt", bug, "$2x$ keeps a bug that makes passwords collide")
    yield refused("bcrypt", bug.replace("$2x$", "$2$"), "$2$ is older than the form of the password was agreed on")


def drepper():
    """The settings of SHA-crypt's specification: a salt cut at 16 letters, rounds raised to the least of 1000."""
    for format, prefix in [("sha256-crypt", "$5$"), ("sha512-crypt", "$6$")]:
        for setting, text in [
            ("saltstring", "Hello world!"),
            ("rounds=10000$saltstringsaltstring", "Hello world!"),
            ("rounds=5000$toolongsaltstring", "This is just a test"),
            (
                "rounds=1400$anotherlongsaltstring",
                "a very much longer text to encrypt.  This one even stretches over morethan one line.",
            ),
            ("rounds=77777$short", "we have a short salt string but not a short password"),
            ("rounds=123456$asaltof16chars..", "a short string"),
            ("rounds=1000$roundstoolow", "the minimum number is still observed"),
        ]:
            yield vector(format, crypt(text, prefix + setting), text, True, note="akkadia.org/drepper/SHA-crypt.txt")


def memory_hard():
    salt = salt_text("yescrypt", 20) + ".."
    yield from family("yescrypt", hashed_by("$y$j75$" + salt), usual=hashed_by("$y$j9T$" + salt))
    n, r, p = ITOA64[4], ITOA64[8] + "....", ITOA64[1] + "...."
    yield from family("scrypt-crypt", hashed_by("$7$" + n + r + p + salt_text("libxcrypt 7", 16)))


def others():
    yield refused("des-crypt", crypt("sesame", "ab"), "DES crypt")
    yield refused("bsdi-crypt", crypt("sesame", "_J9..rasm"), "DES crypt, extended")
    yield refused("nthash", crypt("sesame", "$3$"), "NTLM, priority C")
    yield refused("sunmd5", crypt("sesame", "$md5,rounds=4000$abcdefgh$"), "Sun's MD5")
    yield refused("sha1-crypt", crypt("sesame", "$sha1$4000$abcdefgh"), "NetBSD's SHA-1; Kratos' `$sha1$pf=` is other")
    gost = crypt("sesame", "$gy$j75$" + salt_text("gost", 20) + "..")
    if gost:
        yield refused("gost-yescrypt", gost, "GOST yescrypt")
