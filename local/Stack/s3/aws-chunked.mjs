/**
 * The content of a body in the form that SDKs and the AWS command line send when they sign or checksum as they stream:
 * `size[;chunk-signature=…]\r\n data \r\n … 0[;…]\r\n [trailers]`. Signatures and trailing checksums are not verified.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export async function* decodeAwsChunked(body) {
  let rest = Buffer.alloc(0);
  let left = 0; // bytes of the present chunk's data still to come
  for await (const bytes of body) {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (left > 0) {
        const data = rest.subarray(0, left);
        if (data.length === 0) break;
        yield data;
        left -= data.length;
        rest = rest.subarray(data.length);
        continue;
      }
      // A chunk's data ends in \r\n, before the next header.
      const start = rest[0] === 13 && rest[1] === 10 ? 2 : 0;
      const end = rest.indexOf('\r\n', start);
      if (end < 0) break;
      left = parseInt(rest.toString('latin1', start, end), 16);
      rest = rest.subarray(end + 2);
      if (left === 0) {
        for await (const _ of body); // trailers
        return;
      }
    }
  }
  throw new Error('The aws-chunked body ended before its last chunk.');
}

export const isAwsChunked = headers =>
  /\baws-chunked\b/.test(headers['content-encoding'] ?? '') || /^STREAMING-/.test(headers['x-amz-content-sha256'] ?? '');
