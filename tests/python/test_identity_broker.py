"""The session for boto3 of examples/identity-broker: users of an outside OpenID provider, which is a second stand-in, and their files."""

import datetime
import json
import sys
import unittest
from unittest import mock

from botocore.exceptions import ClientError
from stand_in import ONE_TRY, REGION, ROOT, StandIn

sys.path.insert(0, str(ROOT / "examples/identity-broker"))

from broker_credentials import BrokerError, IdentityBroker, session  # noqa: E402

HOUR = datetime.timedelta(hours=1)


class BrokerSession(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = StandIn("PasswordSignIn=true")
        cls.addClassCleanup(cls.provider.stop)
        issuer = {
            "name": "partner",
            "issuer": cls.provider.user_pool["issuer"],
            "audiences": [cls.provider.web_client],
            "algorithms": ["RS256"],
            "hosts": [cls.provider.endpoint.removeprefix("http://")],
        }
        cls.stand_in = StandIn("Broker=on", f"BrokerIssuers={json.dumps([issuer])}")
        cls.addClassCleanup(cls.stand_in.stop)
        cls.bucket = cls.stand_in.name("buckets", "FilesBucket")

    def broker(self, token):
        """The client of somebody who makes ID tokens in that way."""
        url = f"{self.stand_in.endpoint}/_api/BrokerApi"
        return IdentityBroker(url, lambda: {"kind": "oidc-id-token", "token": token()}, pause=lambda _: None)

    def user(self, email):
        """The client of a new user, who signs in again for each proof."""
        self.provider.sign_up_and_in(email)
        return self.broker(lambda: self.provider.sign_in(email)["IdToken"])

    def put(self, s3, identity):
        s3.put_object(Bucket=self.bucket, Key=f"users/{identity}/letter.txt", Body=b"Dear Ben")

    def test_a_session_has_its_own_files_and_outlives_its_first_credentials(self):
        ada, ben = self.user("ada@example.com"), self.user("ben@example.com")
        identity, of_ben = (broker.credentials()["identityId"] for broker in (ada, ben))
        self.assertEqual(ada.credentials()["identityId"], identity)
        made = session(ada, REGION)
        s3 = made.client("s3", endpoint_url=self.stand_in.endpoint, config=ONE_TRY)
        self.put(s3, identity)
        with self.assertRaises(ClientError) as refused:
            self.put(s3, of_ben)
        self.assertEqual(refused.exception.response["Error"]["Code"], "AccessDenied")

        credentials = made.get_credentials()
        first = credentials.get_frozen_credentials()
        for stand_in in (self.provider, self.stand_in):
            stand_in.advance_clock(HOUR.seconds)
        with self.assertRaises(ClientError) as refused:
            self.put(s3, identity)
        self.assertEqual(refused.exception.response["Error"]["Code"], "ExpiredToken")
        # An hour later by botocore's clock, too.
        later = datetime.datetime.now(datetime.timezone.utc) + HOUR
        with mock.patch.object(credentials, "_time_fetcher", lambda: later):
            self.put(s3, identity)
            self.assertNotEqual(credentials.get_frozen_credentials().access_key, first.access_key)

    def test_there_is_no_session_without_a_proof(self):
        tokens = self.provider.sign_up_and_in("eve@example.com")
        with self.assertRaises(BrokerError) as refused:
            session(self.broker(lambda: tokens["AccessToken"]), REGION)
        self.assertEqual((refused.exception.code, refused.exception.status), ("not-proven", 401))


if __name__ == "__main__":
    unittest.main()
