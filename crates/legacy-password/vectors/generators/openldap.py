"""OpenLDAP's slappasswd, with its modules for SHA-2, PBKDF2 and Argon2. It draws the salts itself."""

import os
import subprocess
import tempfile

from .vector import LONG, RIGHT, UNICODE, WRONG, vector

GENERATOR = "slappasswd 2.5"
ENGINES = {"OpenLDAP"}
SALTS_DIFFER = True
MODULES = "/usr/lib/ldap"
SCHEMES = [
    ("{MD5}", None, "ldap-digest"),
    ("{SMD5}", None, "ldap-digest"),
    ("{SHA}", None, "ldap-digest"),
    ("{SSHA}", None, "ldap-digest"),
    ("{SHA256}", "pw-sha2", "ldap-digest"),
    ("{SSHA256}", "pw-sha2", "ldap-digest"),
    ("{SHA384}", "pw-sha2", "ldap-digest"),
    ("{SSHA384}", "pw-sha2", "ldap-digest"),
    ("{SHA512}", "pw-sha2", "ldap-digest"),
    ("{SSHA512}", "pw-sha2", "ldap-digest"),
    ("{PBKDF2}", "pw-pbkdf2", "ldap-pbkdf2"),
    ("{PBKDF2-SHA1}", "pw-pbkdf2", "ldap-pbkdf2"),
    ("{PBKDF2-SHA256}", "pw-pbkdf2", "ldap-pbkdf2"),
    ("{PBKDF2-SHA512}", "pw-pbkdf2", "ldap-pbkdf2"),
    ("{ARGON2}", "argon2", "argon2i"),
]


def vectors():
    made = []
    for scheme, module, format in SCHEMES:
        right = slappasswd(RIGHT, scheme, module)
        made += [
            vector(format, right, RIGHT, True),
            vector(format, right, WRONG, False),
            vector(format, slappasswd(UNICODE, scheme, module), UNICODE, True),
            vector(format, slappasswd(LONG, scheme, module), LONG, True),
        ]
    return made


def slappasswd(password, scheme, module):
    command = ["slappasswd", "-n", "-h", scheme]
    if module:
        command += ["-o", f"module-path={MODULES}", "-o", f"module-load={module}"]
    with tempfile.NamedTemporaryFile() as secret:
        os.chmod(secret.name, 0o600)
        secret.write(password.encode())
        secret.flush()
        return subprocess.run(command + ["-T", secret.name], capture_output=True, check=True).stdout.decode().strip()
