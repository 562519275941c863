// The signatures of a body that is signed chunk by chunk, each over the one before it, the first over that of the request's headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
import crypto from 'node:crypto';
import S3Error from 's3rver/lib/models/error.js';

const PAYLOAD = 'AWS4-HMAC-SHA256-PAYLOAD';
const TRAILER = 'AWS4-HMAC-SHA256-TRAILER';
const EMPTY = crypto.createHash('sha256').digest('hex');

/** What checks the chunks of a request; null where its header x-amz-content-sha256 says that they are not signed. */
export function chunkChecks(payload, seed) {
  if (payload === `STREAMING-${PAYLOAD}`) return new ChunkChecks(seed, false);
  if (payload === `STREAMING-${PAYLOAD}-TRAILER`) return new ChunkChecks(seed, true);
  return null;
}

class ChunkChecks {
  #seed;
  #previous;
  #hash = crypto.createHash('sha256');

  /** @param seed `{ sign, date, scope, signature }` of the request's headers */
  constructor(seed, hasTrailer) {
    this.#seed = seed;
    this.#previous = seed.signature;
    this.hasTrailer = hasTrailer;
  }

  update(data) {
    this.#hash.update(data);
  }

  /** At the end of a chunk, which for the last one is its beginning. */
  endChunk(given) {
    this.#check(given, [PAYLOAD, this.#seed.date, this.#seed.scope, this.#previous, EMPTY, this.#hash.digest('hex')], 'a chunk');
    this.#hash = crypto.createHash('sha256');
  }

  /** @param text lines after the last chunk, of which the signature's is the last */
  endTrailer(text) {
    const lines = text.split('\r\n').filter(Boolean);
    const [, given] = /^x-amz-trailer-signature:\s*([0-9a-f]{64})$/i.exec(lines.pop() ?? '') ?? [];
    const canonical = lines.map(line => `${line.split(':', 1)[0].trim().toLowerCase()}:${line.split(/:(.*)/s)[1]?.trim() ?? ''}\n`).join('');
    const hash = crypto.createHash('sha256').update(canonical).digest('hex');
    this.#check(given, [TRAILER, this.#seed.date, this.#seed.scope, this.#previous, hash], 'the trailer');
  }

  #check(given, parts, what) {
    const expected = this.#seed.sign(parts.join('\n'));
    if (given !== expected) {
      throw new S3Error('SignatureDoesNotMatch', `The signature of ${what} is not that of its bytes by the key S3RVER.`);
    }
    this.#previous = expected;
  }
}
