// Records what the reference says of every text of ../tokenizers/corpus.json, into ../tokenizers/expected/.
//   npm ci --ignore-scripts && node record.mjs
// The reference is the Rust library through its Node binding: it alone gives offsets and words. transformers.js is asked as well;
// where its ids differ the text's index is listed under "deviations" (explained in TokenizerOracleTests).
import { readFileSync, writeFileSync, readdirSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { env, PreTrainedTokenizer } from '@huggingface/transformers';

const { Tokenizer } = createRequire(import.meta.url)('tokenizers');
env.allowRemoteModels = false;

const here = new URL('../tokenizers/', import.meta.url);
const shared = new URL('../../../../shared/data/', import.meta.url);
const read = (url) => JSON.parse(readFileSync(url, 'utf8'));
const corpus = read(new URL('corpus.json', here));

/** The reference counts characters, we count UTF-16 units. */
function unitsOf(text) {
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  return (offset) => units[offset];
}

/** "ids;spans": of each token its length, before it "gap:" to the token before if any, before that "#" (or "#n") where its word is 1 (or n) further; "s" for a special token. */
function describe(encoding, text) {
  const at = unitsOf(text);
  const mask = encoding.getSpecialTokensMask(), words = encoding.getWordIds();
  let end = 0, word = -1;
  const spans = encoding.getOffsets().map(([first, last], i) => {
    if (mask[i]) return 's';
    const start = at(first), step = words[i] - word, gap = start - end;
    const entry = (step === 0 ? '' : step === 1 ? '#' : `#${step}|`) + (gap === 0 ? '' : `${gap}:`) + (at(last) - start);
    end = at(last);
    word = words[i];
    return entry;
  });
  return `${encoding.getIds().join(' ')};${spans.join(' ')}`;
}

const describePair = (encoding) => `${encoding.getIds().join(' ')};${encoding.getTypeIds().join('')};${encoding.getSpecialTokensMask().join('')}`;

/** transformers.js's tokenizer of the same file, or null where it lacks a part of it. */
function makePeer(name, json) {
  try {
    return new PreTrainedTokenizer(json, {});
  } catch (fault) {
    console.log(`${name}: transformers.js refuses it: ${fault.message}`);
    return null;
  }
}

async function record(name, folder, texts) {
  const file = new URL('tokenizer.json', folder);
  const json = read(file);
  const tokenizer = Tokenizer.fromFile(file.pathname);
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
  const peer = makePeer(name, json);
  const out = { texts: [], deviations: [], pairs: [], truncated: [], windows: [] };
  for (const [i, text] of texts.entries()) {
    const encoding = await tokenizer.encode(text, null);
    out.texts.push(describe(encoding, text));
    if (peer && Array.from(peer(text, { return_tensor: false }).input_ids).join() !== encoding.getIds().join()) out.deviations.push(i);
  }
  for (let i = 0; i + 1 < texts.length; i += 8) {
    tokenizer.disableTruncation();
    const pair = await tokenizer.encode(texts[i], texts[i + 1]);
    out.pairs.push(describePair(pair));
    // This version stops reading early and so may not know which text is longer: an even rest needs not to know.
    const special = pair.getSpecialTokensMask().reduce((sum, bit) => sum + bit, 0);
    tokenizer.setTruncation(special + 12 + 2 * (i % 5));
    out.truncated.push(describePair(await tokenizer.encode(texts[i], texts[i + 1])));
    // With setTruncation this version stops reading early and windows are missing; cut after encoding, none is.
    tokenizer.disableTruncation();
    const encoding = await tokenizer.encode(texts[i], null, { addSpecialTokens: false });
    encoding.truncate(10, i % 3, 'right');
    out.windows.push([encoding, ...encoding.getOverflowing()].map((window) => describe(window, texts[i])));
  }
  const lines = Object.entries(out).map(([key, values]) => `${JSON.stringify(key)}: [\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`);
  mkdirSync(new URL('expected/', here), { recursive: true });
  writeFileSync(new URL(`expected/${name}.json`, here), `{\n${lines.join(',\n')}\n}\n`);
  console.log(`${name}: ${texts.length} texts, transformers.js differs in ${out.deviations.length}`);
}

for (const name of readdirSync(here)) {
  const folder = new URL(`${name}/`, here);
  if (existsSync(new URL('tokenizer.json', folder))) await record(name, folder, corpus);
}
if (existsSync(shared)) {
  const naughty = read(new URL('text/blns.json', shared));
  for (const name of readdirSync(new URL('tokenizers/', shared)))
    await record(name, new URL(`tokenizers/${name}/`, shared), [...corpus, ...naughty]);
}
