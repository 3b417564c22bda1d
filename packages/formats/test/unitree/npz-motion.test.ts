import { deflateRawSync } from 'node:zlib';
import { type NpzArray, writeNpy, writeNpz } from '@gaitway/formats/unitree/npz';
import { readRobotMotionNpz } from '@gaitway/formats/unitree/npz-motion';
import { readNpz } from '@gaitway/formats/unitree/npz-read';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const table = (rows: number, columns: number, first = 0): NpzArray => ({
  kind: 'float64',
  shape: [rows, columns],
  values: Float64Array.from({ length: rows * columns }, (_, i) => first + i / 8),
});
const fps: NpzArray = { kind: 'int64', shape: [1], values: BigInt64Array.of(50n) };
const parts = { fps, root_pos: table(3, 3), root_rot: table(3, 4, 1), dof_pos: table(3, 29, -2) };

/** One `.npy` in a zip with deflate, as numpy.savez_compressed writes it: with a zip64 extra field in the local header. */
function compressed(name: string, npy: Uint8Array): Uint8Array {
  const packed = deflateRawSync(npy);
  const text = new TextEncoder().encode(name);
  const extra = 20;
  const out = new Uint8Array(30 + text.length + extra + packed.length + 46 + text.length + 22);
  const view = new DataView(out.buffer);
  const directory = 30 + text.length + extra + packed.length;
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(8, 8, true);
  view.setUint32(18, 0xffffffff, true);
  view.setUint32(22, 0xffffffff, true);
  view.setUint16(26, text.length, true);
  view.setUint16(28, extra, true);
  out.set(text, 30);
  out.set(packed, 30 + text.length + extra);
  view.setUint32(directory, 0x02014b50, true);
  view.setUint16(directory + 10, 8, true);
  view.setUint32(directory + 20, packed.length, true);
  view.setUint32(directory + 24, npy.length, true);
  view.setUint16(directory + 28, text.length, true);
  out.set(text, directory + 46);
  const end = directory + 46 + text.length;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 16, directory, true);
  return out;
}

/** A `.npy` of a type that the writer does not make. */
function npyOf(descr: string, shape: string, body: Uint8Array): Uint8Array {
  const npy = writeNpy({ kind: 'float64', shape: [0], values: new Float64Array(0) });
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const out = new Uint8Array(128 + body.length);
  out.set(npy.subarray(0, 8));
  new DataView(out.buffer).setUint16(8, 118, true);
  out.set(new TextEncoder().encode(`${header}\n`), 10);
  out.set(body, 128);
  return out;
}

describe('motion from an NPZ', () => {
  it('reads the keys that we and GMR write', () => {
    const motion = readRobotMotionNpz(writeNpz(parts), 30);
    expect([motion.fps, motion.frameCount]).toEqual([50, 3]);
    expect(motion.rootM[8]).toBe(1);
    expect(motion.rootQuaternion[4]).toBe(1.5);
    expect(motion.angles[86]).toBe(-2 + 86 / 8);
  });

  it('reads qpos in the order of MuJoCo, and takes the rate it is told', () => {
    const motion = readRobotMotionNpz(writeNpz({ qpos: table(2, 36) }), 25);
    expect(motion.fps).toBe(25);
    expect(Array.from(motion.rootQuaternion.subarray(0, 4))).toEqual([0.5, 0.625, 0.75, 0.375]);
    expect(motion.angles[0]).toBe(7 / 8);
  });

  it('reads what savez_compressed packs, and single precision', () => {
    const body = new Uint8Array(Float32Array.of(1.5, -2, 0.25).buffer);
    const arrays = readNpz(compressed('x.npy', npyOf('<f4', '(3,)', body)));
    expect(arrays.get('x')).toEqual({ shape: [3], values: Float64Array.of(1.5, -2, 0.25) });
  });

  it('reads text, and leaves pickled objects alone', () => {
    const names: NpzArray = { kind: 'text', values: ['pelvis', 'böt'] };
    expect(readNpz(writeNpz({ names })).get('names')?.values).toEqual(['pelvis', 'böt']);
    expect(readNpz(compressed('x.npy', npyOf('|O', '(1,)', new Uint8Array(8)))).size).toBe(0);
  });

  it.each([
    [writeNpz({ ...parts, dof_pos: table(3, 23) }), /dof_pos must be frames × 29, and is 3 × 23/],
    [writeNpz({ ...parts, root_rot: table(2, 4) }), /differ in length/],
    [writeNpz({ ...parts, fps: { kind: 'float64', shape: [1], values: Float64Array.of(Number.NaN) } }), /fps/],
    [writeNpz({ joint_pos: table(2, 29), body_quat_w: table(2, 4) }), /order of its simulator/],
    [writeNpz({ other: table(1, 1) }), /has other/],
    [new TextEncoder().encode('PK nonsense'), /no zip archive/],
    [compressed('x.npy', new Uint8Array(40)), /no NumPy array/],
    [compressed('x.npy', npyOf('<f8', '(9,)', new Uint8Array(8))), /fewer values/],
  ])('refuses file %# with a sentence', (file, message) => {
    expect(() => readRobotMotionNpz(file, 30)).toThrow(message);
  });

  it('never breaks on damaged bytes: a motion or a sentence', () => {
    const whole = writeNpz(parts);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, length) => {
        const file = whole.slice(0, Math.max(length, at + 1));
        file[at] = value;
        try {
          expect(readRobotMotionNpz(file, 30).frameCount).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'GaitwayError' });
        }
      }),
      { seed: 5, numRuns: 400 },
    );
  });
});
