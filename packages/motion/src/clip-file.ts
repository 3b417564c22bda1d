import type { Clip } from './clip.ts';
import { GaitwayError } from './errors.ts';
import type { Joint, Skeleton } from './skeleton.ts';

/**
 * The `.clip` file, version 1. Little-endian throughout:
 *
 *     "GWCLIP\0\1"   8 bytes, the last is the version
 *     uint32         length of the JSON header in bytes
 *     JSON header    UTF-8, padded with spaces so that what follows is 4-byte aligned
 *     float32[]      root translation (frames × 3), rotations (frames × joints × 4), confidence (frames × joints)
 *     uint8[]        contacts (frames × 4)
 *
 * The header names fps, frame count, skeleton, the first frames of further shots where there are cuts, and what the clip came from.
 * Same clip and meta, same bytes. A reader refuses what is not exactly this.
 */
const MAGIC = Uint8Array.of(0x47, 0x57, 0x43, 0x4c, 0x49, 0x50, 0, 1);
const MAX_HEADER_BYTES = 4 << 20;
const MAX_JOINTS = 1024;
const MAX_FRAMES = 10_000_000;

/** JSON that travels with the clip: how it was made. */
export type ClipMeta = Readonly<Record<string, unknown>>;

interface Header {
  readonly fps: number;
  readonly frameCount: number;
  readonly skeleton: Skeleton;
  readonly shotStarts?: readonly number[];
  readonly meta: ClipMeta;
}

export function encodeClip(clip: Clip, meta: ClipMeta = {}): Uint8Array {
  const { fps, frameCount, skeleton, shotStarts } = clip;
  const header: Header = { fps, frameCount, skeleton, ...(shotStarts && { shotStarts }), meta };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 4) * 4;
  const floats = [clip.rootTranslationM, clip.rotations, clip.confidence];
  const bytes = new Uint8Array(12 + padded + floats.reduce((n, a) => n + a.length * 4, 0) + clip.contacts.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, padded, true);
  bytes.fill(0x20, 12, 12 + padded);
  bytes.set(json, 12);
  let at = 12 + padded;
  for (const array of floats) for (const value of array) at = writeFloat(view, at, value);
  bytes.set(clip.contacts, at);
  return bytes;
}

const writeFloat = (view: DataView, at: number, value: number): number => {
  view.setFloat32(at, value, true);
  return at + 4;
};

/** Reads a `.clip` file. Throws `source_unreadable` for anything that is not one; never trusts a length before checking it. */
export function decodeClip(bytes: Uint8Array): { clip: Clip; meta: ClipMeta } {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw damaged('it does not begin as a version 1 clip');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(8, true);
  if (headerBytes > MAX_HEADER_BYTES || 12 + headerBytes > bytes.length) throw damaged('its header is cut off');
  const header = parseHeader(bytes.subarray(12, 12 + headerBytes));
  const joints = header.skeleton.joints.length;
  const frames = header.frameCount;
  const at = 12 + headerBytes;
  if (bytes.length - at !== frames * (3 + joints * 5) * 4 + frames * 4) throw damaged('its length does not fit its header');
  const root = readFloats(view, at, frames * 3);
  const rotations = readFloats(view, at + root.byteLength, frames * joints * 4);
  const confidence = readFloats(view, at + root.byteLength + rotations.byteLength, frames * joints);
  const contacts = bytes.slice(bytes.length - frames * 4);
  const { skeleton, fps, shotStarts, meta } = header;
  const clip = { skeleton, fps, frameCount: frames, rootTranslationM: root, rotations, contacts, confidence };
  return { clip: shotStarts ? { ...clip, shotStarts } : clip, meta };
}

const damaged = (why: string): GaitwayError =>
  new GaitwayError('source_unreadable', { message: `This is not a usable .clip file: ${why}.` });

function readFloats(view: DataView, at: number, count: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = view.getFloat32(at + i * 4, true);
  if (!out.every(Number.isFinite)) throw damaged('it holds numbers that are not finite');
  return out;
}

function parseHeader(bytes: Uint8Array): Header {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new GaitwayError('source_unreadable', { message: 'This is not a usable .clip file: its header is not JSON.', cause });
  }
  if (!isRecord(value)) throw damaged('its header is not an object');
  const { fps, frameCount, skeleton, shotStarts, meta } = value;
  if (!(typeof fps === 'number' && fps > 0 && fps <= 1000)) throw damaged('its fps is out of range');
  if (!(typeof frameCount === 'number' && Number.isInteger(frameCount) && frameCount > 0 && frameCount <= MAX_FRAMES)) {
    throw damaged('its frame count is out of range');
  }
  const starts = shotStarts === undefined ? undefined : parseShotStarts(shotStarts, frameCount);
  return { fps, frameCount, skeleton: parseSkeleton(skeleton), ...(starts && { shotStarts: starts }), meta: isRecord(meta) ? meta : {} };
}

function parseShotStarts(value: unknown, frameCount: number): number[] {
  if (!Array.isArray(value)) throw damaged('its shots are not a list');
  let before = 0;
  for (const start of value) {
    if (!(Number.isInteger(start) && start > before && start < frameCount)) throw damaged('its shots are out of order');
    before = start;
  }
  return value as number[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseSkeleton(value: unknown): Skeleton {
  if (!isRecord(value) || typeof value.name !== 'string' || !Array.isArray(value.joints)) throw damaged('it has no skeleton');
  if (value.joints.length === 0 || value.joints.length > MAX_JOINTS) throw damaged('its number of joints is out of range');
  return { name: value.name, joints: value.joints.map(parseJoint) };
}

function parseJoint(value: unknown, index: number): Joint {
  if (!isRecord(value) || typeof value.name !== 'string') throw damaged(`joint ${index} has no name`);
  const { parent, translationM, rotation } = value;
  const parentFits = index === 0 ? parent === -1 : typeof parent === 'number' && Number.isInteger(parent) && parent >= 0 && parent < index;
  if (!parentFits) throw damaged(`the parent of joint ${value.name} is not before it`);
  const [x, y, z] = numbers(translationM, 3, value.name);
  const [qx, qy, qz, qw] = numbers(rotation, 4, value.name);
  return { name: value.name, parent: parent as number, translationM: [x, y, z], rotation: [qx, qy, qz, qw] };
}

function numbers(value: unknown, count: number, joint: string): number[] {
  if (Array.isArray(value) && value.length === count && value.every((n) => Number.isFinite(n))) return value as number[];
  throw damaged(`the rest pose of joint ${joint} is not finite`);
}
