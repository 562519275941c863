// What the S3 server keeps: an index of each bucket in memory, journalled line by line, and a file per object version.
// It takes the place of s3rver's own store, which names files after keys (so a key may be no longer than a file name, and
// ".." leaves the folder), overwrites them while they are read, and pages through listings out of order.
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import S3Bucket from 's3rver/lib/models/bucket.js';
import S3Error from 's3rver/lib/models/error.js';
import S3Object from 's3rver/lib/models/object.js';
import { SortedKeys } from './sorted-keys.mjs';

const MAX_PAGE = 1000;
const UPLOAD_ID = /^[0-9a-f]+$/;

export class ObjectStore {
  #directory;
  #conditions;
  #buckets = new Map();

  /** `conditions()` returns the headers of the request being served, for If-Match and If-None-Match. */
  static async open(directory, conditions) {
    const store = new ObjectStore(directory, conditions);
    await fs.mkdir(directory, { recursive: true });
    for (const entry of await fs.readdir(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) await store.#load(entry.name);
    }
    return store;
  }

  constructor(directory, conditions) {
    this.#directory = directory;
    this.#conditions = conditions;
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
    if (!this.#buckets.has(name)) await this.#load(name);
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
    return this.#bucket(bucketName).objects.has(key);
  }

  async listObjects(bucketName, { delimiter, startAfter = '', prefix = '', maxKeys = MAX_PAGE }) {
    const { keys, objects } = this.#bucket(bucketName);
    const found = [];
    const commonPrefixes = new Set();
    for (const key of keys.from(startAfter > prefix ? startAfter : prefix)) {
      if (!key.startsWith(prefix)) break;
      if (key <= startAfter) continue;
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (end >= 0) {
        commonPrefixes.add(key.slice(0, end + delimiter.length));
        continue;
      }
      if (found.length === maxKeys) {
        return { objects: found, commonPrefixes: [...commonPrefixes], isTruncated: true };
      }
      found.push(describe(bucketName, key, objects.get(key)));
    }
    return { objects: found, commonPrefixes: [...commonPrefixes], isTruncated: false };
  }

  async getObject(bucketName, key, range = {}) {
    const { objects, folder } = this.#bucket(bucketName);
    for (;;) {
      const entry = objects.get(key);
      if (!entry) return null;
      const wanted = this.#conditions()['if-match'];
      if (wanted && wanted !== '*' && unquote(wanted) !== entry.etag) throw preconditionFailed('If-Match');
      const file = await openUnlessReplaced(path.join(folder, entry.file));
      if (!file) continue;
      const object = describe(bucketName, key, entry);
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
    const body = Buffer.isBuffer(content) ? Readable.from([content]) : content;
    const received = await this.#receive(bucketName, body, this.#conditions()['content-md5']);
    await this.#commit(bucketName, key, received, received.md5, metadata);
    return received;
  }

  async copyObject(fromBucket, fromKey, toBucket, toKey, replacement) {
    const source = await this.getObject(fromBucket, fromKey);
    const metadata = replacement ? new S3Object(toBucket, toKey, null, replacement).metadata : source.metadata;
    await this.putObject({ bucket: toBucket, key: toKey, content: source.content, metadata });
    return describe(toBucket, toKey, this.#bucket(toBucket).objects.get(toKey)).metadata;
  }

  async deleteObject(bucketName, key) {
    const bucket = this.#bucket(bucketName);
    const entry = bucket.objects.get(key);
    if (!entry) return;
    bucket.journal({ key });
    bucket.objects.delete(key);
    bucket.keys.delete(key);
    await fs.rm(path.join(bucket.folder, entry.file), { force: true });
  }

  // Uploads in parts

  async initiateUpload(bucketName, key, uploadId, headers) {
    const folder = this.#uploadFolder(bucketName, uploadId);
    await fs.mkdir(folder, { recursive: true });
    const { metadata } = new S3Object(bucketName, key, null, headers);
    await fs.writeFile(path.join(folder, 'upload.json'), JSON.stringify({ key, metadata }));
  }

  async putPart(bucketName, uploadId, number, content) {
    const folder = this.#uploadFolder(bucketName, uploadId);
    await fs.access(folder).catch(() => { throw noSuchUpload(uploadId); });
    const { file, size, md5 } = await this.#receive(bucketName, content, this.#conditions()['content-md5']);
    await fs.rename(path.join(this.#bucket(bucketName).folder, file), path.join(folder, `${Number(number)}`));
    return { size, md5 };
  }

  async putObjectMultipart(bucketName, uploadId, parts) {
    const folder = this.#uploadFolder(bucketName, uploadId);
    const upload = await fs.readFile(path.join(folder, 'upload.json'), 'utf8').then(JSON.parse, () => { throw noSuchUpload(uploadId); });
    const ordered = parts.toSorted((a, b) => a.number - b.number);
    const received = await this.#receive(bucketName, concatenate(ordered.map(part => path.join(folder, `${part.number}`))));
    // As on Amazon S3: the hash of the parts' hashes, and their number.
    const hash = createHash('md5');
    for (const part of ordered) hash.update(Buffer.from(part.etag, 'hex'));
    const etag = `${hash.digest('hex')}-${ordered.length}`;
    await this.#commit(bucketName, upload.key, received, etag, upload.metadata);
    await fs.rm(folder, { recursive: true, force: true });
    return { size: received.size, md5: etag };
  }

  async abortUpload(bucketName, uploadId) {
    await fs.rm(this.#uploadFolder(bucketName, uploadId), { recursive: true, force: true });
  }

  // Files and journal

  async #load(name) {
    const folder = path.join(this.#directory, name);
    const journal = path.join(folder, 'journal.jsonl');
    await fs.mkdir(folder, { recursive: true });
    const objects = new Map();
    for (const line of (await fs.readFile(journal, 'utf8').catch(() => '')).split('\n')) {
      const entry = parseLine(line);
      if (!entry) continue;
      if (entry.file) objects.set(entry.key, entry);
      else objects.delete(entry.key);
    }
    // Rewritten at each start, so that it stays as long as the bucket is large.
    await fs.writeFile(`${journal}.new`, [...objects.values()].map(entry => `${JSON.stringify(entry)}\n`).join(''));
    await fs.rename(`${journal}.new`, journal);
    const kept = new Set(['journal.jsonl', 'uploads', ...[...objects.values()].map(entry => entry.file)]);
    for (const file of await fs.readdir(folder)) {
      if (!kept.has(file)) await fs.rm(path.join(folder, file), { recursive: true, force: true });
    }
    this.#buckets.set(name, {
      folder,
      objects,
      keys: new SortedKeys(objects.keys()),
      created: (await fs.stat(folder)).birthtime,
      journal: entry => appendFileSync(journal, `${JSON.stringify(entry)}\n`),
    });
  }

  /** Writes a body to a file of its own; no object shows it yet. */
  async #receive(bucketName, body, expectedMd5) {
    const { folder } = this.#bucket(bucketName);
    const file = randomUUID();
    const hash = createHash('md5');
    let size = 0;
    try {
      await pipeline(body, async function* (chunks) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      }, createWriteStream(path.join(folder, file)));
      const digest = hash.digest();
      if (expectedMd5 && expectedMd5 !== digest.toString('base64')) {
        throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
      }
      return { file, size, md5: digest.toString('hex') };
    } catch (error) {
      await fs.rm(path.join(folder, file), { force: true });
      throw error;
    }
  }

  /** Checks the condition and shows the object, with nothing in between. */
  async #commit(bucketName, key, { file, size }, etag, metadata) {
    const bucket = this.#bucket(bucketName);
    const previous = bucket.objects.get(key);
    try {
      checkWrite(this.#conditions(), previous);
      const entry = { key, file, size, etag, modified: new Date().toUTCString(), metadata };
      bucket.journal(entry);
      bucket.objects.set(key, entry);
      bucket.keys.add(key);
    } catch (error) {
      await fs.rm(path.join(bucket.folder, file), { force: true });
      throw error;
    }
    if (previous) await fs.rm(path.join(bucket.folder, previous.file), { force: true });
  }

  #bucket(name) {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
    return bucket;
  }

  #uploadFolder(bucketName, uploadId) {
    if (!UPLOAD_ID.test(uploadId)) throw noSuchUpload(uploadId);
    return path.join(this.#bucket(bucketName).folder, 'uploads', uploadId);
  }
}

function describe(bucket, key, { size, etag, modified, metadata }) {
  return new S3Object(bucket, key, null, {
    ...metadata,
    etag: JSON.stringify(etag),
    'last-modified': modified,
    'content-length': size,
  });
}

function checkWrite(headers, current) {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (noneMatch === '*' && current) throw preconditionFailed('If-None-Match');
  if (match && !current) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (match && match !== '*' && unquote(match) !== current.etag) throw preconditionFailed('If-Match');
}

const unquote = tag => tag.replaceAll('"', '');

const preconditionFailed = header =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: header });

const noSuchUpload = uploadId => new S3Error('NoSuchUpload', 'The specified upload does not exist.', { UploadId: uploadId });

/** Null when the object was overwritten or deleted since it was looked up; once open, its bytes stay. */
async function openUnlessReplaced(file) {
  try {
    return await fs.open(file);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

async function* concatenate(files) {
  for (const file of files) yield* createReadStream(file);
}

/** A process that was killed leaves at most a last line that is incomplete: the write that it never confirmed. */
function parseLine(line) {
  try {
    return line && JSON.parse(line);
  } catch {
    return null;
  }
}
