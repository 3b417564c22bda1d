/** What a reader of untrusted FBX bytes is willing to do; beyond any of these the file is refused. */
export interface FbxLimits {
  readonly maxFileBytes: number;
  /** Records inside records. */
  readonly maxDepth: number;
  readonly maxRecords: number;
  /** Properties of all records together. */
  readonly maxProperties: number;
  /** Bytes of one string or raw property. */
  readonly maxTextBytes: number;
  /** Bytes of all arrays together, after inflating. */
  readonly maxArrayBytes: number;
}

export const FBX_LIMITS: FbxLimits = {
  maxFileBytes: 512 << 20,
  maxDepth: 64,
  maxRecords: 1_000_000,
  maxProperties: 4_000_000,
  maxTextBytes: 64 << 20,
  maxArrayBytes: 1024 ** 3,
};
