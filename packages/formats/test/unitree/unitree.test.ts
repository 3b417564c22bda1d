import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readUnitreeCsv, writeUnitreeCsv } from '../../src/unitree/csv.ts';
import { readRobotMotionJson, writeRobotMotionJson } from '../../src/unitree/json.ts';
import { writeNpy, writeNpz } from '../../src/unitree/npz.ts';
import { type RobotMotion, roundedMotion } from '../../src/unitree/robot-motion.ts';

const FRAMES = 4;
const motion: RobotMotion = roundedMotion({
  fps: 30,
  frameCount: FRAMES,
  rootM: Float64Array.from({ length: FRAMES * 3 }, (_, i) => Math.sin(i) - 1e-9),
  rootQuaternion: Float64Array.from({ length: FRAMES * 4 }, (_, i) => (i % 4 === 3 ? 1 : -1e-9)),
  angles: Float64Array.from({ length: FRAMES * 29 }, (_, i) => Math.cos(i * 7) * 2.5),
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe('CSV', () => {
  it('has 36 columns of six decimals, no header, no minus zero, and reads back', () => {
    const csv = writeUnitreeCsv(motion);
    const lines = text(csv).trimEnd().split('\n');
    expect(lines).toHaveLength(FRAMES);
    for (const line of lines) for (const word of line.split(',')) expect(word).toMatch(/^-?\d+\.\d{6}$/);
    expect(text(csv)).not.toContain('-0.000000');
    expect(readUnitreeCsv(csv, 30)).toEqual(motion);
  });

  it.each([
    ['', /empty/],
    ['1,2,3\n', /line 1: expected 36 columns, found 3/],
    [`${Array.from({ length: 36 }, () => '0').join(',')}\n1,2\n`, /line 2/],
  ])('refuses %#', (file, message) => {
    expect(() => readUnitreeCsv(bytes(file), 30)).toThrow(message);
  });

  it('lets a value that is no number through as NaN, for the report to name', () => {
    const row = Array.from({ length: 36 }, (_, i) => (i === 9 ? 'nan' : '0')).join(' ');
    expect(readUnitreeCsv(bytes(row), 30).angles[2]).toBeNaN();
  });
});

describe('JSON', () => {
  it('reads back what it wrote', () => {
    expect(readRobotMotionJson(writeRobotMotionJson(motion, { note: 1 }))).toEqual(motion);
  });

  it.each([
    ['[]', /object/],
    ['{', /not JSON/],
    ['{"fps":0}', /fps/],
    ['{"fps":30,"robotType":"spot"}', /robotType/],
    ['{"fps":30,"root_pos":[]}', /root_pos/],
    ['{"fps":30,"root_pos":[[0,0,0]],"root_rot_xyzw":[[0,0,0]],"dof_pos":[]}', /root_rot_xyzw row 0/],
    ['{"fps":30,"root_pos":[[0,0,0]],"root_rot_xyzw":[[0,0,0,1]],"dof_pos":[]}', /dof_pos must have 1 rows/],
  ])('refuses %s', (file, message) => {
    expect(() => readRobotMotionJson(bytes(file))).toThrow(message);
  });
});

describe('NPZ', () => {
  it('computes the CRC that ISO 3309 gives for its check word', () => {
    expect(crc32(bytes('123456789'))).toBe(0xcbf43926);
  });

  it('writes a header that NumPy specifies: magic, aligned, dictionary, then the values', () => {
    const npy = writeNpy({ kind: 'float64', shape: [2, 1], values: Float64Array.of(1.5, -2) });
    const headerLength = npy[8] + 256 * npy[9];
    expect(Array.from(npy.subarray(0, 8))).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
    expect((10 + headerLength) % 64).toBe(0);
    expect(text(npy.subarray(10, 10 + headerLength))).toMatch(/^\{'descr': '<f8', 'fortran_order': False, 'shape': \(2, 1\), \} *\n$/);
    expect(new Float64Array(npy.slice(10 + headerLength).buffer)).toEqual(Float64Array.of(1.5, -2));
  });

  it('is a zip whose directory points at every stored entry', () => {
    const zip = writeNpz({
      fps: { kind: 'int64', shape: [1], values: BigInt64Array.of(30n) },
      names: { kind: 'text', values: ['a', 'böt'] },
    });
    const view = new DataView(zip.buffer);
    const end = zip.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    expect(view.getUint16(end + 10, true)).toBe(2);
    let at = view.getUint32(end + 16, true);
    for (const name of ['fps.npy', 'names.npy']) {
      const local = view.getUint32(at + 42, true);
      expect(text(zip.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)))).toBe(name);
      expect(view.getUint32(local, true)).toBe(0x04034b50);
      const from = local + 30 + view.getUint16(local + 26, true);
      expect(crc32(zip.subarray(from, from + view.getUint32(local + 22, true)))).toBe(view.getUint32(at + 16, true));
      at += 46 + view.getUint16(at + 28, true);
    }
  });
});
