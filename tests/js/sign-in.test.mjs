// The first journey by AWS's own client for browsers, whose half of the SRP proof is not ours.

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';

import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
} from 'amazon-cognito-identity-js';

import { called, InMemory } from './client.mjs';
import { startStandIn } from './stand-in.mjs';

const address = 'ada@example.com';
const password = 'correct horse battery staple';
const otherPassword = 'correct donkey battery staple';

let standIn;
let pool;

before(async () => {
  standIn = await startStandIn();
  pool = new CognitoUserPool({
    UserPoolId: standIn.userPoolId,
    ClientId: standIn.webClientId,
    endpoint: standIn.endpoint,
    Storage: new InMemory(),
  });
});

after(() => standIn?.stop());

// One after another: each step begins where the one before it ended.
test('a user signs up, confirms, and signs in with a password that never leaves the browser', async (t) => {
  const user = new CognitoUser({ Username: address, Pool: pool, Storage: new InMemory() });
  let session;

  await t.test('sign-up', async () => {
    const email = new CognitoUserAttribute({ Name: 'email', Value: address });
    const result = await called((done) => pool.signUp(address, password, [email], [], done));
    assert.equal(result.userConfirmed, false);
    assert.match(result.userSub, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });

  await t.test('no sign-in before the confirmation', async () => {
    await assert.rejects(signIn(user, password), { name: 'UserNotConfirmedException' });
  });

  await t.test('a wrong code is refused', async () => {
    const code = await standIn.codeFor(address);
    const wrong = code === '000000' ? '000001' : '000000';
    const confirming = called((done) => user.confirmRegistration(wrong, false, done));
    await assert.rejects(confirming, { name: 'CodeMismatchException' });
  });

  await t.test('confirmation', async () => {
    const code = await standIn.codeFor(address);
    assert.equal(await called((done) => user.confirmRegistration(code, false, done)), 'SUCCESS');
  });

  await t.test('a wrong password is refused, by the words that an unknown user gets', async () => {
    const refused = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    await assert.rejects(signIn(user, `${password}!`), refused);
    const nobody = new CognitoUser({ Username: 'nobody@example.com', Pool: pool, Storage: new InMemory() });
    await assert.rejects(signIn(nobody, password), refused);
  });

  await t.test('sign-in by SRP', async () => {
    session = await signIn(user, password);
    const claims = await verified(session.getIdToken().getJwtToken());
    assert.equal(claims.email, address);
    assert.equal(claims.email_verified, true);
    assert.equal(claims.aud, standIn.webClientId);
    assert.equal(claims.token_use, 'id');
    const access = await verified(session.getAccessToken().getJwtToken());
    assert.equal(access.client_id, standIn.webClientId);
    assert.equal(access.token_use, 'access');
    assert.equal(access.sub, claims.sub);
  });

  await t.test('the user reads what is stored', async () => {
    const data = await called((done) => user.getUserData(done, { bypassCache: true }));
    const stored = Object.fromEntries(data.UserAttributes.map(({ Name, Value }) => [Name, Value]));
    assert.equal(stored.email, address);
    assert.equal(stored.email_verified, 'true');
  });

  await t.test('refresh', async () => {
    const refreshed = await called((done) => user.refreshSession(session.getRefreshToken(), done));
    const claims = await verified(refreshed.getIdToken().getJwtToken());
    assert.equal(claims.auth_time, session.getIdToken().payload.auth_time);
    assert.equal(claims.sub, session.getIdToken().payload.sub);
  });

  await t.test('a new password, by the old one', async () => {
    await assert.rejects(called((done) => user.changePassword(`${password}!`, otherPassword, done)), {
      name: 'NotAuthorizedException',
    });
    assert.equal(await called((done) => user.changePassword(password, otherPassword, done)), 'SUCCESS');
    await signIn(user, otherPassword);
  });

  await t.test('a new name and a new address, which is verified by code', async () => {
    const name = new CognitoUserAttribute({ Name: 'name', Value: 'Ada' });
    assert.equal(await called((done) => user.updateAttributes([name], done)), 'SUCCESS');
    await asked((handlers) => user.getAttributeVerificationCode('email', handlers));
    const code = await standIn.codeFor(address);
    const verified = await new Promise((onSuccess, onFailure) => {
      user.verifyAttribute('email', code, { onSuccess, onFailure });
    });
    assert.equal(verified, 'SUCCESS');
    assert.equal(await called((done) => user.deleteAttributes(['name'], done)), 'SUCCESS');
  });

  await t.test('a password that was forgotten, and another by code', async () => {
    const sent = await asked((handlers) => user.forgotPassword(handlers));
    assert.equal(sent.CodeDeliveryDetails.Destination, 'a***@e***');
    const code = await standIn.codeFor(address);
    const confirmed = await new Promise((onSuccess, onFailure) => {
      user.confirmPassword(code, password, { onSuccess, onFailure });
    });
    assert.equal(confirmed, 'SUCCESS');
    session = await signIn(user, password);
  });

  await t.test('after a global sign-out neither token is of use', async () => {
    const accessToken = session.getAccessToken().getJwtToken();
    await new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject }));
    const asking = { AccessToken: accessToken };
    // Not by `refreshSession`, which would try again for seconds.
    const refreshing = {
      ClientId: standIn.webClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: session.getRefreshToken().getToken() },
    };
    for (const [operation, request] of [['GetUser', asking], ['InitiateAuth', refreshing]]) {
      const call = called((done) => user.client.request(operation, request, done));
      await assert.rejects(call, { name: 'NotAuthorizedException' }, operation);
    }
  });

  await t.test('the user leaves', async () => {
    await signIn(user, password);
    assert.equal(await called((done) => user.deleteUser(done)), 'SUCCESS');
    const gone = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    await assert.rejects(signIn(user, password), gone);
  });
});

/** What the client hands to `inputVerificationCode`, when a code was sent. */
function asked(call) {
  return new Promise((inputVerificationCode, onFailure) => {
    call({ inputVerificationCode, onFailure, onSuccess: () => {} });
  });
}

function signIn(user, withPassword) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: withPassword });
  return new Promise((onSuccess, onFailure) => {
    user.authenticateUser(details, { onSuccess, onFailure });
  });
}

/** The claims of a token, if one of the pool's published keys signed it. */
async function verified(token) {
  const [header, claims, signature] = token.split('.');
  const { kid, alg } = decoded(header);
  assert.equal(alg, 'RS256');
  const key = (await standIn.keys()).find((one) => one.kid === kid);
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  assert.ok(signed, 'the signature is by a published key');
  return decoded(claims);
}

function decoded(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
