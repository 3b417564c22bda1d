import type { ObjectIndex } from './object-index.ts';
import { idOf, numbersOf, ticksOf } from './object-index.ts';
import type { FbxNode } from './tree.ts';

/** Attributes of a run of keys: four floats. */
const ATTRIBUTE_FLOATS = 4;

/** Problems of animation curves and of what they drive. */
export function animationProblems(index: ObjectIndex): string[] {
  const driven = new Set(index.connections.filter(({ kind }) => kind === 'OP').map(({ from }) => from));
  return index.objects.flatMap((object) => {
    if (object.name === 'AnimationCurve') return curveProblems(object, driven);
    const mustDrive = object.name === 'AnimationCurveNode' && !driven.has(idOf(object));
    return mustDrive ? [`curve node ${idOf(object)} drives no property`] : [];
  });
}

function curveProblems(curve: FbxNode, driven: ReadonlySet<bigint>): string[] {
  const times = ticksOf(curve, 'KeyTime');
  const values = numbersOf(curve, 'KeyValueFloat');
  const runs = numbersOf(curve, 'KeyAttrRefCount');
  const flags = numbersOf(curve, 'KeyAttrFlags');
  const attributes = numbersOf(curve, 'KeyAttrDataFloat');
  const name = `curve ${idOf(curve)}`;
  const out: string[] = [];
  if (times.length === 0) out.push(`${name} has no keys`);
  if (times.length !== values.length) out.push(`${name} has ${times.length} times but ${values.length} values`);
  if (times.some((t, i) => i > 0 && t <= times[i - 1])) out.push(`${name} has keys that are not in order`);
  if (sum(runs) !== times.length) out.push(`the attribute runs of ${name} do not cover its keys`);
  if (flags.length !== runs.length || attributes.length !== runs.length * ATTRIBUTE_FLOATS) {
    out.push(`${name} has attribute arrays of different lengths`);
  }
  if (!driven.has(idOf(curve))) out.push(`${name} drives no channel`);
  return out;
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
