#!/usr/bin/env python3
"""AWS credentials from the identity broker for the AWS CLI and every SDK, as a `credential_process`.

In `~/.aws/config`:

    [profile app]
    region = us-east-1
    credential_process = python3 /path/to/credential_process.py https://….amazonaws.com /path/to/make-proof

The second argument is a program that prints a proof in JSON, such as `{"kind": "backend-jwt", "token": "…"}`. It is asked for each time, and
gets neither arguments nor input. Whoever calls this program keeps what it prints until it expires.

Source: https://docs.aws.amazon.com/cli/latest/topic/config-vars.html#sourcing-credentials-from-external-processes
"""

import json
import subprocess
import sys

from broker_credentials import BrokerError, IdentityBroker

PROOF_SECONDS = 30


def main(arguments):
    if len(arguments) != 2:
        print("usage: credential_process.py <the broker's address> <a program that prints a proof>", file=sys.stderr)
        return 2
    url, program = arguments
    try:
        answer = IdentityBroker(url, lambda: proof_of(program)).credentials()
    except (BrokerError, OSError, ValueError, subprocess.SubprocessError) as error:
        # Neither the proof nor what the program printed is shown.
        code = getattr(error, "code", type(error).__name__)
        print(f"no credentials: {code}", file=sys.stderr)
        return 1
    credentials = answer["credentials"]
    print(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": credentials["accessKeyId"],
                "SecretAccessKey": credentials["secretAccessKey"],
                "SessionToken": credentials["sessionToken"],
                "Expiration": answer["expiration"],
            }
        )
    )
    return 0


def proof_of(program):
    """What the program prints."""
    printed = subprocess.run(
        [program], stdin=subprocess.DEVNULL, capture_output=True, timeout=PROOF_SECONDS, check=True
    )
    return json.loads(printed.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
