// Answers jobs for generators/node.py: a JSON object a line in, a JSON text a line out.
// Bytes travel as hexadecimal digits. Firebase's, Auth0's and Meteor's worlds are Node's, so Node's crypto speaks here.

import { createCipheriv, createHash, createHmac, pbkdf2Sync, scryptSync } from "node:crypto";
import { createInterface } from "node:readline";

const bytes = (hex) => Buffer.from(hex, "hex");

/** Firebase: the signer key, enciphered by AES-256-CTR under the scrypt of the password (github.com/firebase/scrypt). */
function firebase({ password, salt, separator, signerKey, rounds, memCost }) {
  const seasoned = Buffer.concat([bytes(salt), bytes(separator)]);
  const maxmem = 256 * 2 ** memCost * rounds;
  const key = scryptSync(bytes(password), seasoned, 32, { N: 2 ** memCost, r: rounds, p: 1, maxmem });
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(bytes(signerKey)), cipher.final()]).toString("hex");
}

const answers = {
  firebase,
  digest: ({ algorithm, message }) => createHash(algorithm).update(bytes(message)).digest("hex"),
  hmac: ({ algorithm, key, message }) => createHmac(algorithm, bytes(key)).update(bytes(message)).digest("hex"),
  pbkdf2: ({ algorithm, password, salt, iterations, length }) =>
    pbkdf2Sync(bytes(password), bytes(salt), iterations, length, algorithm).toString("hex"),
  scrypt: ({ password, salt, N, r, p, length }) =>
    scryptSync(bytes(password), bytes(salt), length, { N, r, p, maxmem: 256 * N * r }).toString("hex"),
};

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  console.log(JSON.stringify(answers[job.do](job)));
}
