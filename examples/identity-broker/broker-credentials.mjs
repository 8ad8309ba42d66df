// AWS credentials from the identity broker, for the AWS SDK for JavaScript (version 3), in browsers and in Node. No dependencies.
//
//   import { S3Client } from '@aws-sdk/client-s3';
//   import { fromIdentityBroker } from './broker-credentials.mjs';
//
//   const credentials = fromIdentityBroker({
//     url: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
//     proof: async () => ({ kind: 'oidc-id-token', token: await provider.freshIdToken() }),
//   });
//   const s3 = new S3Client({ region: 'us-east-1', credentials });
//
// The SDK asks again when credentials are about to expire, by their `expiration`; so does whoever calls the function itself. Several calls at
// the same time share one request. Call `forget` when the user signs out: the next user must not get these credentials.

// So long before they expire new ones are fetched; the SDK's own limit is the same.
const EARLY_MS = 5 * 60 * 1000;

// After a refusal that time can mend: once more, after so long.
const RETRY_MS = 1000;

/** A provider of credentials. `proof` is called for each request, since most proofs count only once. */
export function fromIdentityBroker({ url, proof, fetch = globalThis.fetch, now = Date.now, pause = sleep }) {
  let kept;
  let running;

  async function provider() {
    if (kept && kept.expiration.getTime() - now() > EARLY_MS) {
      return kept;
    }
    running ??= ask({ url, proof, fetch, pause }).finally(() => {
      running = undefined;
    });
    const asked = running;
    const credentials = await asked;
    // Unless `forget` was called meanwhile.
    if (!provider.forgotten.has(asked)) {
      kept = credentials;
    }
    return credentials;
  }

  provider.forgotten = new WeakSet();
  provider.forget = () => {
    kept = undefined;
    if (running) {
      provider.forgotten.add(running);
      running = undefined;
    }
  };
  return provider;
}

/** What the broker refused, with its `code`. */
export class BrokerError extends Error {
  constructor(problem) {
    super(problem.title);
    this.name = 'BrokerError';
    this.code = problem.code;
    this.status = problem.status;
  }
}

async function ask({ url, proof, fetch, pause }) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url}/v1/credentials`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ proof: await proof() }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
    });
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      return {
        accessKeyId: body.credentials.accessKeyId,
        secretAccessKey: body.credentials.secretAccessKey,
        sessionToken: body.credentials.sessionToken,
        expiration: new Date(body.expiration),
        identityId: body.identityId,
      };
    }
    if (response.status < 500 || attempt > 1) {
      throw new BrokerError({ title: 'The broker did not answer', code: 'unavailable', status: response.status, ...body });
    }
    await pause(RETRY_MS * (1 + Math.random()));
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
