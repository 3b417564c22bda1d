import type { ObjectIndex } from './object-index.ts';
import { idOf, indexObjects, propertyNamed } from './object-index.ts';
import { CREATION_TIME, FILE_ID, FOOTER_ID } from './signature.ts';
import type { FbxDocument, FbxNode, FbxProperty } from './tree.ts';
import { animationProblems } from './validate-animation.ts';
import { meshProblems } from './validate-mesh.ts';

/**
 * What is wrong with the structure of an FBX document, one sentence each; empty when nothing is. It finds what readers pass
 * over in silence: files that some of them show and others drop.
 */
export function validateFbx(document: FbxDocument): readonly string[] {
  const index = indexObjects(document);
  return [
    ...signatureProblems(document),
    ...numberProblems(document.nodes, ''),
    ...objectProblems(document, index),
    ...connectionProblems(index),
    ...animationProblems(index),
    ...meshProblems(index),
  ];
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** FileId, CreationTime and footer id must be the triple that the Autodesk SDK accepts. */
function signatureProblems(document: FbxDocument): string[] {
  const first = (name: string): FbxProperty | undefined => document.nodes.find((node) => node.name === name)?.properties[0];
  const fileId = first('FileId');
  const time = first('CreationTime');
  const out: string[] = [];
  if (!(fileId?.type === 'R' && sameBytes(fileId.value, FILE_ID))) out.push('FileId is not the known one');
  if (!(time?.type === 'S' && time.value === CREATION_TIME)) out.push('CreationTime does not fit FileId');
  if (!sameBytes(document.footerId, FOOTER_ID)) out.push('the footer id does not fit FileId');
  return out;
}

/** Every number of the file must be finite. */
function numberProblems(nodes: readonly FbxNode[], path: string): string[] {
  return nodes.flatMap((node) => {
    const here = `${path}/${node.name}`;
    const bad = node.properties.some(isNotFinite);
    return [...(bad ? [`${here} holds a number that is not finite`] : []), ...numberProblems(node.children ?? [], here)];
  });
}

function isNotFinite(property: FbxProperty): boolean {
  if (property.type === 'f' || property.type === 'd') return property.value.some((v) => !Number.isFinite(v));
  return (property.type === 'F' || property.type === 'D') && !Number.isFinite(property.value);
}

function objectProblems(document: FbxDocument, index: ObjectIndex): string[] {
  const out: string[] = [];
  if (index.objects.length === 0) out.push('there are no objects');
  if (index.byId.size !== index.objects.length) out.push('two objects share an id');
  if (index.objects.some((object) => object.properties[0]?.type !== 'L' || idOf(object) === 0n)) {
    out.push('an object has no 64-bit id, or id 0');
  }
  const defined = definedClasses(document);
  for (const name of new Set(index.objects.map((object) => object.name))) {
    if (!defined.has(name)) out.push(`Definitions do not list ${name}`);
  }
  for (const model of index.objects.filter(({ name }) => name === 'Model')) {
    for (const needed of ['DefaultAttributeIndex', 'InheritType']) {
      if (!propertyNamed(model, needed)) out.push(`model ${idOf(model)} has no ${needed}`);
    }
  }
  return out;
}

function definedClasses(document: FbxDocument): ReadonlySet<string> {
  const types = document.nodes.find(({ name }) => name === 'Definitions')?.children ?? [];
  return new Set(types.flatMap(({ name, properties: [first] }) => (name === 'ObjectType' && first?.type === 'S' ? [first.value] : [])));
}

function connectionProblems(index: ObjectIndex): string[] {
  const known = (id: bigint): boolean => id === 0n || index.byId.has(id);
  const loose = index.connections.filter(({ from, to }) => from === 0n || !known(from) || !known(to));
  const out = loose.map(({ from, to }) => `connection ${from} → ${to} leads to nothing`);
  return hasCycle(index) ? [...out, 'the connections form a cycle'] : out;
}

/** Depth-first over `children`, without recursion: a hostile chain may be deep. */
function hasCycle({ children }: ObjectIndex): boolean {
  const done = new Set<bigint>();
  for (const start of children.keys()) {
    const open = new Set<bigint>();
    const stack = [{ id: start, leaving: false }];
    for (let top = stack.pop(); top; top = stack.pop()) {
      if (top.leaving) {
        open.delete(top.id);
        done.add(top.id);
      } else if (open.has(top.id)) {
        return true;
      } else if (!done.has(top.id)) {
        open.add(top.id);
        stack.push({ id: top.id, leaving: true });
        for (const id of children.get(top.id) ?? []) stack.push({ id, leaving: false });
      }
    }
  }
  return false;
}
