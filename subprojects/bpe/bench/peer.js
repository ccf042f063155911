// node bench/peer.js ENCODING TEXT [ROUNDS], in a folder where npm tiktoken is installed: as bench.cpp, for it.
'use strict';
const {get_encoding: getEncoding} = require(require.resolve('tiktoken', {paths: [process.cwd()]}));
const fs = require('fs');

function cpuMs() {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1000;
}

const from = cpuMs();
const encoding = getEncoding(process.argv[2]);
const load = cpuMs() - from;
const text = fs.readFileSync(process.argv[3], 'utf8');
const times = [];
let tokens = 0;
for (let i = 0; i < Number(process.argv[4] || 5); ++i) {
  const start = cpuMs();
  tokens = encoding.encode_ordinary(text).length;
  times.push(cpuMs() - start);
}
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)];
const rate = (ms) => Buffer.byteLength(text) / 1e3 / ms;
console.log(JSON.stringify({
  engine: 'npm tiktoken', vocabulary: process.argv[2], tokens, encode_mb_s: rate(median), encode_best_mb_s: rate(times[0]), load_ms: load,
}));
