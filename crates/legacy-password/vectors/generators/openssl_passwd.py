"""`openssl passwd`: OpenSSL's own MD5-crypt, apr1 and SHA-crypt."""

import subprocess

from .vector import brief, family, salt_text

GENERATOR = "openssl passwd 3"
ENGINES = {"openssl passwd"}


def passwd(password, kind, salt):
    command = ["openssl", "passwd", kind, "-salt", salt, "-stdin"]
    done = subprocess.run(command, input=password.encode() + b"\n", capture_output=True, check=True)
    return done.stdout.decode().strip()


def vectors():
    made = []
    for format, kind, length in [
        ("md5-crypt", "-1", 8),
        ("apr1", "-apr1", 8),
        ("sha256-crypt", "-5", 16),
        ("sha512-crypt", "-6", 16),
    ]:
        salt = salt_text("openssl " + kind, length)
        # For no password at all, -5 and -6 print `<NULL>`.
        made += family(format, lambda password: passwd(password, kind, salt), empty=kind not in ["-5", "-6"])
    made += brief("apr1", lambda password: passwd(password, "-apr1", "ab"), note="a salt of two letters")
    return made
