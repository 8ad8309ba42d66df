"""PHP's password_hash(), which draws the salts itself."""

from .php import hashed_by
from .vector import LONG, RIGHT, UNICODE, WRONG, vector

GENERATOR = "PHP 8.2 password_hash"
ENGINES = {"PHP", "argon2-cffi"}
SALTS_DIFFER = True


def vectors():
    made = []
    for format, algorithm, options in [
        ("bcrypt", "2y", {"cost": 4}),
        ("argon2i", "argon2i", {"memory_cost": 64, "time_cost": 2, "threads": 1}),
        ("argon2id", "argon2id", {"memory_cost": 64, "time_cost": 2, "threads": 1}),
        ("argon2id", "argon2id", {"memory_cost": 65536, "time_cost": 4, "threads": 1}),
    ]:
        hash_of = hashed_by("password_hash", algorithm=algorithm, options=options)
        right = hash_of(RIGHT)
        note = "PHP's default cost" if options.get("memory_cost") == 65536 else None
        made.append(vector(format, right, RIGHT, True, note=note))
        if note is None:
            made += [
                vector(format, right, WRONG, False),
                vector(format, hash_of(UNICODE), UNICODE, True),
                vector(format, hash_of(LONG), LONG, True),
            ]
    return made
