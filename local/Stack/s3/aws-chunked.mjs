import S3Error from 's3rver/lib/models/error.js';

const HEADER = /^([0-9a-f]{1,8})(?:;(.*))?$/i;
const MAX_TRAILER = 8 << 10; // a checksum and a signature have less than 300 characters
const MAX_HEADER = 1024; // a signature has 64 characters

/**
 * The content of a body in the form that SDKs and the AWS command line send when they sign or checksum as they stream:
 * `size[;chunk-signature=…]\r\n data \r\n … 0[;…]\r\n [trailers]`. What is not of this form, or not of the length that the header
 * x-amz-decoded-content-length says, or has another signature than its bytes, is refused. Checksums in trailers are not computed.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export async function* decodeAwsChunked(body, decodedLength, checks = null) {
  let rest = Buffer.alloc(0);
  let left = 0; // bytes of the present chunk's data still to come
  let received = 0;
  let signature; // of the present chunk
  let end = ''; // what stands between a chunk's data and the next header
  // What is refused leaves the connection as it is, for the answer.
  for await (const bytes of body.iterator({ destroyOnReturn: false })) {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (left > 0) {
        const data = rest.subarray(0, left);
        if (data.length === 0) break;
        checks?.update(data);
        yield data;
        left -= data.length;
        if (left === 0) checks?.endChunk(signature);
        received += data.length;
        rest = rest.subarray(data.length);
        continue;
      }
      const header = rest.subarray(0, MAX_HEADER).toString('latin1');
      const length = header.indexOf('\r\n', end.length);
      if (length < 0 && header.length < MAX_HEADER) break;
      const [, size, extension = ''] = (header.startsWith(end) && HEADER.exec(header.slice(end.length, length))) || [];
      if (length < 0 || size === undefined) {
        throw incomplete('expected was the length of a chunk in hexadecimal digits, after the data that the last one announced');
      }
      left = parseInt(size, 16);
      [, signature] = /^chunk-signature=([0-9a-f]{64})$/i.exec(extension) ?? [];
      rest = rest.subarray(length + 2);
      end = '\r\n';
      if (left === 0) {
        checks?.endChunk(signature);
        const trailer = await readTrailer(rest, body);
        if (checks?.hasTrailer) checks.endTrailer(trailer);
        if (decodedLength !== undefined && `${received}` !== decodedLength) {
          throw incomplete(`its chunks have ${received} bytes, x-amz-decoded-content-length says ${decodedLength}`);
        }
        return;
      }
    }
  }
  throw incomplete('it ended before its last chunk');
}

async function readTrailer(rest, body) {
  const parts = [rest];
  let length = rest.length;
  for await (const bytes of body) {
    length += bytes.length;
    if (length <= MAX_TRAILER) parts.push(bytes);
  }
  if (length > MAX_TRAILER) throw incomplete(`its trailer has ${length} bytes, over the limit of ${MAX_TRAILER}`);
  return Buffer.concat(parts).toString('latin1');
}

export const isAwsChunked = headers =>
  /\baws-chunked\b/.test(headers['content-encoding'] ?? '') || /^STREAMING-/.test(headers['x-amz-content-sha256'] ?? '');

const incomplete = reason => new S3Error('IncompleteBody', `The aws-chunked body cannot be read: ${reason}.`);
