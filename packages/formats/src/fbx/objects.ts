import type { FbxNode } from './tree.ts';
import { leaf, long, text } from './tree.ts';

/** The two halves of an FBX scene while it is built: objects and what connects them. Ids count up, so output is deterministic. */
export class FbxObjects {
  readonly objects: FbxNode[] = [];
  readonly connections: FbxNode[] = [];
  #nextId = 1_000_000n;

  newId(): bigint {
    return this.#nextId++;
  }

  add(node: FbxNode): void {
    this.objects.push(node);
  }

  /** Makes `child` part of `parent`; id 0 is the scene. */
  connect(child: bigint, parent: bigint): void {
    this.connections.push(leaf('C', text('OO'), long(child), long(parent)));
  }

  /** Makes `child` drive a property of `parent`. */
  connectProperty(child: bigint, parent: bigint, property: string): void {
    this.connections.push(leaf('C', text('OP'), long(child), long(parent), text(property)));
  }

  /** Number of objects of every class, in order of first appearance. */
  counts(): ReadonlyMap<string, number> {
    const out = new Map<string, number>();
    for (const { name } of this.objects) out.set(name, (out.get(name) ?? 0) + 1);
    return out;
  }
}
