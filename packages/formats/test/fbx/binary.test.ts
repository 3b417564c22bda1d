import { deflateSync } from 'node:zlib';
import { isGaitwayError } from '@gaitway/motion/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FBX_LIMITS } from '../../src/fbx/limits.ts';
import { readFbxBinary } from '../../src/fbx/read-binary.ts';
import { FOOTER_ID } from '../../src/fbx/signature.ts';
import type { FbxDocument, FbxNode, FbxProperty } from '../../src/fbx/tree.ts';
import { branch, doubles, leaf, text } from '../../src/fbx/tree.ts';
import { writeFbxBinary } from '../../src/fbx/write-binary.ts';
import { fbxTree, writeFbx } from '../../src/fbx/write-fbx.ts';
import { sceneOf, walkingClip, withTetrahedron } from '../synthetic.ts';

const property: fc.Arbitrary<FbxProperty> = fc.oneof(
  fc.record({ type: fc.constantFrom('C' as const, 'B' as const, 'Z' as const), value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ type: fc.constant('Y' as const), value: fc.integer({ min: -32768, max: 32767 }) }),
  fc.record({ type: fc.constant('I' as const), value: fc.integer() }),
  fc.record({ type: fc.constant('F' as const), value: fc.float() }),
  fc.record({ type: fc.constant('D' as const), value: fc.double() }),
  fc.record({ type: fc.constant('L' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant('S' as const), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ type: fc.constant('R' as const), value: fc.uint8Array() }),
  fc.record({ type: fc.constant('i' as const), value: fc.int32Array({ maxLength: 100 }) }),
  fc.record({ type: fc.constant('l' as const), value: fc.bigInt64Array({ maxLength: 40 }) }),
  fc.record({ type: fc.constant('f' as const), value: fc.float32Array({ maxLength: 100 }) }),
  fc.record({ type: fc.constant('d' as const), value: fc.float64Array({ maxLength: 100 }) }),
  fc.record({ type: fc.constantFrom('b' as const, 'c' as const), value: fc.uint8Array({ maxLength: 300 }) }),
);

const { node } = fc.letrec<{ node: FbxNode }>((tie) => ({
  node: fc.record(
    {
      name: fc.string({ maxLength: 20 }),
      properties: fc.array(property, { maxLength: 4 }),
      children: fc.array(tie('node'), { maxLength: 2 }),
    },
    { requiredKeys: ['name', 'properties'] },
  ),
}));

const documentOf = (nodes: readonly FbxNode[], version = 7400): FbxDocument => ({ version, nodes, footerId: FOOTER_ID });

describe('binary FBX', () => {
  it('comes back as the same tree, with 32- and 64-bit offsets', () => {
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), fc.constantFrom(7400, 7500), (nodes, version) => {
        const document = documentOf(nodes, version);
        expect(readFbxBinary(writeFbxBinary(document))).toEqual(document);
      }),
      { numRuns: 60 },
    );
  });

  it('of a scene is the tree that was written', () => {
    const scene = withTetrahedron(sceneOf(walkingClip(30, 5)));
    expect(readFbxBinary(Buffer.from(writeFbx(scene)))).toEqual(fbxTree(scene));
  });

  it('keeps text that is not UTF-8 as it was', () => {
    const latin = Uint8Array.of(0x4d, 0xfc, 0x6c);
    const written = writeFbxBinary(documentOf([leaf('Name', { type: 'S', value: '', raw: latin })]));
    const read = readFbxBinary(written);
    expect(writeFbxBinary(read)).toEqual(written);
  });
});

/** The code of the error that reading ends with; undefined when it does not fail, the error itself when it is not ours. */
function failure(bytes: Uint8Array, limits = FBX_LIMITS): unknown {
  try {
    readFbxBinary(bytes, limits);
    return undefined;
  } catch (error) {
    return isGaitwayError(error) ? error.code : error;
  }
}

describe('hostile bytes', () => {
  const good = writeFbx(withTetrahedron(sceneOf(walkingClip(30, 3))));

  it('that are cut off anywhere inside the records are refused', () => {
    const recordsEnd = good.length - 170;
    for (let n = 0; n < recordsEnd; n += 997) expect(failure(good.subarray(0, n)), `${n} bytes`).toBe('fbx_unreadable');
  });

  it('with flipped bits end in an answer or in our refusal, never in another error', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (flips) => {
        const bytes = good.slice();
        for (const [at, value] of flips) bytes[at] = value;
        expect([undefined, 'fbx_unreadable']).toContain(failure(bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('that promise more array than the limit are refused before memory is taken', () => {
    const written = writeFbxBinary(documentOf([leaf('Bomb', doubles(new Float64Array(1000)))]));
    const countAt = written.indexOf('d'.charCodeAt(0), 27 + 13 + 'Bomb'.length) + 1;
    new DataView(written.buffer).setUint32(countAt, 0x1fffffff, true);
    expect(failure(written)).toBe('fbx_unreadable');
  });

  it('that inflate to more than they say are refused', () => {
    const bomb = deflateSync(new Uint8Array(8 << 20));
    const written = writeFbxBinary(documentOf([leaf('Bomb', { type: 'R', value: new Uint8Array(bomb.length + 8) })]));
    const at = 27 + 13 + 'Bomb'.length;
    const view = new DataView(written.buffer);
    // The raw property becomes an array of 16 compressed doubles of the same size in the file.
    written[at] = 'd'.charCodeAt(0);
    view.setUint32(at + 1, 16, true);
    view.setUint32(at + 5, 1, true);
    view.setUint32(at + 9, bomb.length, true);
    written.set(bomb, at + 13);
    expect(failure(written)).toBe('fbx_unreadable');
  });

  it('that nest, repeat or grow beyond the limits are refused', () => {
    let deep: FbxNode = leaf('x');
    for (let i = 0; i < 70; i++) deep = branch('x', [], [deep]);
    expect(failure(writeFbxBinary(documentOf([deep])))).toBe('fbx_unreadable');
    const many = writeFbxBinary(documentOf(Array.from({ length: 100 }, () => leaf('x', text('y')))));
    expect(failure(many)).toBeUndefined();
    expect(failure(many, { ...FBX_LIMITS, maxRecords: 50 })).toBe('fbx_unreadable');
    expect(failure(many, { ...FBX_LIMITS, maxProperties: 50 })).toBe('fbx_unreadable');
    expect(failure(many, { ...FBX_LIMITS, maxFileBytes: 500 })).toBe('fbx_unreadable');
  });

  it('of other formats and versions are refused with what to do', () => {
    expect(failure(new TextEncoder().encode('; FBX 7.4.0 project file'))).toBe('fbx_unreadable');
    const old = good.slice();
    new DataView(old.buffer).setUint32(23, 6100, true);
    expect(() => readFbxBinary(old)).toThrow('export it again as FBX 2013 or later');
  });
});
