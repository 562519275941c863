// What the S3 server keeps, as s3rver asks for it. It takes the place of s3rver's own store, which names files after keys (so a key may be
// no longer than a file name, and ".." leaves the folder), overwrites them while they are read, and pages through listings out of order.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import S3Bucket from 's3rver/lib/models/bucket.js';
import S3Error from 's3rver/lib/models/error.js';
import S3Object from 's3rver/lib/models/object.js';
import { Bucket } from './bucket.mjs';
import { checkRead } from './conditions.mjs';

const MAX_PAGE = 1000;
const UPLOAD_ID = /^[0-9a-f]+$/;

export class ObjectStore {
  #directory;
  #headers;
  #buckets = new Map();
  #opening = new Map(); // promises, so that two who make one bucket open its folder once

  /** `headers()` returns those of the request being served, for its conditions. */
  static async open(directory, headers) {
    const store = new ObjectStore(directory, headers);
    await fs.mkdir(directory, { recursive: true });
    for (const entry of await fs.readdir(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) await store.#load(entry.name);
    }
    return store;
  }

  constructor(directory, headers) {
    this.#directory = directory;
    this.#headers = headers;
  }

  // Buckets

  async listBuckets() {
    return [...this.#buckets].map(([name, bucket]) => new S3Bucket(name, bucket.created));
  }

  async getBucket(name) {
    const bucket = this.#buckets.get(name);
    return bucket ? new S3Bucket(name, bucket.created) : null;
  }

  async putBucket(name) {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      throw new S3Error('InvalidBucketName', `The bucket name '${name}' is not valid.`);
    }
    if (!this.#buckets.has(name)) {
      if (!this.#opening.has(name)) this.#opening.set(name, this.#load(name).finally(() => this.#opening.delete(name)));
      await this.#opening.get(name);
    }
    return this.getBucket(name);
  }

  async deleteBucket(name) {
    this.#buckets.delete(name);
    await fs.rm(path.join(this.#directory, name), { recursive: true, force: true });
  }

  async getSubresource() {
    return null;
  }

  async putSubresource() {
    throw new S3Error('NotImplemented', 'This server keeps no tags, CORS or website configuration.');
  }

  // Objects

  async existsObject(bucketName, key) {
    return this.#bucket(bucketName).find(key) !== undefined;
  }

  async listObjects(bucketName, { delimiter, startAfter = '', prefix = '', maxKeys = MAX_PAGE }) {
    const { found, ...page } = this.#bucket(bucketName).list({ delimiter, startAfter, prefix, maxKeys });
    return { objects: found.map(entry => describe(bucketName, entry)), ...page };
  }

  async getObject(bucketName, key, range = {}) {
    const bucket = this.#bucket(bucketName);
    for (;;) {
      const entry = bucket.find(key);
      if (!entry) return null;
      checkRead(this.#headers(), entry);
      const file = await bucket.open(entry);
      if (!file) continue;
      const object = describe(bucketName, entry);
      const last = Math.max(0, entry.size - 1);
      const [start, end] = [range.start ?? 0, Math.min(range.end ?? Infinity, last)];
      if (range.start !== undefined) object.range = { start, end };
      if (end < start || (range.start > 0 && range.start >= entry.size)) {
        await file.close();
      } else {
        object.content = file.createReadStream({ start, end });
      }
      return object;
    }
  }

  async putObject({ bucket: bucketName, key, content, metadata }) {
    const bucket = this.#bucket(bucketName);
    const body = Buffer.isBuffer(content) ? Readable.from([content]) : content;
    const received = await bucket.receive(body, this.#headers()['content-md5']);
    await bucket.commit(key, received, received.md5, metadata, this.#headers());
    return received;
  }

  async copyObject(fromBucket, fromKey, toBucket, toKey, replacement) {
    const source = await this.getObject(fromBucket, fromKey);
    const metadata = replacement ? new S3Object(toBucket, toKey, null, replacement).metadata : source.metadata;
    await this.putObject({ bucket: toBucket, key: toKey, content: source.content, metadata });
    return describe(toBucket, this.#bucket(toBucket).find(toKey)).metadata;
  }

  async deleteObject(bucketName, key) {
    await this.#bucket(bucketName).delete(key);
  }

  // Uploads in parts

  async initiateUpload(bucketName, key, uploadId, headers) {
    const folder = this.#uploadFolder(bucketName, uploadId);
    await fs.mkdir(folder, { recursive: true });
    const { metadata } = new S3Object(bucketName, key, null, headers);
    await fs.writeFile(path.join(folder, 'upload.json'), JSON.stringify({ key, metadata }));
  }

  async putPart(bucketName, uploadId, number, content) {
    await fs.access(this.#uploadFolder(bucketName, uploadId)).catch(() => { throw noSuchUpload(uploadId); });
    const bucket = this.#bucket(bucketName);
    const received = await bucket.receive(content, this.#headers()['content-md5']);
    await bucket.moveToUpload(received, uploadId, partName(number, received.md5));
    return { size: received.size, md5: received.md5 };
  }

  async putObjectMultipart(bucketName, uploadId, parts) {
    const folder = this.#uploadFolder(bucketName, uploadId);
    const upload = await fs.readFile(path.join(folder, 'upload.json'), 'utf8').then(JSON.parse, () => { throw noSuchUpload(uploadId); });
    const ordered = parts.toSorted((a, b) => a.number - b.number);
    const stored = new Set(await fs.readdir(folder));
    const missing = ordered.find(part => !stored.has(partName(part.number, part.etag)));
    if (missing) {
      throw new S3Error('InvalidPart', `Part ${missing.number} with the entity tag '${missing.etag}' was not found in the upload.`);
    }
    const bucket = this.#bucket(bucketName);
    const received = await bucket.receive(concatenate(ordered.map(part => path.join(folder, partName(part.number, part.etag)))));
    // As on Amazon S3: the hash of the parts' hashes, and their number.
    const hash = createHash('md5');
    for (const part of ordered) hash.update(Buffer.from(part.etag, 'hex'));
    const etag = `${hash.digest('hex')}-${ordered.length}`;
    await bucket.commit(upload.key, received, etag, upload.metadata, this.#headers());
    await fs.rm(folder, { recursive: true, force: true });
    return { size: received.size, md5: etag };
  }

  async abortUpload(bucketName, uploadId) {
    await fs.rm(this.#uploadFolder(bucketName, uploadId), { recursive: true, force: true });
  }

  async #load(name) {
    this.#buckets.set(name, await Bucket.open(path.join(this.#directory, name)));
  }

  #bucket(name) {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
    return bucket;
  }

  #uploadFolder(bucketName, uploadId) {
    if (!UPLOAD_ID.test(uploadId)) throw noSuchUpload(uploadId);
    return this.#bucket(bucketName).uploadFolder(uploadId);
  }
}

function describe(bucket, { key, size, etag, modified, metadata }) {
  return new S3Object(bucket, key, null, {
    ...metadata,
    etag: JSON.stringify(etag),
    'last-modified': modified,
    'content-length': size,
  });
}

/** By its hash as well, so that who completes an upload gets the parts that they name. */
const partName = (number, md5) => `${Number(number)}-${md5}`;

const noSuchUpload = uploadId => new S3Error('NoSuchUpload', 'The specified upload does not exist.', { UploadId: uploadId });

async function* concatenate(files) {
  for (const file of files) yield* createReadStream(file);
}
