"""Vectors that others published: typed in from where they stand, not made here. `note` says where.

What second_opinion.py makes of them is the proof that the constructions of documented.py are the real ones.
"""

import json

from .vector import b64, refused, vector

GENERATOR = "published"
ENGINES = set()


def vectors():
    return [*firebase(), *keycloak(), *auth0(), *spring(), *aspnet(), *php_world(), *kratos(), *phc(), *others()]


def pair(format, hash, password, wrong, note, configured=None):
    yield vector(format, hash, password, True, configured, note)
    yield vector(format, hash, wrong, False, configured, note)


def firebase():
    readme = {
        "salt": "42xEC+ixf3L2lw==",
        "signerKey": "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
        "saltSeparator": "Bw==",
        "rounds": 8,
        "memCost": 14,
    }
    hash = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
    yield from pair("firebase-scrypt", hash, "user1password", "user2password", "firebase/scrypt, README.md", readme)
    hash = (
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,"
        "sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw=="
        "$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw=="
    )
    note = "supabase/auth, internal/crypto/password_test.go"
    yield from pair("firebase-scrypt", hash, "mytestpassword", "mytestpasswore", note)
    hash = (
        "$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw=="
        "$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw=="
        "$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw=="
    )
    yield from pair("firebase-scrypt", hash, "8x4WjoDbSxJZdR", "8x4WjoDbSxJZdS", "ory/kratos, hash/hasher_test.go")


def keycloak():
    """A real export of Keycloak 25 or later, whose password stands on the same page."""
    credential = {
        "hashIterations": 5,
        "algorithm": "argon2",
        "additionalParameters": {
            "hashLength": ["32"],
            "memory": ["7168"],
            "type": ["id"],
            "version": ["1.3"],
            "parallelism": ["1"],
        },
    }
    secret = {
        "value": "BuViHNDGmCq80fvpty/QoggTI8NSt0CuNDGgeoa5f5A=",
        "salt": "RJ0aLMQ2qKbZuROs7qQhcA==",
        "additionalParameters": {},
    }
    hash = json.dumps({"secretData": json.dumps(secret), "credentialData": json.dumps(credential)})
    note = "a realm export in the documentation of a public example"
    yield from pair("keycloak", hash, "iceberg", "icebergs", note, {})


def auth0():
    """The examples of "Bulk User Import Database Schema and Examples"; the password of all but the last is `shh`,
    which the page does not say but every one of them confirms.
    """
    note = "auth0.com/docs, Bulk User Import Database Schema and Examples"
    sha256 = "d24e794fce503c3ddb1cd1ba1dd5d9b250cf9917336a0316fefd87fecf79200f"
    bcrypt = "$2b$10$C9hB01.YxRSTcn/ZOOo4j.TW7xCKKFKBSF.C7E0xiUwumqIDqWUXG"
    argon2 = "$argon2id$v=19$m=65536,t=2,p=1$J6Q/82PCyaNpYKRELJyTZg$m04qUAB8rexWDR4+/0f+SFB+4XMFxt7YAvAq2UycYos"
    pbkdf2 = (
        "$pbkdf2-sha512$i=100000,l=64$KNyFsA2rWoE"
        "$I2CQGI9H0JxdDf3kERRI97kPCGxh0KWBIV3MxyaS191gDGfzVBGyS4BibhgqWQ0/ails8mHuU9ckASxHOOq58w"
    )
    ldap = "{SSHA384}/cgEjdoZh85DhurDeOQEMO1rMlAur93SVPbYe5XSD4lF7nNuvrBju5hUeg9A6agRemgSXGl5YuE="
    for document in [
        {"algorithm": "md4", "hash": {"value": "AbuUujgF0pPPkJPSFRTpmA==", "encoding": "base64"}},
        {
            "algorithm": "sha256",
            "hash": {"value": sha256, "encoding": "hex"},
            "salt": {"value": "abc123", "position": "prefix"},
        },
        {"algorithm": "bcrypt", "hash": {"value": bcrypt}},
        {"algorithm": "argon2", "hash": {"value": argon2}},
        {"algorithm": "pbkdf2", "hash": {"value": pbkdf2}},
        {"algorithm": "ldap", "hash": {"value": ldap, "encoding": "utf8"}},
    ]:
        yield from pair("auth0", json.dumps(document), "shh", "shhh", note, {})
    keyed = {
        "value": "cg7f42jH39/2EaAU4wNd4s2lKIk=",
        "encoding": "base64",
        "digest": "sha1",
        "key": {"value": "736868", "encoding": "hex"},
    }
    yield from pair("auth0", json.dumps({"algorithm": "hmac", "hash": keyed}), "test", "tset", note, {})


def spring():
    note = "docs.spring.io, Spring Security, Password Storage: DelegatingPasswordEncoder Encoded Passwords Example"
    for format, hash in [
        ("bcrypt", "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG"),
        ("spring-pbkdf2", "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc"),
        (
            "spring-scrypt",
            "{scrypt}$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw=="
            "$OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=",
        ),
        ("spring-sha256", "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0"),
    ]:
        yield from pair(format, hash, "password", "passwore", note)
    yield refused("noop", "{noop}password", note)


def aspnet():
    note = "dotnet/aspnetcore, src/Identity/test/Identity.Test/PasswordHasherTest.cs"
    for hash in [
        "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==",
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
        "ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==",
        "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
        "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+"
        "ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
        "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
        "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
    ]:
        yield from pair("aspnet-identity", hash, "my password", "my passwore", note, {})
    yield refused("aspnet-identity", "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggE=", f"too short; {note}", {})
    too_long = "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJgAAAAAAAAAAAAA="
    yield refused("aspnet-identity", too_long, f"extra data at the end; {note}", {})
    yield refused("aspnet-identity", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=", f"too short; {note}", {})


def php_world():
    hash = "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"
    yield from pair("phpass", hash, "test12345", "test12346", "openwall.com/phpass, test.php")
    hash = "$wp$2y$10$v719Zyb/5DiglXjaGmtVoO.58ZfZLBkfIyjXnYyIbWYYFsofeucua"
    yield from pair("wordpress-bcrypt", hash, "test123", "test124", "a WordPress 6.8 row in a public migration script")
    note = "DokuWiki, _test/tests/inc/auth_password.test.php"
    hash = "$S$D7JxIm0f7QKO3zjwVS1RH4AW8sYvmLjO0.Rn4swH0JVt6OrZ4yzZ"
    yield from pair("drupal", hash, "drupal_sha512", "drupal_sha511", note)
    hash = "U$S$9c47LGZuhR6TvhRQXzymkJIQ3mXthUCc6KDEGTt4B7eOL/H9Ykuy"
    yield from pair("drupal-md5", hash, "pouette1234", "pouette1235", note)
    note = "Drupal core, PasswordHashingTest"
    hash = "$S$5TOxWPdvJRs0P/xZBdrrPlGgzViOS0drHu3jaIjitesfttrp18bk"
    yield from pair("drupal", hash, "valid password", "invalid password", note)
    hash = "U$S$5vNHDQyLqCTvsYBLWBUWXJWhA0m3DTpBh04acFEOGB.bKBclhKgo"
    yield from pair("drupal-md5", hash, "valid password", "invalid password", note)


def kratos():
    note = "ory/kratos, hash/hasher_test.go"
    key = "NW9wbWtnejAzcg=="
    for format, hash, password in [
        ("argon2id", "$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw", "test"),
        (
            "phc-pbkdf2",
            "$pbkdf2-sha256$i=100000,l=32$1jP+5Zxpxgtee/iPxGgOz0RfE9/KJuDElP1ley4VxXc"
            "$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI",
            "test",
        ),
        (
            "phc-scrypt",
            "$scrypt$ln=16384,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA="
            "$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=",
            "test",
        ),
        ("ldap-digest", "{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a", "test123"),
        ("ldap-digest", "{SSHA256}czO44OTV17PcF1cRxWrLZLy9xHd7CWyVYplr1rOhuMlx/7IK", "test123"),
        ("kratos-digest", f"$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==${key}$2qU2SGWP8viTM1md3FiI3+rjWXQ=", "test"),
        (
            "kratos-digest",
            f"$sha1$pf=Pz9zdGF0aWNQcmVmaXg/P3tTQUxUfXtQQVNTV09SRH0=${key}$SAAxMUn7jxckQXkBmsVF0nHwqso=",
            "test",
        ),
        ("kratos-digest", f"$sha1$pf=JHtQQVNTV09SRH0ke1NBTFR9JA==${key}$iE5n1yjX3oAdxRHwZ4u57I4LpQo=", "test"),
        (
            "kratos-digest",
            f"$sha256$pf=e1NBTFR9JCR7UEFTU1dPUkR9${key}$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY=",
            "test",
        ),
        (
            "kratos-digest",
            f"$sha512$pf=e1NBTFR9JCR7UEFTU1dPUkR9${key}"
            "$1F9BPW8UtdJkZ9Dhlf+D4X4dJ9xfuH8y04EfuCP2k4aGPPq/aWxU9/xe3LydHmYW1/K3zu3NFO9ETVrZettz3w==",
            "test",
        ),
        ("kratos-digest", "$md5$CY9rzUYh03PK3k6DJie09g==", "test"),
        ("kratos-digest", "$md5$pf=e1BBU1NXT1JEfXtTQUxUfSQ/$MTIzNDU2Nzg5$8PhwWanVRnpJAFK4NUjR0w==", "ory"),
        ("md5-crypt", "$md5-crypt$TVEiiKNb$SN6/pUaRQS/E8Jh46As2C/", "test"),
        ("md5-crypt", "$md5-crypt$$whuMjZj.HMFoaTaZRRtkO0", "test"),
        ("kratos-hmac", "$hmac-md5$ZmU4Njk3Zjc0MmQwODA0MDVkMTI3MGU2MTYzMzE2Zjk=$MTIzNDU=", "test"),
        (
            "kratos-hmac",
            "$hmac-sha256$ZTAzMWJhMWMyOTM4YjFkMjgzZjkxOWExZGY5YWM2NmMxOTJhN2RkNzQ0MzJkNWZkNGFkYTI5OTk0MWJhMTA5Zg=="
            "$MTIzNDU=",
            "test",
        ),
    ]:
        yield from pair(format, hash, password, password + "x", note)


def phc():
    note = "P-H-C/phc-winner-argon2, src/test.c"
    for format, hash in [
        ("argon2i", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"),
        ("argon2i", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"),
        ("argon2id", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
    ]:
        yield from pair(format, hash, "password", "differentpassword", note)
    note = "supabase/auth, internal/crypto/password_test.go"
    hash = "$argon2i$v=19$m=16,t=2,p=1$bGJRWThNOHJJTVBSdHl2dQ$NfEnUOuUpb7F2fQkgFUG4g"
    yield from pair("argon2i", hash, "test", "test1", note)
    hash = "$argon2id$v=19$m=32,t=3,p=2$SFVpOWJ0eXhjRzVkdGN1RQ$RXnb8rh7LaDcn07xsssqqulZYXOM/EUCEFMVcAcyYVk"
    yield from pair("argon2id", hash, "test", "test1", note)
    hash = "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D"
    yield from pair("scrypt-crypt", hash, "pleaseletmein", "pleaseletmeout", "unix-scrypt.txt; RFC 7914, section 12")
    note = "RFC 7914, section 12"
    for shape, salt, password, hexadecimal in [
        (
            "ln=4,r=1,p=1",
            "",
            "",
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
        ),
        (
            "ln=10,r=8,p=16",
            "NaCl",
            "password",
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
        ),
    ]:
        key = bytes.fromhex(hexadecimal)
        text = f"$scrypt${shape}${b64(salt.encode()).rstrip('=')}${b64(key).rstrip('=')}"
        yield from pair("phc-scrypt", text, password, "wrong", note)
    for note, digest, iterations, hexadecimal, password in [
        ("RFC 6070", "sha1", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6", "password"),
        ("RFC 6070", "sha1", 4096, "4b007901b765489abead49d926f721d065a429c1", "password"),
        (
            "RFC 7914, section 11",
            "sha256",
            1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
            "passwd",
        ),
    ]:
        key = bytes.fromhex(hexadecimal)
        text = f"$pbkdf2-{digest}$i={iterations},l={len(key)}$c2FsdA${b64(key).rstrip('=')}"
        yield from pair("phc-pbkdf2", text, password, "wrong", note)


def others():
    note = "authgear/authgear-server, pkg/util/password/bcryptsha512_test.go"
    hash = "$bcrypt-sha512$$2a$10$qQybX3kAJNT2YqYRVmbfjO5EhgWm6vV4cWmXo2ZATAuBmCyJM2fKu"
    yield from pair("authgear-bcrypt-sha512", hash, "password", "Password", note)
    hash = "$bcrypt-sha512$$2a$10$zDrD87PynMMSNjLGHu0y.uBZ8qf8j75xiBYmAK9QPqk7zqFvLigQi"
    eighty = "password12345678" * 5
    yield from pair("authgear-bcrypt-sha512", hash, eighty, eighty[:-1] + "0", note)
    columns = {"encryptionScheme": "salted-sha256", "salt": "ZjFuZDFuZ24zbTA=", "factor": 1}
    hash = "KGRZ7l/GeMtj2oQVXXatV4ODFXgpJA8iW6z1Kzvr0FQ="
    yield from pair("fusionauth", hash, "password123", "password124", "FusionAuth/fusionauth-load-tests", columns)
    columns = {"encryptionScheme": "phpass-md5", "salt": "IQRaTwmf", "factor": 2048}
    note = (
        "FusionAuth/fusionauth-contrib, ExampleWordPressPhpassPasswordEncryptorTest.java (openwall's vector in columns)"
    )
    yield from pair("fusionauth", "eRo7ud9Fh4E2PdI0S3r.L0", "test12345", "test12346", note, columns)
    yield from pair(
        "digest",
        "67A1E09BB1F83F5007DC119C14D663AA",
        "password",
        "passwore",
        "Auth0's documentation: MD5('salt' + 'password')",
        {
            "algorithm": "md5",
            "salt": "salt",
            "saltPosition": "prefix",
        },
    )
