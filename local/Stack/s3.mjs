// An S3 server for one machine: the protocol of s3rver over a store of our own, with what Amazon S3 has and s3rver lacks:
// conditional writes and reads, uploads that can be aborted, chunked bodies; requests are signed, or refused. Logs a line per finished request to stdout.
//
//   node s3.mjs --port 4568 --directory .data/s3 --bucket assets
import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import './s3/xml.mjs';
import S3rver from 's3rver';
import router from 's3rver/lib/routes.js';
import { decodeAwsChunked, isAwsChunked } from './s3/aws-chunked.mjs';
import { chunkChecks } from './s3/chunk-signatures.mjs';
import { checkContentHash, hasContentHash } from './s3/content-hash.mjs';
import { encodeKeys } from './s3/encoded-keys.mjs';
import { nameNextPage } from './s3/next-pages.mjs';
import { refuseForeign } from './s3/origin.mjs';
import { checkSignature } from './s3/signatures.mjs';
import { ObjectStore } from './s3/store.mjs';

const { values: options } = parseArgs({
  options: {
    address: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4568' },
    directory: { type: 'string', default: '.data/s3' },
    bucket: { type: 'string', multiple: true, default: ['assets'] },
  },
});

const EMPTY_SEGMENT = '\uE000';

// s3rver's only account, whose two keys are alike.
const SECRET = 'S3RVER';

allowSingleDes();
router.param('key', (key, ctx, next) => {
  if (key) ctx.params.key = key.replaceAll(EMPTY_SEGMENT, '');
  return next();
});
const requestHeaders = new AsyncLocalStorage();
const server = new S3rver({ address: options.address, port: Number(options.port), silent: true, vhostBuckets: false });
server.store = server.context.store = await ObjectStore.open(options.directory, () => requestHeaders.getStore() ?? {});
for (const bucket of options.bucket) await server.store.putBucket(bucket);
server.middleware.unshift(logAccess, carryHeaders, refuseForeign(options.address), checkSignature(SECRET), keepEmptySegments, decodeBody, abortUpload);
server.middleware.splice(-1, 0, encodeKeys, nameNextPage); // within what writes answers as XML, and round the routes
server.on('error', error => {
  if (!error.expose) console.error(error);
});

try {
  const { address, port } = await server.run();
  console.log(`S3 server listening on http://${address}:${port}`);
} catch (error) {
  console.error(error.code === 'EADDRINUSE' ? `Port ${options.port} is in use; the S3 server needs it.` : error.message);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

/** Common log format, as Azurite writes it. */
function logAccess(ctx, next) {
  const { method, url, httpVersion } = ctx.req;
  const { ip } = ctx; // of the connection, which may be gone when the answer is finished
  ctx.res.once('finish', () => {
    console.log(`${ip} - - [${clfDate(new Date())}] "${method} ${url} HTTP/${httpVersion}" ${ctx.res.statusCode} -`);
  });
  return next();
}

function clfDate(date) {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function carryHeaders(ctx, next) {
  return requestHeaders.run(ctx.headers, next);
}

/** s3rver's router takes no empty segment, as in the key `a//b`: it travels as a character of the private use area. */
function keepEmptySegments(ctx, next) {
  ctx.path = ctx.path.replaceAll(/(?<=\/)(?=\/)/g, encodeURIComponent(EMPTY_SEGMENT));
  return next();
}

function decodeBody(ctx, next) {
  if (isAwsChunked(ctx.headers)) {
    ctx.req.headers['content-encoding'] = ctx.headers['content-encoding']?.replace(/aws-chunked,?\s*/, '');
    if (!ctx.req.headers['content-encoding']) delete ctx.req.headers['content-encoding'];
    const checks = chunkChecks(ctx.headers['x-amz-content-sha256'], ctx.state.seed);
    ctx.req = Readable.from(decodeAwsChunked(ctx.req, ctx.headers['x-amz-decoded-content-length'], checks));
  } else if (ctx.method === 'PUT' && hasContentHash(ctx.headers)) {
    ctx.req = Readable.from(checkContentHash(ctx.req, ctx.headers['x-amz-content-sha256']));
  }
  return next();
}

async function abortUpload(ctx, next) {
  if (ctx.method !== 'DELETE' || !('uploadId' in ctx.query)) return next();
  const [, bucket] = ctx.path.split('/');
  await ctx.store.abortUpload(bucket, ctx.query.uploadId);
  ctx.status = 204;
}

/** s3rver enciphers the place of a listing's next page with single DES, which OpenSSL no longer has: three times one key is the same. */
function allowSingleDes() {
  for (const create of ['createCipheriv', 'createDecipheriv']) {
    const original = crypto[create];
    crypto[create] = (name, key, ...rest) =>
      name === 'des' ? original('des-ede3-cbc', Buffer.concat([key, key, key]), ...rest) : original(name, key, ...rest);
  }
}
