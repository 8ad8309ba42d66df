"""AWS credentials from the identity broker, for boto3 and botocore, which refresh them by themselves.

    import boto3
    from broker_credentials import IdentityBroker, session

    broker = IdentityBroker("https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", proof)
    s3 = session(broker, region="us-east-1").client("s3")

`proof` is a function that makes a proof for each request, since most count only once:

    def proof():
        return {"kind": "backend-jwt", "token": make_token()}

Only `session` needs boto3; the rest is the standard library.
"""

import json
import time
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 10

# After a refusal that time can mend: once more, after so long.
RETRY_SECONDS = 1

# So long before they expire a session asks for new ones: first while the old ones still serve, then it waits for them. botocore's own limits,
# 15 and 10 minutes, would have it ask at each use of credentials that are good for 15 minutes.
ADVISORY_SECONDS = 5 * 60
MANDATORY_SECONDS = 60


class BrokerError(Exception):
    """What the broker refused, with its `code` and `status`."""

    def __init__(self, problem):
        super().__init__(problem.get("title", "The broker did not answer"))
        self.code = problem.get("code", "unavailable")
        self.status = problem.get("status", 503)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A proof goes to the broker, and nowhere else."""

    def redirect_request(self, *_):
        return None


class IdentityBroker:
    """Asks the broker at that address, with proofs that the function makes."""

    def __init__(self, url, proof, pause=time.sleep):
        self._url = url.rstrip("/")
        self._proof = proof
        self._pause = pause
        self._opener = urllib.request.build_opener(_NoRedirect)

    def credentials(self):
        """The broker's answer: `identityId`, `credentials` and `expiration`."""
        try:
            return self._ask()
        except BrokerError as error:
            if error.status < 500:
                raise
        self._pause(RETRY_SECONDS)
        return self._ask()

    def _ask(self):
        body = json.dumps({"proof": self._proof()}).encode()
        request = urllib.request.Request(
            f"{self._url}/v1/credentials",
            data=body,
            headers={"content-type": "application/json"},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            with refused:
                raise BrokerError(_problem(refused)) from None
        except OSError as error:
            raise BrokerError({"title": f"The broker cannot be reached: {type(error).__name__}"}) from None


def _problem(refused):
    try:
        problem = json.load(refused)
    except ValueError:
        problem = {}
    return {"status": refused.code, **(problem if isinstance(problem, dict) else {})}


def metadata(broker):
    """What botocore wants of whoever refreshes credentials."""
    answer = broker.credentials()
    credentials = answer["credentials"]
    return {
        "access_key": credentials["accessKeyId"],
        "secret_key": credentials["secretAccessKey"],
        "token": credentials["sessionToken"],
        "expiry_time": answer["expiration"],
    }


def session(broker, region):
    """A session of boto3 whose clients have the broker's credentials, as long as they are used."""
    import boto3
    import botocore.session
    from botocore.credentials import RefreshableCredentials

    inner = botocore.session.get_session()
    inner._credentials = RefreshableCredentials.create_from_metadata(
        metadata=metadata(broker),
        refresh_using=lambda: metadata(broker),
        method="identity-broker",
        advisory_timeout=ADVISORY_SECONDS,
        mandatory_timeout=MANDATORY_SECONDS,
    )
    return boto3.Session(botocore_session=inner, region_name=region)
