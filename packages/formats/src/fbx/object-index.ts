import type { FbxDocument, FbxNode } from './tree.ts';
import { child } from './tree.ts';

/** One `C` record. */
export interface FbxConnection {
  readonly kind: string;
  readonly from: bigint;
  readonly to: bigint;
  /** The property that `from` drives, for kind OP. */
  readonly property: string;
}

/** Objects and connections of a document, ready to be looked up. */
export interface ObjectIndex {
  readonly objects: readonly FbxNode[];
  readonly byId: ReadonlyMap<bigint, FbxNode>;
  readonly connections: readonly FbxConnection[];
  /** Objects connected into an object, by its id. */
  readonly children: ReadonlyMap<bigint, readonly bigint[]>;
}

export const idOf = (object: FbxNode): bigint => {
  const first = object.properties[0];
  return first?.type === 'L' ? first.value : 0n;
};

/** Sub-class of an object, such as LimbNode or Cluster. */
export const subclassOf = (object: FbxNode): string => stringOf(object, 2);

const stringOf = (node: FbxNode, index: number): string => {
  const property = node.properties[index];
  return property?.type === 'S' ? property.value : '';
};

export function indexObjects(document: FbxDocument): ObjectIndex {
  const section = (name: string): readonly FbxNode[] => document.nodes.find((node) => node.name === name)?.children ?? [];
  const objects = section('Objects');
  const connections = section('Connections').map(connectionOf);
  const children = new Map<bigint, bigint[]>();
  for (const { from, to } of connections) {
    const list = children.get(to);
    if (list) list.push(from);
    else children.set(to, [from]);
  }
  return { objects, byId: new Map(objects.map((object) => [idOf(object), object])), connections, children };
}

function connectionOf(node: FbxNode): FbxConnection {
  const long = (index: number): bigint => {
    const property = node.properties[index];
    return property?.type === 'L' ? property.value : -1n;
  };
  return { kind: stringOf(node, 0), from: long(1), to: long(2), property: stringOf(node, 3) };
}

type NumberArray = Int32Array | Float32Array | Float64Array;

/** The array of a child record, or an empty one. */
export function numbersOf(node: FbxNode, name: string): NumberArray {
  const property = child(node, name)?.properties[0];
  return property && (property.type === 'i' || property.type === 'f' || property.type === 'd') ? property.value : new Float64Array();
}

export function ticksOf(node: FbxNode, name: string): BigInt64Array {
  const property = child(node, name)?.properties[0];
  return property?.type === 'l' ? property.value : new BigInt64Array();
}

/** A record of `Properties70` by its name. */
export const propertyNamed = (object: FbxNode, name: string): FbxNode | undefined =>
  child(object, 'Properties70')?.children?.find((p) => p.properties[0]?.type === 'S' && p.properties[0].value === name);
