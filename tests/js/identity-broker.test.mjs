// The client for browsers of examples/identity-broker: one request at a time, again before it is too late, and none for the user before.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BrokerError, fromIdentityBroker } from '../../examples/identity-broker/broker-credentials.mjs';

const EXPIRATION = Date.parse('2027-01-15T09:00:00Z');

function stage(...answers) {
  const asked = [];
  const stage = { asked, now: EXPIRATION - 3_600_000, proofs: 0 };
  const fetch = async (url, options) => {
    asked.push({ url, ...options });
    const { status, body } = answers[Math.min(asked.length, answers.length) - 1];
    return { ok: status === 200, status, json: async () => body };
  };
  stage.provider = fromIdentityBroker({
    url: 'https://broker.example.org',
    proof: async () => ({ kind: 'backend-jwt', token: `token-${(stage.proofs += 1)}` }),
    fetch,
    now: () => stage.now,
    pause: async () => {},
  });
  return stage;
}

function granted(key = 'ASIAEXAMPLE') {
  const credentials = { accessKeyId: key, secretAccessKey: 'secret', sessionToken: 'session' };
  return { status: 200, body: { identityId: 'us-east-1:1', credentials, expiration: '2027-01-15T09:00:00Z' } };
}

function refused(status, code) {
  return { status, body: { type: `urn:lifeguard:problem:${code}`, status, title: 'No', code } };
}

test('credentials are kept until five minutes before they expire', async () => {
  const it = stage(granted());
  const credentials = await it.provider();
  assert.deepEqual(credentials, {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'session',
    expiration: new Date(EXPIRATION),
    identityId: 'us-east-1:1',
  });
  it.now = EXPIRATION - 300_001;
  await it.provider();
  assert.equal(it.asked.length, 1);
  it.now = EXPIRATION - 300_000;
  await it.provider();
  assert.equal(it.asked.length, 2);
  const [first, second] = it.asked.map(({ body }) => JSON.parse(body).proof.token);
  assert.deepEqual([first, second], ['token-1', 'token-2']);
  assert.equal(it.asked[0].url, 'https://broker.example.org/v1/credentials');
});

test('calls at the same time share a request', async () => {
  const it = stage(granted());
  await Promise.all([it.provider(), it.provider(), it.provider()]);
  assert.equal(it.asked.length, 1);
});

test('who has signed out leaves nothing to the next user', async () => {
  const it = stage(granted('of the first'), granted('of the next'));
  const running = it.provider();
  it.provider.forget();
  await running;
  assert.equal((await it.provider()).accessKeyId, 'of the next');
  it.provider.forget();
  await it.provider();
  assert.equal(it.asked.length, 3);
});

test('a refusal is an error with its code, and only an outage is tried again', async () => {
  const denied = stage(refused(403, 'not-allowed'));
  await assert.rejects(denied.provider(), (error) => error instanceof BrokerError && error.code === 'not-allowed');
  assert.equal(denied.asked.length, 1);
  const out = stage(refused(503, 'unavailable'), granted());
  assert.equal((await out.provider()).accessKeyId, 'ASIAEXAMPLE');
  const gone = stage(refused(503, 'unavailable'));
  await assert.rejects(gone.provider(), { code: 'unavailable' });
  assert.equal(gone.asked.length, 2);
});
