// An app's own files and rows by AWS's SDK for JavaScript, whose credentials come from the identity pool.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers';
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js';

import { called, InMemory } from './client.mjs';
import { startStandIn } from './stand-in.mjs';

const password = 'correct horse battery staple';

let standIn;
let ada;
let ben;

before(async () => {
  standIn = await startStandIn(['--parameter', 'AllowGuests=true', '--parameter', 'AmbiguousRole=AuthenticatedRole']);
  ada = await signedIn('ada@example.com');
  ben = await signedIn('ben@example.com');
});

after(() => standIn?.stop());

test('credentials are of the role for users who have signed in', async () => {
  const sts = new STSClient(ada.config);
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  assert.equal(Account, standIn.stack.accountId);
  assert.match(Arn, /^arn:aws:sts::\d{12}:assumed-role\/[^/]+\/CognitoIdentityCredentials$/);
});

test('a file goes under its owner, who reads and lists it', async () => {
  const Key = `users/${ada.identityId}/letter.txt`;
  await put(ada, Key, 'Dear Ben');
  assert.equal(await get(ada, Key), 'Dear Ben');
  const listed = await list(ada, `users/${ada.identityId}/`);
  assert.deepEqual(listed.Contents.map((found) => found.Key), [Key]);
});

test("nobody reads, writes or lists somebody else's files", async () => {
  const Key = `users/${ada.identityId}/diary.txt`;
  await put(ada, Key, 'Dear diary');
  const refused = { name: 'AccessDenied' };
  await assert.rejects(get(ben, Key), refused);
  await assert.rejects(put(ben, Key, 'Ben was here'), refused);
  await assert.rejects(list(ben, `users/${ada.identityId}/`), refused);
  await assert.rejects(list(ben), refused);
  assert.equal(await get(ada, Key), 'Dear diary');
});

test('rows belong to the identity that is their key', async () => {
  const TableName = standIn.table('RowsTable');
  const own = { identity: { S: ada.identityId }, name: { S: 'settings' } };
  const rows = new DynamoDBClient(ada.config);
  await rows.send(new PutItemCommand({ TableName, Item: { ...own, theme: { S: 'dark' } } }));
  const { Item } = await rows.send(new GetItemCommand({ TableName, Key: own }));
  assert.equal(Item.theme.S, 'dark');

  const others = new DynamoDBClient(ben.config);
  const refused = { name: 'AccessDeniedException' };
  await assert.rejects(others.send(new GetItemCommand({ TableName, Key: own })), refused);
  await assert.rejects(others.send(new PutItemCommand({ TableName, Item: own })), refused);
  await assert.rejects(others.send(new ScanCommand({ TableName })), refused);
});

test('a guest reads what is public, and nothing else', async () => {
  const guest = await identity();
  const Key = `users/${ada.identityId}/plans.txt`;
  await put(ada, Key, 'Nothing yet');
  await put(standIn.administrator, 'public/news.txt', 'Open now');
  assert.equal(await get(guest, 'public/news.txt'), 'Open now');
  const refused = { name: 'AccessDenied' };
  await assert.rejects(get(guest, Key), refused);
  await assert.rejects(put(guest, 'public/news.txt', 'Closed'), refused);
  await assert.rejects(put(guest, `users/${guest.identityId}/a.txt`, 'a'), refused);
});

test('a token that is no ID token of this pool gets no credentials', async () => {
  await assert.rejects(identity(`${ada.idToken.slice(0, -4)}AAAA`), { name: 'NotAuthorizedException' });
  await assert.rejects(identity(ada.accessToken), { name: 'NotAuthorizedException' });
});

/** Somebody who has signed up, confirmed and signed in, with an identity. */
async function signedIn(address) {
  const pool = new CognitoUserPool({
    UserPoolId: standIn.userPoolId,
    ClientId: standIn.webClientId,
    endpoint: standIn.endpoint,
    Storage: new InMemory(),
  });
  const email = new CognitoUserAttribute({ Name: 'email', Value: address });
  await called((done) => pool.signUp(address, password, [email], [], done));
  const user = new CognitoUser({ Username: address, Pool: pool, Storage: new InMemory() });
  const code = await standIn.codeFor(address);
  await called((done) => user.confirmRegistration(code, false, done));
  const session = await new Promise((onSuccess, onFailure) => {
    user.authenticateUser(new AuthenticationDetails({ Username: address, Password: password }), { onSuccess, onFailure });
  });
  const idToken = session.getIdToken().getJwtToken();
  return { ...(await identity(idToken)), idToken, accessToken: session.getAccessToken().getJwtToken() };
}

/** An identity and what its clients are made with: of whoever has the ID token, or a guest's. */
async function identity(idToken) {
  const provider = `cognito-idp.us-east-1.amazonaws.com/${standIn.userPoolId}`;
  const credentials = fromCognitoIdentityPool({
    identityPoolId: standIn.stack.outputs.IdentityPoolId,
    ...(idToken && { logins: { [provider]: idToken } }),
    clientConfig: standIn.client,
  });
  const { identityId } = await credentials();
  return { identityId, config: { ...standIn.client, credentials } };
}

const s3 = ({ config }) => new S3Client({ ...config, forcePathStyle: true });

function put(who, Key, Body) {
  return s3(who).send(new PutObjectCommand({ Bucket: standIn.bucket('FilesBucket'), Key, Body }));
}

async function get(who, Key) {
  const { Body } = await s3(who).send(new GetObjectCommand({ Bucket: standIn.bucket('FilesBucket'), Key }));
  return Body.transformToString();
}

function list(who, Prefix) {
  return s3(who).send(new ListObjectsV2Command({ Bucket: standIn.bucket('FilesBucket'), Prefix }));
}
