// Custom challenges by AWS's own client for browsers: with and without a password first, and on a browser that is remembered.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';

import { InMemory } from './client.mjs';
import { startStandIn } from './stand-in.mjs';

const code = '482913';
const password = 'Correct-Horse-19-Battery';
const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
const custom = 'CUSTOM_CHALLENGE';

let standIn;

before(async () => {
  standIn = await startStandIn([
    ...['--template', 'tests/journeys/templates/custom-auth.yaml', '--parameter', 'Devices=all'],
    ...['--parameter', `Script=${JSON.stringify(script())}`],
  ]);
  const ines = { Username: 'ines' };
  await standIn.administer('AdminCreateUser', { ...ines, MessageAction: 'SUPPRESS' });
  await standIn.administer('AdminSetUserPassword', { ...ines, Password: password, Permanent: true });
});

after(() => standIn?.stop());

// One after another: each step begins where the one before it ended.
test('a user who is asked for more than a password, or for none', async (t) => {
  const home = new InMemory();

  await t.test('a challenge alone lets the user in, and a wrong answer can be tried again', async () => {
    const user = browser(new InMemory());
    assert.deepEqual(await begin(user), { USERNAME: 'ines', hint: 'a code' });
    assert.deepEqual(await send(user, '000000'), { USERNAME: 'ines', hint: 'a code' });
    const session = await send(user, code, { channel: 'web' });
    assert.equal(session.getAccessToken().payload.username, 'ines');
    // No browser is named where no password was proven.
    assert.equal(session.getAccessToken().payload.device_key, undefined);
  });

  await t.test('two wrong answers end the sign-in', async () => {
    const user = browser(new InMemory());
    await begin(user);
    await send(user, '000000');
    await assert.rejects(send(user, '000000'), wrong);
    const used = { name: 'NotAuthorizedException', message: 'Invalid session for the user.' };
    await assert.rejects(send(user, code), used);
  });

  await t.test('nobody is asked like somebody', async () => {
    const nobody = browser(new InMemory(), 'nobody');
    assert.deepEqual(await begin(nobody), { USERNAME: 'nobody', hint: 'a code' });
    await assert.rejects(send(nobody, code), wrong);
  });

  await t.test('a wrong password is refused before any challenge', async () => {
    await assert.rejects(beginWithPassword(browser(new InMemory()), 'guessed'), wrong);
  });

  await t.test('the password, and then a challenge', async () => {
    const user = browser(home);
    assert.deepEqual(await beginWithPassword(user, password), { USERNAME: 'ines', hint: 'a code' });
    const session = await send(user, code);
    assert.match(session.getAccessToken().payload.device_key, /^us-east-1_/);
  });

  await t.test('a browser that is remembered proves itself after the challenge', async () => {
    const before = (await standIn.fired()).length;
    const user = browser(home);
    await begin(user);
    const session = await send(user, code);
    assert.match(session.getAccessToken().payload.device_key, /^us-east-1_/);
    assert.deepEqual((await standIn.fired()).slice(before), [
      'DefineAuthChallenge_Authentication',
      'CreateAuthChallenge_Authentication',
      'VerifyAuthChallengeResponse_Authentication',
      'DefineAuthChallenge_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_AuthenticateDevice',
    ]);
  });
});

/** What the functions answer: one challenge, which may be tried twice, after the password if the client begins with that. */
function script() {
  const scene = (source, request, response) => ({
    when: { triggerSource: `${source}_Authentication`, request },
    changes: { response },
  });
  const passed = (challengeName) => ({ challengeName, challengeResult: true });
  const failed = { challengeName: custom, challengeResult: false };
  const decide = (session, response) =>
    scene('DefineAuthChallenge', { session }, { issueTokens: false, failAuthentication: false, ...response });
  const scenes = [decide([passed('SRP_A')], { challengeName: 'PASSWORD_VERIFIER' })];
  for (const first of [[], [passed('SRP_A'), passed('PASSWORD_VERIFIER')]]) {
    scenes.push(
      decide(first, { challengeName: custom }),
      decide([...first, passed(custom)], { issueTokens: true }),
      decide([...first, failed], { challengeName: custom }),
      decide([...first, failed, passed(custom)], { issueTokens: true }),
      decide([...first, failed, failed], { failAuthentication: true }),
    );
  }
  const privateChallengeParameters = { codeHash: '9f2c51' };
  return [
    ...scenes,
    scene('CreateAuthChallenge', {}, { publicChallengeParameters: { hint: 'a code' }, privateChallengeParameters }),
    scene('VerifyAuthChallengeResponse', { challengeAnswer: code, privateChallengeParameters }, { answerCorrect: true }),
    scene('VerifyAuthChallengeResponse', {}, { answerCorrect: false }),
  ];
}

/** Somebody in a browser with this memory. */
function browser(storage, name = 'ines') {
  const pool = new CognitoUserPool({
    UserPoolId: standIn.userPoolId,
    ClientId: standIn.webClientId,
    endpoint: standIn.endpoint,
    Storage: storage,
  });
  return new CognitoUser({ Username: name, Pool: pool, Storage: storage });
}

/** Begins without a password, and returns what the challenge shows. */
function begin(user) {
  const details = new AuthenticationDetails({ Username: user.getUsername() });
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  return answered((handlers) => user.initiateAuth(details, handlers));
}

/** Begins with a proof of the password, and returns what the challenge after it shows. */
function beginWithPassword(user, withPassword) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: withPassword });
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  return answered((handlers) => user.authenticateUser(details, handlers));
}

/** Answers the challenge, and returns the tokens or what the next one shows. */
function send(user, answer, metadata) {
  return answered((handlers) => user.sendCustomChallengeAnswer(answer, handlers, metadata));
}

function answered(call) {
  return new Promise((resolve, onFailure) => {
    call({ customChallenge: resolve, onSuccess: resolve, onFailure });
  });
}
