// One bucket: an index in memory, journalled line by line, and a file per object version in a folder of its own.
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, createWriteStream, statSync, truncateSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import S3Error from 's3rver/lib/models/error.js';
import { checkWrite } from './conditions.mjs';
import { SortedKeys } from './sorted-keys.mjs';

const JOURNAL = 'journal.jsonl';
const UPLOADS = 'uploads';

export class Bucket {
  #folder;
  #entries; // by key: { key, file, size, etag, modified, metadata }
  #keys;

  /** Takes up what was kept. The journal is rewritten, so that it stays as long as the bucket is large. */
  static async open(folder) {
    const journal = path.join(folder, JOURNAL);
    await fs.mkdir(folder, { recursive: true });
    const entries = new Map();
    const lines = (await readIfThere(journal)).split('\n');
    lines.pop(); // empty, or torn: a write that was never confirmed
    for (const [number, line] of lines.entries()) {
      const entry = parseLine(line);
      if (!entry) throw new Error(`${journal} is damaged in line ${number + 1}. Remove the line to go on without the object it names.`);
      if (entry.file) entries.set(entry.key, entry);
      else entries.delete(entry.key);
    }
    await fs.writeFile(`${journal}.new`, [...entries.values()].map(entry => `${JSON.stringify(entry)}\n`).join(''));
    await fs.rename(`${journal}.new`, journal);
    const kept = new Set([JOURNAL, UPLOADS, ...[...entries.values()].map(entry => entry.file)]);
    for (const file of await fs.readdir(folder)) {
      if (!kept.has(file)) await fs.rm(path.join(folder, file), { recursive: true, force: true });
    }
    return new Bucket(folder, entries, (await fs.stat(folder)).birthtime);
  }

  constructor(folder, entries, created) {
    this.#folder = folder;
    this.#entries = entries;
    this.#keys = new SortedKeys(entries.keys());
    this.created = created;
  }

  find(key) {
    return this.#entries.get(key);
  }

  /** A page of the keys below a prefix; those that go on after a delimiter are told by their beginning alone. */
  list({ delimiter, startAfter, prefix, maxKeys }) {
    const found = [];
    const commonPrefixes = new Set();
    for (const key of this.#keys.from(startAfter > prefix ? startAfter : prefix)) {
      if (!key.startsWith(prefix)) break;
      if (key <= startAfter) continue;
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (end >= 0) {
        commonPrefixes.add(key.slice(0, end + delimiter.length));
        continue;
      }
      if (found.length === maxKeys) return { found, commonPrefixes: [...commonPrefixes], isTruncated: true };
      found.push(this.#entries.get(key));
    }
    return { found, commonPrefixes: [...commonPrefixes], isTruncated: false };
  }

  /** Null when the object was overwritten or deleted since it was looked up; once open, its bytes stay. */
  async open(entry) {
    try {
      return await fs.open(path.join(this.#folder, entry.file));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Writes a body to a file of its own; no object shows it yet. */
  async receive(body, expectedMd5) {
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
      }, createWriteStream(path.join(this.#folder, file)));
      const digest = hash.digest();
      if (expectedMd5 && expectedMd5 !== digest.toString('base64')) {
        throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
      }
      return { file, size, md5: digest.toString('hex') };
    } catch (error) {
      await this.#remove(file);
      throw error;
    }
  }

  /** Checks the condition and shows the object, with nothing in between. */
  async commit(key, { file, size }, etag, metadata, headers) {
    const previous = this.#entries.get(key);
    try {
      checkWrite(headers, previous);
      const entry = { key, file, size, etag, modified: new Date().toUTCString(), metadata };
      this.#journal(entry);
      this.#entries.set(key, entry);
      this.#keys.add(key);
    } catch (error) {
      await this.#remove(file);
      throw error;
    }
    if (previous) await this.#remove(previous.file);
  }

  async delete(key) {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#journal({ key });
    this.#entries.delete(key);
    this.#keys.delete(key);
    await this.#remove(entry.file);
  }

  /** Where the parts of an upload lie until it is completed. */
  uploadFolder(uploadId) {
    return path.join(this.#folder, UPLOADS, uploadId);
  }

  /** Turns what was received into a part of an upload. */
  async moveToUpload({ file }, uploadId, name) {
    await fs.rename(path.join(this.#folder, file), path.join(this.uploadFolder(uploadId), name));
  }

  /** A line that cannot be written whole, as on a full disk, is taken back: the next would be appended to its torn end. */
  #journal(entry) {
    const journal = path.join(this.#folder, JOURNAL);
    const length = statSync(journal).size;
    try {
      appendFileSync(journal, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      truncateSync(journal, length);
      throw error;
    }
  }

  #remove(file) {
    return fs.rm(path.join(this.#folder, file), { force: true });
  }
}

async function readIfThere(file) {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** A line behind the torn end of another, as an earlier edition left it on a full disk, begins where its own key stands. */
function parseLine(line) {
  for (let start = 0; start >= 0; start = line.indexOf('{"key":', start + 1)) {
    try {
      return JSON.parse(line.slice(start));
    } catch {
      // What stands before the next key is torn.
    }
  }
  return null;
}
