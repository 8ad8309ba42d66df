// Every kind of challenge with the real functions, by AWS's own client for browsers.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';

import { InMemory } from './client.mjs';
import { startStandIn } from './stand-in.mjs';

const email = 'ines@example.org';
const phone = '+4915228817386';
const password = 'Correct-Horse-19-Battery';
const metadata = { signInId: 'q83vEjRWeJCrze8SNFZ4kA' };

test('a code by e-mail', () => withPolicy('email-code', async (standIn) => {
  const user = browser(standIn);
  const asked = await begin(user);
  assert.equal(asked.challenge, 'email-code');
  assert.equal(asked.destination, 'i***@e***');
  const [code] = /\b\d{6}\b/.exec(await message(standIn, email));
  const wrong = code.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  assert.equal((await send(user, wrong)).challenge, 'email-code');
  assert.deepEqual(methods(await send(user, code)), ['otp-email']);
}));

test('a code as a text message', () => withPolicy('sms-code', async (standIn) => {
  const user = browser(standIn);
  assert.equal((await begin(user)).destination, '+*******7386');
  const [code] = /\b\d{6}\b/.exec(await message(standIn, phone));
  assert.deepEqual(methods(await send(user, code)), ['otp-sms']);
}));

test('a link', () => withPolicy('magic-link', async (standIn) => {
  const user = browser(standIn);
  await begin(user);
  const [, token] = /https:\/\/app\.example\.com\/sign-in#token=([\w-]{43})/.exec(await message(standIn, email));
  assert.deepEqual(methods(await send(user, token)), ['link-email']);
}));

test('a password, and then a code', () => withPolicy('password,email-code', async (standIn) => {
  const user = browser(standIn);
  assert.equal((await beginWithPassword(user)).challenge, 'email-code');
  const [code] = /\b\d{6}\b/.exec(await message(standIn, email));
  assert.deepEqual(methods(await send(user, code)), ['pwd', 'otp-email']);
  await assert.rejects(begin(browser(standIn)), { name: 'NotAuthorizedException' });
}));

test('an authenticator app and a recovery code', () => withPolicy('totp|recovery-code', async (standIn) => {
  const enrol = await enrolment(standIn);
  const { secret } = await enrol('POST', 'totp');
  await enrol('POST', 'totp/confirm', { code: totp(secret, 0) });
  const { codes } = await enrol('POST', 'recovery-codes');
  // The code that confirmed is used; the next one is good already.
  for (const [kind, answer] of [['totp', totp(secret, 30)], ['recovery-code', codes[0]]]) {
    const user = browser(standIn);
    assert.equal((await begin(user)).choices, 'totp,recovery-code');
    assert.equal((await send(user, kind, { challenge: kind })).challenge, kind);
    assert.deepEqual(methods(await send(user, answer)), [kind]);
  }
}));

/** A stand-in with this policy and one user. */
async function withPolicy(policy, steps) {
  const parameters = {
    ChallengePolicy: policy,
    MethodsClaim: 'signed_in',
    EmailFrom: 'no-reply@example.com',
    SmsCountries: 'DE',
    LinkRedirects: 'https://app.example.com/sign-in',
    EnrolmentOrigins: 'https://app.example.com',
  };
  const options = Object.entries(parameters).flatMap(([name, value]) => ['--parameter', `${name}=${value}`]);
  const standIn = await startStandIn(options);
  try {
    const attributes = { email, email_verified: 'true', phone_number: phone, phone_number_verified: 'true' };
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
    await standIn.administer('AdminCreateUser', { Username: email, UserAttributes, MessageAction: 'SUPPRESS' });
    await standIn.administer('AdminSetUserPassword', { Username: email, Password: password, Permanent: true });
    await steps(standIn);
  } finally {
    await standIn.stop();
  }
}

/** Calls the enrolment's API with an access token of a sign-in by password. */
async function enrolment(standIn) {
  const user = browser(standIn);
  user.setAuthenticationFlowType('USER_SRP_AUTH');
  const details = new AuthenticationDetails({ Username: email, Password: password });
  const session = await answered((handlers) => user.authenticateUser(details, handlers));
  const authorization = `Bearer ${session.getAccessToken().getJwtToken()}`;
  return async (method, path, body) => {
    const response = await fetch(`${standIn.endpoint}_api/EnrolmentApi/v1/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, await response.clone().text());
    return response.status === 204 ? undefined : response.json();
  };
}

/** What was sent to that address by the function that sends, which nobody waits for. */
async function message(standIn, address) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const outbox = await (await fetch(`${standIn.endpoint}outbox`)).json();
    const found = outbox.find(({ to, provider }) => to === address && provider);
    if (found) return found.body;
    await setTimeout(25);
  }
  throw new Error('no message was sent');
}

/** RFC 6238, so many seconds from now. */
function totp(secret, seconds) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + seconds) / 30)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

function methods(session) {
  return session.getAccessToken().payload.signed_in.methods;
}

function browser(standIn) {
  const Storage = new InMemory();
  const { userPoolId: UserPoolId, webClientId: ClientId, endpoint } = standIn;
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint, Storage });
  return new CognitoUser({ Username: email, Pool, Storage });
}

function begin(user) {
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  const details = new AuthenticationDetails({ Username: email });
  return answered((handlers) => user.initiateAuth(details, handlers));
}

function beginWithPassword(user) {
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return answered((handlers) => user.authenticateUser(details, handlers));
}

/** Answers the challenge, and returns the tokens or what the next one shows. */
function send(user, answer, more) {
  return answered((handlers) => user.sendCustomChallengeAnswer(answer, handlers, { ...metadata, ...more }));
}

function answered(call) {
  return new Promise((resolve, onFailure) => {
    call({ customChallenge: resolve, onSuccess: resolve, onFailure });
  });
}
