// Second factors and remembered devices by AWS's own client for browsers, whose device password and proof of it are not ours.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';

import { called, InMemory } from './client.mjs';
import { startStandIn } from './stand-in.mjs';

const number = '+4915112345678';
const password = 'Correct-Horse-19-Battery';
const signInOnDevice = [
  'PreAuthentication_Authentication',
  'PostAuthentication_Authentication',
  'TokenGeneration_AuthenticateDevice',
];

let standIn;
/** How far the stand-in's clock was moved, in seconds. */
let advanced = 0;

before(async () => {
  standIn = await startStandIn([
    ...['--template', 'tests/journeys/templates/factors.yaml'],
    ...['--parameter', 'Mfa=OPTIONAL', '--parameter', 'Devices=all-instead-of-mfa'],
  ]);
  const attributes = [{ Name: 'phone_number', Value: number }];
  const ines = { Username: 'ines' };
  await standIn.administer('AdminCreateUser', { ...ines, UserAttributes: attributes, MessageAction: 'SUPPRESS' });
  await standIn.administer('AdminSetUserPassword', { ...ines, Password: password, Permanent: true });
});

after(() => standIn?.stop());

// One after another: each step begins where the one before it ended.
test('a user with second factors and a browser that is remembered', async (t) => {
  const home = new InMemory();
  let user;

  await t.test('the first sign-in names the browser, and the client confirms it', async () => {
    user = browser(home);
    assert.equal(await signIn(user), 'signed in');
    const devices = await listed(user);
    assert.equal(devices.length, 1);
    const { device_key: key } = user.getSignInUserSession().getAccessToken().payload;
    assert.equal(devices[0].DeviceKey, key);
  });

  await t.test('the second proves its password', async () => {
    const before = (await standIn.fired()).length;
    user = browser(home);
    assert.equal(await signIn(user), 'signed in');
    assert.deepEqual((await standIn.fired()).slice(before), signInOnDevice);
    assert.equal((await listed(user)).length, 1);
  });

  await t.test('its tokens are refreshed by its key', async () => {
    const token = user.getSignInUserSession().getRefreshToken();
    const refreshed = await called((done) => user.refreshSession(token, done));
    const { device_key: key } = user.getSignInUserSession().getAccessToken().payload;
    assert.equal(refreshed.getAccessToken().payload.device_key, key);
  });

  await t.test('SMS as second factor is asked for in another browser, and not in this one', async () => {
    const sms = { Enabled: true, PreferredMfa: true };
    assert.equal(await called((done) => user.setUserMfaPreference(sms, null, done)), 'SUCCESS');
    assert.equal(await signIn(browser(home)), 'signed in');

    const elsewhere = browser(new InMemory());
    assert.equal(await signIn(elsewhere), 'SMS_MFA');
    const code = await standIn.codeFor(number);
    const wrong = code === '000000' ? '000001' : '000000';
    await assert.rejects(sendCode(elsewhere, wrong, 'SMS_MFA'), { name: 'CodeMismatchException' });
    await sendCode(elsewhere, code, 'SMS_MFA');
    assert.equal((await listed(elsewhere)).length, 2);
  });

  await t.test('an authenticator app is set up, and asked for', async () => {
    const secret = await new Promise((associateSecretCode, onFailure) => {
      user.associateSoftwareToken({ associateSecretCode, onFailure });
    });
    const verifying = (code) =>
      new Promise((onSuccess, onFailure) => {
        user.verifySoftwareToken(code, 'phone', { onSuccess, onFailure });
      });
    assert.equal((await verifying(shown(secret))).Status, 'SUCCESS');
    const app = { Enabled: true, PreferredMfa: true };
    const sms = { Enabled: false, PreferredMfa: false };
    await called((done) => user.setUserMfaPreference(sms, app, done));

    const elsewhere = browser(new InMemory());
    assert.equal(await signIn(elsewhere), 'SOFTWARE_TOKEN_MFA');
    const used = sendCode(elsewhere, shown(secret), 'SOFTWARE_TOKEN_MFA');
    await assert.rejects(used, { name: 'ExpiredCodeException' });
    advanced += 30;
    await standIn.advanceClock(30);
    await sendCode(elsewhere, shown(secret), 'SOFTWARE_TOKEN_MFA');
    assert.ok(elsewhere.getSignInUserSession().isValid());
  });

  await t.test('a browser that an administrator forgets signs in like a new one', async () => {
    const { device_key: key } = user.getSignInUserSession().getAccessToken().payload;
    await standIn.administer('AdminForgetDevice', { Username: 'ines', DeviceKey: key });
    assert.equal(await signIn(browser(home)), 'SOFTWARE_TOKEN_MFA');
  });
});

/** The user in a browser with this memory. */
function browser(storage) {
  const pool = new CognitoUserPool({
    UserPoolId: standIn.userPoolId,
    ClientId: standIn.webClientId,
    endpoint: standIn.endpoint,
    Storage: storage,
  });
  return new CognitoUser({ Username: 'ines', Pool: pool, Storage: storage });
}

/** Signs in by SRP, and says how far that went: to the tokens, or to a second factor. */
function signIn(user) {
  const details = new AuthenticationDetails({ Username: 'ines', Password: password });
  return new Promise((resolve, onFailure) => {
    const asked = (challenge) => resolve(challenge);
    user.authenticateUser(details, {
      onSuccess: () => resolve('signed in'),
      onFailure,
      mfaRequired: asked,
      totpRequired: asked,
    });
  });
}

function sendCode(user, code, challenge) {
  return new Promise((onSuccess, onFailure) => {
    user.sendMFACode(code, { onSuccess, onFailure }, challenge);
  });
}

function listed(user) {
  return new Promise((resolve, onFailure) => {
    const onSuccess = ({ Devices: devices }) => resolve(devices);
    user.listDevices(60, null, { onSuccess, onFailure });
  });
}

/** What an authenticator app with this secret shows (RFC 6238). */
function shown(secret) {
  const bits = [...secret].map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + advanced) / 30)));
  const digest = createHmac('sha1', Buffer.from(bytes)).update(step).digest();
  const word = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}
