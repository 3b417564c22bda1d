/** The value tree of an FBX file: named records with typed properties and children, kept verbatim. */

export type FbxProperty =
  /** C: boolean byte, B and Z: byte, Y: int16, I: int32, F: float32, D: float64. */
  | { readonly type: 'C' | 'B' | 'Z' | 'Y' | 'I' | 'F' | 'D'; readonly value: number }
  | { readonly type: 'L'; readonly value: bigint }
  /** `raw` is there when the bytes of a file that was read are not UTF-8, so that they can be written back as they were. */
  | { readonly type: 'S'; readonly value: string; readonly raw?: Uint8Array }
  | { readonly type: 'R'; readonly value: Uint8Array }
  | { readonly type: 'i'; readonly value: Int32Array }
  | { readonly type: 'l'; readonly value: BigInt64Array }
  | { readonly type: 'f'; readonly value: Float32Array }
  | { readonly type: 'd'; readonly value: Float64Array }
  | { readonly type: 'b' | 'c'; readonly value: Uint8Array };

export interface FbxNode {
  readonly name: string;
  readonly properties: readonly FbxProperty[];
  /** `undefined`: the record has no list of children; an empty list is written with its terminator. */
  readonly children?: readonly FbxNode[];
}

export interface FbxDocument {
  /** 7400 = FBX 2014; from 7500 on, offsets are 64-bit. */
  readonly version: number;
  readonly nodes: readonly FbxNode[];
  /** The 16 bytes after the last record, checked by the Autodesk SDK together with FileId and CreationTime. */
  readonly footerId: Uint8Array;
}

export const bool = (value: boolean): FbxProperty => ({ type: 'C', value: value ? 1 : 0 });
export const int = (value: number): FbxProperty => ({ type: 'I', value });
export const double = (value: number): FbxProperty => ({ type: 'D', value });
export const long = (value: bigint): FbxProperty => ({ type: 'L', value });
export const text = (value: string): FbxProperty => ({ type: 'S', value });
export const raw = (value: Uint8Array): FbxProperty => ({ type: 'R', value });
export const ints = (value: Int32Array): FbxProperty => ({ type: 'i', value });
export const longs = (value: BigInt64Array): FbxProperty => ({ type: 'l', value });
export const floats = (value: Float32Array): FbxProperty => ({ type: 'f', value });
export const doubles = (value: Float64Array): FbxProperty => ({ type: 'd', value });

/** A record without children. */
export const leaf = (name: string, ...properties: FbxProperty[]): FbxNode => ({ name, properties });

/** A record with children. */
export const branch = (name: string, properties: readonly FbxProperty[], children: readonly FbxNode[]): FbxNode => ({
  name,
  properties,
  children,
});

/** Binary files write `Class::Name` as the name, two separator bytes, the class. */
export const qualified = (name: string, className: string): FbxProperty => text(`${name}\u0000\u0001${className}`);

export const child = (node: FbxNode, name: string): FbxNode | undefined => node.children?.find((n) => n.name === name);

export const childrenNamed = (node: FbxNode, name: string): readonly FbxNode[] => node.children?.filter((n) => n.name === name) ?? [];
