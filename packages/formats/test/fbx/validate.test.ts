import { describe, expect, it } from 'vitest';
import { readFbxBinary } from '../../src/fbx/read-binary.ts';
import type { FbxDocument, FbxNode, FbxProperty } from '../../src/fbx/tree.ts';
import { doubles, floats, ints, leaf, long, longs, raw, text } from '../../src/fbx/tree.ts';
import { validateFbx } from '../../src/fbx/validate.ts';
import { writeFbx } from '../../src/fbx/write-fbx.ts';
import { sceneOf, walkingClip, withTetrahedron } from '../synthetic.ts';

const GOOD = readFbxBinary(writeFbx(withTetrahedron(sceneOf(walkingClip(30, 5)))));

/** The document with the first record that `edit` changes replaced. */
function edited(edit: (node: FbxNode) => FbxNode | undefined): FbxDocument {
  let done = false;
  const walk = (node: FbxNode): FbxNode => {
    if (done) return node;
    const replaced = edit(node);
    if (replaced) {
      done = true;
      return replaced;
    }
    return node.children ? { ...node, children: node.children.map(walk) } : node;
  };
  const nodes = GOOD.nodes.map(walk);
  expect(done).toBe(true);
  return { ...GOOD, nodes };
}

const withValue = (name: string, ...properties: FbxProperty[]): FbxDocument =>
  edited((node) => (node.name === name ? { ...node, properties } : undefined));

/** The document with the first array of doubles of that name changed. */
const transformed = (name: string, change: (values: Float64Array) => Float64Array): FbxDocument =>
  edited((node) => {
    const property = node.properties[0];
    return node.name === name && property?.type === 'd' ? leaf(name, doubles(change(property.value.slice()))) : undefined;
  });

describe('the structural validator', () => {
  it('finds nothing in what we write, with and without a mesh', () => {
    expect(validateFbx(GOOD)).toEqual([]);
    expect(validateFbx(readFbxBinary(writeFbx(sceneOf(walkingClip(24, 3)))))).toEqual([]);
  });

  const nan = Number.NaN;
  it.each<[string, () => FbxDocument, RegExp]>([
    ['another FileId', () => withValue('FileId', raw(new Uint8Array(16))), /FileId/],
    ['another creation time', () => withValue('CreationTime', text('2026-01-01')), /CreationTime/],
    ['another footer', () => ({ ...GOOD, footerId: new Uint8Array(16) }), /footer/],
    ['a NaN key', () => withValue('KeyValueFloat', floats(Float32Array.of(0, nan, 0, 0, 0))), /not finite/],
    ['a missing key value', () => withValue('KeyValueFloat', floats(Float32Array.of(1))), /5 times but 1 values/],
    ['keys out of order', () => withValue('KeyTime', longs(BigInt64Array.of(0n, 2n, 1n, 3n, 4n))), /not in order/],
    ['attribute runs that miss keys', () => withValue('KeyAttrRefCount', ints(Int32Array.of(1))), /do not cover/],
    ['a corner without a vertex', () => withValue('PolygonVertexIndex', ints(Int32Array.of(0, 1, ~9))), /corner without/],
    ['a polygon that does not end', () => withValue('PolygonVertexIndex', ints(Int32Array.of(0, 1, 2))), /does not end/],
    ['normals of another mesh', () => withValue('Normals', doubles(Float64Array.of(0, 1, 0))), /normals/],
    ['weights that sum to less', () => transformed('Weights', (w) => w.map((v) => v / 2)), /sum to/],
    ['a weight for no vertex', () => withValue('Indexes', ints(Int32Array.of(0, 1, 99))), /does not exist/],
    ['an inverse bind matrix of elsewhere', () => transformed('Transform', (m) => m.with(12, m[12] + 1)), /another place/],
    ['a connection to nothing', () => withValue('C', text('OO'), long(1n), long(2n)), /leads to nothing/],
    ['a pose of no model', () => withValue('Node', long(7n)), /no model/],
  ])('sees %s', (_, make, expected) => {
    expect(validateFbx(make()).join('\n')).toMatch(expected);
  });

  it('sees every class missing from Definitions', () => {
    const bare = edited((node) => (node.name === 'Definitions' ? { ...node, children: [] } : undefined));
    const problems = validateFbx(bare).join('\n');
    for (const name of ['Model', 'Geometry', 'Deformer', 'AnimationCurve', 'Pose']) expect(problems).toContain(`do not list ${name}`);
  });

  it('sees a bone that is its own ancestor', () => {
    const parentOf = GOOD.nodes.find(({ name }) => name === 'Connections')?.children ?? [];
    const [child, parent] = [parentOf[2].properties[1], parentOf[2].properties[2]];
    const cyclic = edited((node) =>
      node.name === 'Connections' ? { ...node, children: [...(node.children ?? []), leaf('C', text('OO'), parent, child)] } : undefined,
    );
    expect(validateFbx(cyclic)).toContain('the connections form a cycle');
  });

  it('sees two objects with one id, and a model without its attribute index', () => {
    const firstObject = GOOD.nodes.find(({ name }) => name === 'Objects')?.children?.[0];
    if (!firstObject) throw new Error('no objects');
    const twins = edited((node) =>
      node.name === 'Objects' ? { ...node, children: [...(node.children ?? []), { ...firstObject, children: [] }] } : undefined,
    );
    const problems = validateFbx(twins);
    expect(problems).toContain('two objects share an id');
    expect(problems.some((problem) => /has no DefaultAttributeIndex/.test(problem))).toBe(true);
  });
});
