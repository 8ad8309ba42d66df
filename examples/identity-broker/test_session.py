"""Sessions of boto3, which this needs: they use the broker's credentials, and ask for new ones in time."""

import datetime
import unittest

from test_clients import DENIED, GRANTED, Broker

from broker_credentials import ADVISORY_SECONDS, MANDATORY_SECONDS, BrokerError, session

REGION = "us-east-1"


def granted(key, seconds):
    """Credentials that are good for so long from now."""
    expiration = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    credentials = {**GRANTED["credentials"], "accessKeyId": key}
    return 200, {**GRANTED, "credentials": credentials, "expiration": expiration.strftime("%Y-%m-%dT%H:%M:%SZ")}


def used(made):
    """The key that the session's clients would sign with now."""
    return made.get_credentials().get_frozen_credentials().access_key


class Sessions(unittest.TestCase):
    def test_the_shortest_credentials_are_asked_for_once(self):
        with Broker(granted("first", seconds=900), granted("second", seconds=900)) as broker:
            made = session(broker.client(), REGION)
            self.assertEqual([used(made), used(made)], ["first", "first"])
        self.assertEqual(len(broker.asked), 1)
        self.assertEqual(made.region_name, REGION)

    def test_new_ones_come_with_a_new_proof_before_they_expire(self):
        with Broker(granted("first", ADVISORY_SECONDS), granted("second", seconds=3600)) as broker:
            made = session(broker.client(), REGION)
            self.assertEqual([used(made), used(made)], ["second", "second"])
        tokens = [body["proof"]["token"] for _, body in broker.asked]
        self.assertEqual(tokens, ["token-1", "token-2"])

    def test_the_old_ones_serve_during_an_outage(self):
        with Broker(granted("first", ADVISORY_SECONDS), (503, {})) as broker:
            made = session(broker.client(), REGION)
            with self.assertLogs("botocore.credentials", "WARNING") as logged:
                self.assertEqual(used(made), "first")
        self.assertNotIn("token-", "".join(logged.output))

    def test_who_is_refused_hears_of_it_when_they_are_needed(self):
        with Broker(granted("first", MANDATORY_SECONDS), (403, DENIED)) as broker:
            made = session(broker.client(), REGION)
            with self.assertLogs("botocore.credentials", "WARNING"), self.assertRaises(BrokerError) as refused:
                used(made)
        self.assertEqual(refused.exception.code, "not-allowed")


if __name__ == "__main__":
    unittest.main()
