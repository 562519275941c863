// The hash of a body that is signed along with its request, in the header x-amz-content-sha256.
import { createHash } from 'node:crypto';
import S3Error from 's3rver/lib/models/error.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** Of a body that is hashed as a whole: not of one that is signed in chunks, or not at all. */
export const hasContentHash = headers => SHA256.test(headers['x-amz-content-sha256'] ?? '');

/** The same bytes; fails at their end unless they have the hash. */
export async function* checkContentHash(body, expected) {
  const hash = createHash('sha256');
  for await (const bytes of body) {
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest('hex') !== expected) {
    const mismatch = new S3Error('XAmzContentSHA256Mismatch', 'The header x-amz-content-sha256 is not the hash of the body.');
    throw Object.assign(mismatch, { status: 400, expose: true }); // s3rver does not know the code
  }
}
