// Prints how many tokens a second transformers.js makes of tests/Data/tokenizers/corpus.json, on one thread:
//   node tokenizer-oracle.mjs TOKENIZER_FOLDER SECONDS
// Needs `npm ci --ignore-scripts` in tests/Data/oracle first.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../Data/oracle/package.json', import.meta.url));
const { env, PreTrainedTokenizer } = require('@huggingface/transformers');
env.allowRemoteModels = false;

const [folder, seconds] = process.argv.slice(2);
const tokenizer = new PreTrainedTokenizer(JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8')), {});
const texts = JSON.parse(readFileSync(new URL('../Data/tokenizers/corpus.json', import.meta.url), 'utf8')).filter((text) => text.isWellFormed());

const round = () => texts.reduce((tokens, text) => tokens + tokenizer.encode(text).length, 0);
for (let i = 0; i < 5; i++) round();

const start = performance.now();
const end = start + 1000 * Number(seconds);
let tokens = 0;
while (performance.now() < end) tokens += round();
console.log(Math.round(tokens / ((performance.now() - start) / 1000)));
