"""What every generator shares: the passwords, salts that never change, and the shape of a vector."""

import base64
import hashlib
import unicodedata

RIGHT = "sesame street 42"
WRONG = "sesame street 43"
UNICODE = "pässwörd🔑"
# The same letters to a reader, other bytes: a verifier that normalises unasked is found out.
DECOMPOSED = unicodedata.normalize("NFD", UNICODE)
EMPTY = ""
# 120 bytes: longer than bcrypt's 72, than SHA-256's block of 64 and than SHA-512's rest of 111.
LONG = "correct horse battery staple, " * 4
LONG_OTHER = LONG[:-1] + "!"

ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def salt_bytes(label, length):
    """A salt of `length` bytes that is the same in every run."""
    return hashlib.sha512(b"legacy-password " + label.encode()).digest()[:length]


def salt_text(label, length):
    """The same in letters that every crypt format takes (`./0-9A-Za-z`)."""
    return "".join(ITOA64[byte & 63] for byte in salt_bytes(label, length))


def bcrypt_salt(label):
    """22 letters of 16 bytes; the last carries two bits only, so it is one of the canonical four."""
    return salt_text(label, 21) + "."


def b64(data):
    return base64.b64encode(data).decode()


def vector(format, hash, password, correct, configured=None, note=None, refused=False, **more):
    """One line of a vectors file; `configured` is the `with` of a format that has no prefix."""
    made = {"format": format, "how": "prefix" if configured is None else "configured", "hash": hash}
    if configured is not None:
        made["with"] = configured
    made["correct"] = correct
    if isinstance(password, bytes):
        made["password_hex"] = password.hex()
    else:
        made["password"] = password
    if refused:
        made["refused"] = True
    if note:
        made["note"] = note
    return made | more


def refused(format, hash, note, configured=None):
    return vector(format, hash, RIGHT, False, configured, note, refused=True)


def once(format, hash_of, configured=None, note=None):
    """Only a right password: what is dear to compute, or differs in nothing but its cost."""
    made = hash_of(RIGHT)
    text, configured = made if isinstance(made, tuple) else (made, configured)
    return [vector(format, text, RIGHT, True, configured, note)]


def brief(format, hash_of, configured=None, note=None):
    """A right and a wrong password: a variant of a form that `family` has gone through."""
    (right,) = once(format, hash_of, configured, note)
    return [right, {**right, "correct": False, "password": WRONG}]


def family(format, hash_of, configured=None, reads=None, usual=None, note=None, empty=True):
    """The cases that every format owes.

    `hash_of(password)` gives the text, or the text and its `with`; `usual` is the same at the usual cost of its
    system, once; `reads` is the number of bytes that the format looks at, if it is not all of them.
    """

    def one(password, correct, hashed, note=note):
        made = hashed if isinstance(hashed, tuple) else (hashed, configured)
        return vector(format, made[0], password, correct, made[1], note)

    right, unicode, long = hash_of(RIGHT), hash_of(UNICODE), hash_of(LONG)
    vectors = [
        one(RIGHT, True, right),
        one(WRONG, False, right),
        one(RIGHT + " ", False, right),
        one(EMPTY, False, right),
        one(UNICODE, True, unicode),
        one(DECOMPOSED, False, unicode),
        one(LONG, True, long),
    ]
    if reads is None:
        vectors.append(one(LONG_OTHER, False, long))
    else:
        vectors.append(one(LONG_OTHER, True, long, f"only the first {reads} bytes count"))
    if empty:
        vectors.append(one(EMPTY, True, hash_of(EMPTY)))
    if usual:
        vectors.append(one(RIGHT, True, usual(RIGHT), "the usual cost"))
    return vectors
