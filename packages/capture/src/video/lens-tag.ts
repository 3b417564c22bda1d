import { type FileHandle, open } from 'node:fs/promises';
import { GaitwayError } from '@gaitway/motion/errors';

/** How a phone writes down which of its lenses filmed: as the focal length that gives the same view on film of 36 × 24 mm. */
const KEY = 'com.apple.quicktime.camera.focal_length.35mm_equivalent';
/** No phone has a lens outside this, millimetres. What the file says is believed, so that a mistake would put a person far from where they are. */
const SHORTEST_MM = 10;
const LONGEST_MM = 250;
/** Boxes looked at in a file, and the longest list of metadata that is read: a file may be made to lead in circles. */
const MOST_BOXES = 256;
const LONGEST_META_BYTES = 65_536;
const LONGEST_KEY_COUNT = 256;

interface Box {
  readonly kind: string;
  /** Where its content begins, and ends. */
  readonly from: number;
  readonly to: number;
}

/**
 * Focal length that the camera wrote into a QuickTime or MP4 file, millimetres as of 35 mm film; undefined where it is not there or
 * makes no sense. ffprobe shows metadata of the film, but not that of its tracks, where phones put this. Rejects with
 * `source_unreadable`.
 */
export async function readLensTag(path: string): Promise<number | undefined> {
  try {
    return await lensOfFile(path);
  } catch (cause) {
    throw new GaitwayError('source_unreadable', { cause });
  }
}

async function lensOfFile(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const budget = { boxes: MOST_BOXES };
    for await (const film of boxesIn(file, 0, size, budget)) if (film.kind === 'moov') return await lensOfFilm(file, film, budget);
    return undefined;
  } finally {
    await file.close();
  }
}

/** What else of a film may hold metadata: its tracks (phones), and what users add (ffmpeg). */
const FOLDERS: ReadonlySet<string> = new Set(['trak', 'udta']);

type Budget = { boxes: number };

async function lensOfFilm(file: FileHandle, film: Box, budget: Budget): Promise<number | undefined> {
  for await (const box of boxesIn(file, film.from, film.to, budget)) {
    const lens =
      box.kind === 'meta' ? await lensOfMeta(file, box) : FOLDERS.has(box.kind) ? await lensOfFolder(file, box, budget) : undefined;
    if (lens !== undefined) return lens;
  }
  return undefined;
}

async function lensOfFolder(file: FileHandle, folder: Box, budget: Budget): Promise<number | undefined> {
  for await (const box of boxesIn(file, folder.from, folder.to, budget)) if (box.kind === 'meta') return await lensOfMeta(file, box);
  return undefined;
}

/** The boxes one after the other: size, kind, content. Ends where a box makes no sense. */
async function* boxesIn(file: FileHandle, from: number, to: number, budget: Budget): AsyncGenerator<Box> {
  const head = new DataView(new ArrayBuffer(16));
  for (let at = from; at + 8 <= to && budget.boxes > 0; budget.boxes--) {
    const { bytesRead } = await file.read(head, 0, 16, at);
    if (bytesRead < 8) return;
    const short = head.getUint32(0);
    if (short === 1 && bytesRead < 16) return;
    const size = short === 0 ? to - at : short === 1 ? Number(head.getBigUint64(8)) : short;
    const content = short === 1 ? 16 : 8;
    if (size < content || at + size > to) return;
    yield { kind: textOf(head, 4, 8), from: at + content, to: at + size };
    at += size;
  }
}

async function lensOfMeta(file: FileHandle, { from, to }: Box): Promise<number | undefined> {
  const bytes = new DataView(new ArrayBuffer(Math.min(to - from, LONGEST_META_BYTES)));
  const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, from);
  return lensIn(new DataView(bytes.buffer, 0, bytesRead));
}

/** Finds the value of the key in the content of a `meta` box: `keys` names what `ilst` lists by number, counted from one. */
function lensIn(meta: DataView): number | undefined {
  // QuickTime begins with the boxes, MP4 with a version.
  const start = meta.byteLength >= 8 && textOf(meta, 4, 8) === 'hdlr' ? 0 : 4;
  const boxes = [...partsOf(meta, start, meta.byteLength)];
  const keys = boxes.find(({ kind }) => kind === 'keys');
  const list = boxes.find(({ kind }) => kind === 'ilst');
  const number = keys && numberOfKey(meta, keys);
  if (!list || number === undefined) return undefined;
  for (const item of partsOf(meta, list.from, list.to)) {
    if (meta.getUint32(item.from - 4) !== number) continue;
    const [data] = partsOf(meta, item.from, item.to);
    const lens = data?.kind === 'data' ? numericValue(meta, data) : Number.NaN;
    return lens >= SHORTEST_MM && lens <= LONGEST_MM ? lens : undefined;
  }
  return undefined;
}

function* partsOf(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) return;
    yield { kind: textOf(view, at + 4, at + 8), from: at + 8, to: at + size };
    at += size;
  }
}

function numberOfKey(meta: DataView, { from, to }: Box): number | undefined {
  let number = 0;
  // A version and a count come first; every entry is a box whose kind is the namespace.
  for (const entry of partsOf(meta, from + 8, to)) {
    if (++number > LONGEST_KEY_COUNT) return undefined;
    if (entry.kind === 'mdta' && textOf(meta, entry.from, entry.to) === KEY) return number;
  }
  return undefined;
}

/** A number of one of the well-known types of QuickTime (text, signed, unsigned, floating, of fixed size); NaN for others. */
function numericValue(meta: DataView, { from, to }: Box): number {
  const at = from + 8;
  const size = to - at;
  if (size < 1) return Number.NaN;
  const type = meta.getUint32(from);
  if (type === 1) return size <= 16 ? Number(textOf(meta, at, to)) : Number.NaN;
  if (type === 23 && size === 4) return meta.getFloat32(at);
  if (type === 24 && size === 8) return meta.getFloat64(at);
  const isWhole = type === 21 || type === 22 || (type >= 65 && type <= 67) || (type >= 75 && type <= 77);
  if (!isWhole || size > 4) return Number.NaN;
  let value = 0;
  for (let i = at; i < to; i++) value = value * 256 + meta.getUint8(i);
  return value;
}

/** Bytes as characters; strange ones match nothing that is asked for. */
const textOf = (view: DataView, from: number, to: number): string => {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
};
