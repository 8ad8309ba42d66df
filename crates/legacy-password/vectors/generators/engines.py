"""Second implementations of what the formats are made of. Each primitive has two, so that one is never its own judge.

An engine answers with bytes (or with the text, for crypt), or with None where it cannot say.
"""

import hashlib
import hmac
import subprocess

import bcrypt as openbsd
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.kdf import argon2 as openssl_argon2
from nacl.bindings import crypto_pwhash_scryptsalsa208sha256_ll
from passlib import hash as passlib_hash
from passlib.crypto._blowfish import raw_bcrypt
from passlib.crypto.digest import lookup_hash

from .libxcrypt import crypt as libxcrypt
from .php import answers as php


def php_stretch(digest, first, times, then):
    return bytes.fromhex(php.to(do="stretch", digest=digest, first=first, times=times, then=then))


def hashlib_stretch(digest, first, times, then):
    new = lookup_hash("md4").const if digest == "md4" else lambda data: hashlib.new(digest, data)
    made = new(first).digest()
    for _ in range(times):
        made = new(made + then).digest()
    return made


def php_hmac(digest, key, message):
    return bytes.fromhex(php.to(do="hmac", digest=digest, key=key, message=message))


def hashlib_hmac(digest, key, message):
    return hmac.new(key, message, digest).digest()


def php_pbkdf2(digest, password, salt, iterations, length):
    job = {"do": "pbkdf2", "digest": digest, "password": password, "salt": salt}
    return bytes.fromhex(php.to(**job, iterations=iterations, length=length))


def hashlib_pbkdf2(digest, password, salt, iterations, length):
    return hashlib.pbkdf2_hmac(digest, password, salt, iterations, length)


def libsodium_scrypt(password, salt, n, r, p, length):
    return crypto_pwhash_scryptsalsa208sha256_ll(password, salt, n, r, p, length, maxmem=2**28)


def openssl_scrypt(password, salt, n, r, p, length):
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=length, maxmem=2**28)


def firebase(scrypt):
    def enciphered(password, salt, signer_key, rounds, mem_cost):
        key = scrypt(password, salt, 1 << mem_cost, rounds, 1, 32)
        cipher = Cipher(AES256(key), CTR(bytes(16))).encryptor()
        return cipher.update(signer_key) + cipher.finalize()

    return enciphered


def openssl_argon2_key(type, version, password, salt, memory, passes, lanes, length, data):
    if version != 19:
        return None
    kind = {"id": openssl_argon2.Argon2id, "i": openssl_argon2.Argon2i, "d": openssl_argon2.Argon2d}[type]
    shape = {"salt": salt, "length": length, "iterations": passes, "lanes": lanes, "memory_cost": memory}
    return kind(**shape, ad=data).derive(password)


def reference_argon2_key(type, version, password, salt, memory, passes, lanes, length, data):
    kind = {"id": Type.ID, "i": Type.I, "d": Type.D}[type]
    return None if data else hash_secret_raw(password, salt, passes, memory, lanes, length, kind, version)


def libxcrypt_crypt(password, setting):
    return None if b"\0" in password else libxcrypt(password, setting)


def openbsd_bcrypt(password, setting):
    return None if b"\0" in password else openbsd.hashpw(password, setting[:29].encode()).decode()


def python_bcrypt(password, setting):
    """passlib's Blowfish in Python: slow, and the only one here that reads past a zero byte."""
    if b"\0" not in password or int(setting[4:6]) > 5:
        return None
    return setting[:29] + raw_bcrypt(password, setting[1:3], setting[7:29].encode(), int(setting[4:6])).decode()


def openssl_passwd(password, setting):
    _, kind, salt, *_ = setting.split("$")
    if kind not in ["1", "apr1", "5", "6"] or salt.startswith("rounds="):
        return None
    # It reads a line, takes no empty salt, and prints `<NULL>` for an empty password.
    if not salt or not password or b"\n" in password:
        return None
    command = ["openssl", "passwd", f"-{kind}", "-salt", salt, "-stdin"]
    done = subprocess.run(command, input=password + b"\n", capture_output=True, check=True)
    return done.stdout.decode().strip()


def passlib_crypt(password, setting):
    handlers = {"1": passlib_hash.md5_crypt, "5": passlib_hash.sha256_crypt, "6": passlib_hash.sha512_crypt}
    handlers |= {"apr1": passlib_hash.apr_md5_crypt, "7": passlib_hash.scrypt}
    handler = handlers.get(setting.split("$")[1])
    if handler is None:
        return None
    return setting if handler.verify(password, setting) else ""


# Primitive -> engines by name, the most unlike the generators first.
ENGINES = {
    "stretch": [("PHP", php_stretch), ("OpenSSL", hashlib_stretch)],
    "hmac": [("PHP", php_hmac), ("OpenSSL", hashlib_hmac)],
    "pbkdf2": [("PHP", php_pbkdf2), ("OpenSSL", hashlib_pbkdf2)],
    "scrypt": [("libsodium", libsodium_scrypt), ("OpenSSL", openssl_scrypt)],
    "firebase": [("libsodium", firebase(libsodium_scrypt)), ("OpenSSL", firebase(openssl_scrypt))],
    "argon2": [("cryptography", openssl_argon2_key), ("argon2-cffi", reference_argon2_key)],
    "bcrypt": [("libxcrypt", libxcrypt_crypt), ("bcrypt (PyPI)", openbsd_bcrypt), ("passlib", python_bcrypt)],
    "crypt": [("libxcrypt", libxcrypt_crypt), ("openssl passwd", openssl_passwd), ("passlib", passlib_crypt)],
    "apr1": [("openssl passwd", openssl_passwd), ("passlib", passlib_crypt)],
}
