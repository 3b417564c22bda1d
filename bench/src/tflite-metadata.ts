/**
 * Adds TFLite metadata ("NormalizationOptions") to a model that lacks it: the official runtime asks for it, the npm files do not
 * have it. A new root table is put in front of the file and points into it; offsets inside a FlatBuffer are relative and
 * forward, so the original bytes need no change. Schemas: TensorFlow Lite `schema.fbs` and `metadata_schema.fbs`.
 */

/** Bytes of a FlatBuffer under construction: objects are laid out in order, references point forward. */
class Layout {
  readonly #bytes: number[] = [];

  get position(): number {
    return this.#bytes.length;
  }

  align(to: number): this {
    while (this.#bytes.length % to) this.#bytes.push(0);
    return this;
  }

  u32(value: number): number {
    const at = this.align(4).position;
    this.#bytes.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
    return at;
  }

  f32(value: number): void {
    this.align(4).append(new Uint8Array(Float32Array.of(value).buffer));
  }

  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** Makes the reference at `at` point to `target`. */
  point(at: number, target = this.position): void {
    const offset = target - at;
    for (let k = 0; k < 4; k++) this.#bytes[at + k] = (offset >>> (8 * k)) & 255;
  }

  /** A table whose fields are all 4 bytes; absent ones are left out of the vtable. Returns where each present field lies. */
  table(present: readonly number[]): Map<number, number> {
    const slots = Math.max(-1, ...present) + 1;
    this.align(4);
    if ((4 + slots * 2) % 4) this.append(Uint8Array.of(0, 0));
    const vtable = this.position;
    const size = 4 + present.length * 4;
    for (const value of [4 + slots * 2, size]) this.append(Uint8Array.of(value & 255, value >>> 8));
    for (let slot = 0; slot < slots; slot++) {
      const index = present.indexOf(slot);
      this.append(Uint8Array.of(index < 0 ? 0 : 4 + index * 4, 0));
    }
    const table = this.position;
    this.u32(table - vtable);
    return new Map(present.map((slot) => [slot, this.u32(0)]));
  }

  /** A vector of `count` references; returns where each lies. */
  references(count: number): number[] {
    this.u32(count);
    return Array.from({ length: count }, () => this.u32(0));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

const field = (fields: Map<number, number>, slot: number): number => fields.get(slot) as number;

/** Start of the table a field refers to lies 4 (soffset) + vtable before the fields; tables are pointed at by their soffset. */
const tableStart = (fields: Map<number, number>): number => Math.min(...fields.values()) - 4;

/** A `ModelMetadata` FlatBuffer that says: input = (pixel − mean) / std. */
function normalizationMetadata(mean: number, std: number): Uint8Array {
  const out = new Layout();
  const root = out.u32(0);
  out.append(new TextEncoder().encode('M001'));
  const model = out.table([3]);
  out.point(root, tableStart(model));
  out.point(field(model, 3));
  const [subgraphRef] = out.references(1);
  const subgraph = out.table([2]);
  out.point(subgraphRef, tableStart(subgraph));
  out.point(field(subgraph, 2));
  const [tensorRef] = out.references(1);
  const tensor = out.table([4]);
  out.point(tensorRef, tableStart(tensor));
  out.point(field(tensor, 4));
  const [unitRef] = out.references(1);
  const unit = out.table([0, 1]);
  out.point(unitRef, tableStart(unit));
  const withType = out.bytes();
  withType[field(unit, 0)] = 1; // union type: NormalizationOptions
  const rest = new Layout();
  rest.append(withType);
  const options = rest.table([0, 1]);
  rest.point(field(unit, 1), tableStart(options));
  for (const [slot, value] of [mean, std].entries()) {
    rest.point(field(options, slot), rest.align(4).position);
    rest.u32(1);
    rest.f32(value);
  }
  return rest.bytes();
}

/** The model with metadata in front; see the top of the file. */
export function withNormalization(model: Uint8Array, mean: number, std: number): Uint8Array {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const table = view.getUint32(0, true);
  const vtable = table - view.getInt32(table, true);
  const at = (slot: number): number => {
    const offset = 4 + slot * 2 < view.getUint16(vtable, true) ? view.getUint16(vtable + 4 + slot * 2, true) : 0;
    return offset ? table + offset : 0;
  };
  const target = (reference: number): number => reference + view.getUint32(reference, true);
  const VERSION = 0;
  const [CODES, SUBGRAPHS, BUFFERS, METADATA] = [1, 2, 4, 6];
  const out = new Layout();
  const root = out.u32(0);
  out.append(new TextEncoder().encode('TFL3'));
  const fields = out.table([VERSION, CODES, SUBGRAPHS, BUFFERS, METADATA]);
  out.point(root, tableStart(fields));
  const buffers = target(at(BUFFERS));
  const count = view.getUint32(buffers, true);
  out.point(field(fields, BUFFERS));
  const bufferRefs = out.references(count + 1);
  out.point(field(fields, METADATA));
  const [metadataRef] = out.references(1);
  const metadata = out.table([0, 1]);
  out.point(metadataRef, tableStart(metadata));
  out.point(field(metadata, 0));
  const name = new TextEncoder().encode('TFLITE_METADATA');
  out.u32(name.length);
  out.append(name);
  out.append(Uint8Array.of(0));
  const buffer = out.align(4).table([0]);
  out.point(bufferRefs[count], tableStart(buffer));
  // The vector's bytes, not its length, must be 16-byte aligned.
  while ((out.align(4).position + 4) % 16) out.u32(0);
  out.point(field(buffer, 0));
  const bytes = normalizationMetadata(mean, std);
  out.u32(bytes.length);
  out.append(bytes);
  const shift = out.align(16).position;
  for (const slot of [CODES, SUBGRAPHS]) out.point(field(fields, slot), shift + target(at(slot)));
  for (let i = 0; i < count; i++) out.point(bufferRefs[i], shift + target(buffers + 4 + i * 4));
  const head = out.bytes();
  const headView = new DataView(head.buffer);
  headView.setUint32(field(fields, VERSION), at(VERSION) ? view.getUint32(at(VERSION), true) : 0, true);
  headView.setUint32(field(metadata, 1), count, true);
  const joined = new Uint8Array(shift + model.length);
  joined.set(head);
  joined.set(model, shift);
  return joined;
}
