/** Deterministic damage to files, for the fuzz lane. */

/** Numbers in [0, 1) from a seed: mulberry32. Same seed, same run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Mutation = (bytes: Buffer, random: () => number) => Buffer;

const index = (random: () => number, below: number): number => Math.floor(random() * below);

const flipBits: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let n = 1 + index(random, 64); n > 0; n--) out[index(random, out.length)] ^= 1 << index(random, 8);
  return out;
};

/** Flips in the first kilobytes, where containers keep what they promise. */
const flipHeader: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let n = 1 + index(random, 8); n > 0; n--) out[index(random, Math.min(out.length, 4096))] ^= 1 << index(random, 8);
  return out;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, index(random, bytes.length));

/** Repeats, drops or moves a stretch of bytes. */
const splice: Mutation = (bytes, random) => {
  const from = index(random, bytes.length);
  const to = Math.min(bytes.length, from + index(random, 2000));
  const at = index(random, bytes.length);
  const rest = random() < 0.5 ? Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]) : bytes;
  return Buffer.concat([rest.subarray(0, at), bytes.subarray(from, to), rest.subarray(at)]);
};

/** Start offsets of the top-level boxes of an ISO file (ISO/IEC 14496-12), or [] for anything else. */
function topLevelBoxes(bytes: Buffer): number[] {
  const out: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) return out.length > 1 ? out : [];
    out.push(at);
    at += size;
  }
  return out;
}

const swapAtoms: Mutation = (bytes, random) => {
  const starts = topLevelBoxes(bytes);
  if (starts.length < 2) return splice(bytes, random);
  const parts = starts.map((at, i) => bytes.subarray(at, starts[i + 1] ?? bytes.length));
  const i = index(random, parts.length);
  const j = index(random, parts.length);
  [parts[i], parts[j]] = [parts[j], parts[i]];
  return Buffer.concat(parts);
};

const LYING_FIELDS = ['mvhd', 'mdhd', 'tkhd', 'stsz', 'stts', 'stco', 'stsc', 'elst', 'avc1', 'stsd', 'moov', 'trak', 'mdat', 'ftyp'];
const EXTREMES = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, 10_000_000];

/** Overwrites four bytes in or near a header atom with an extreme value: durations, sizes and counts that lie. */
const lie: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const name = LYING_FIELDS[index(random, LYING_FIELDS.length)];
  const found = out.indexOf(name, 0, 'latin1');
  const base = found < 0 ? index(random, Math.max(1, out.length - 64)) : found - 4;
  const at = Math.max(0, Math.min(out.length - 4, base + 4 * index(random, 16)));
  if (out.length >= 4) out.writeUInt32BE(EXTREMES[index(random, EXTREMES.length)], at);
  return out;
};

export const MUTATIONS: Readonly<Record<string, Mutation>> = { flipBits, flipHeader, truncate, splice, swapAtoms, lie };
