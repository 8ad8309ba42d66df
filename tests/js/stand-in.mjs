// The stand-in as a separate process, and what a test asks it beside Cognito's own API.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = process.env.CARGO_TARGET_DIR ?? `${root}target`;

/** The stand-in's region, and the key that may do everything there. */
const region = 'us-east-1';
const administrator = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Starts `local-cognito` on a free port, from the repository's template unless the options name another. */
export async function startStandIn(options = []) {
  const child = spawn(`${built}/debug/local-cognito`, ['--port', '0', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endpoint = await endpointOf(child);
  const get = async (path) => (await fetch(endpoint + path)).json();
  const stack = await get('/stack');
  const [pool] = stack.userPools;
  const client = { endpoint, region, maxAttempts: 1 };
  const named = (kind, logicalId) => stack[kind].find((found) => found.logicalId === logicalId).name;
  const clientId = (name) => pool.clients.find(({ logicalId }) => logicalId === name).id;
  return {
    endpoint: `${endpoint}/`,
    stack,
    /** What clients of AWS's SDK are made with. */
    client,
    /** The same for a client that may do everything. */
    administrator: { config: { ...client, credentials: administrator } },
    table: (logicalId) => named('tables', logicalId),
    bucket: (logicalId) => named('buckets', logicalId),
    userPoolId: pool.id,
    webClientId: clientId('WebClient'),
    /** The code in the newest message to that address. */
    codeFor: async (address) => (await get('/outbox')).findLast(({ to }) => to === address).code,
    /** The trigger sources that were fired, in order. */
    fired: async () => (await get('/calls')).map(({ triggerSource }) => triggerSource),
    /** Moves the stand-in's clock forward. */
    advanceClock: (seconds) => fetch(`${endpoint}/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds: seconds }) }),
    /** Asks for something as an administrator of the pool does. */
    administer: async (operation, input) => {
      const body = JSON.stringify({ UserPoolId: pool.id, ...input });
      const headers = await signed(endpoint, { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }, body);
      const response = await fetch(endpoint, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    /** The public keys that verify the pool's tokens. */
    keys: async () => (await get(`/${pool.id}/.well-known/jwks.json`)).keys,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** The headers of a request to the user pool's API, with the administrator's signature. */
async function signed(endpoint, headers, body) {
  const { protocol, host, hostname } = new URL(endpoint);
  const signer = new SignatureV4({ credentials: administrator, region, service: 'cognito-idp', sha256: Sha256 });
  const request = { method: 'POST', protocol, hostname, path: '/', query: {}, headers: { host, ...headers }, body };
  return (await signer.sign(request)).headers;
}

/** Where the process says that it listens. */
async function endpointOf(child) {
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = /^listening on (http:\S+)$/.exec(line);
    if (found) {
      child.stdout.resume();
      return found[1];
    }
  }
  throw new Error('local-cognito ended before it said where it listens');
}
