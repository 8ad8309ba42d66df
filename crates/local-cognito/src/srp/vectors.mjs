// Records the exchanges of `vectors.json` with a client that is not ours:
//
//     npm install amazon-cognito-identity-js@6.3.21 && node vectors.mjs > vectors.json
//
// The server's B is worked out here with the language's own integers. The salts begin with a zero byte before a set bit, with a
// set bit and with neither; the second exchange has a B that is a byte shorter than N.
import { createHash, createHmac } from 'node:crypto';
import AuthenticationHelper from 'amazon-cognito-identity-js/lib/AuthenticationHelper.js';
import BigInteger from 'amazon-cognito-identity-js/lib/BigInteger.js';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const big = text => BigInt(`0x${text}`);
const power = (base, exponent, modulus) => {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus;
  }
  return result;
};
const once = call => new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));

async function record(name, { poolName, userId, password, salt, seed, shortB }) {
  const helper = new AuthenticationHelper.default(poolName);
  const integer = hex => new BigInteger.default(hex, 16);
  const N = big(helper.N.toString(16));
  const a = sha256(seed, 'a');
  helper.smallAValue = integer(a);
  helper.largeAValue = undefined;
  const A = await once(done => helper.getLargeAValue(done));

  const hashed = createHash('sha256').update(`${poolName}${userId}:${password}`).digest();
  const x = big(sha256(Buffer.from(helper.padHex(integer(salt)), 'hex'), hashed));
  const v = power(2n, x, N);
  let b, B;
  for (let round = 0; B === undefined || (shortB && B >= N >> 8n); round++) {
    b = sha256(seed, 'b', String(round));
    B = (big(helper.k.toString(16)) * v + power(2n, big(b), N)) % N;
  }

  const key = await once(done => helper.getPasswordAuthenticationKey(userId, password, integer(B.toString(16)), integer(salt), done));
  const secretBlock = createHash('sha512').update(seed).digest();
  const timestamp = 'Sat Sep 5 08:02:31 UTC 2026';
  const signature = createHmac('sha256', Buffer.from(key)).update(poolName).update(userId).update(secretBlock).update(timestamp);
  return {
    name, poolName, userId, password, salt, timestamp, a, b,
    v: v.toString(16), A: A.toString(16), B: B.toString(16),
    secretBlock: secretBlock.toString('base64'), signature: signature.digest('base64'),
  };
}

const user = { poolName: 'Ab12Cd34E', userId: 'b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11', password: 'Correct-Horse-7' };
console.log(JSON.stringify([
  await record('salt with a zero byte', { ...user, salt: '00c3e1d59b7a4f2680b1c2d3e4f50617', seed: 'one' }),
  await record('salt with its first bit set, short B', { ...user, salt: 'f1c3e1d59b7a4f2680b1c2d3e4f50617', seed: 'two', shortB: true }),
  await record('text beyond ASCII', { ...user, userId: 'ines', password: 'Größe → 7!', salt: '41c3e1d59b7a4f2680b1c2d3e4f50617', seed: 'three' }),
], null, 2));
