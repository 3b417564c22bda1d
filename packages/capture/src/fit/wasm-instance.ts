/** The part of the global `WebAssembly` that is used: the types of Node do not declare it, and those of the browser declare a browser. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, (...numbers: number[]) => number>> };
};

/** Compiled code, of which there may be several instances. */
export type WasmModule = object;

export const compileModule = (bytes: Uint8Array<ArrayBuffer>): WasmModule => new WebAssembly.Module(bytes);

const PAGE_BYTES = 65536;

/** A function and the memory that it works on, at first all zero. */
export interface WasmInstance {
  readonly memory: ArrayBuffer;
  readonly call: (...numbers: number[]) => number;
}

export function instantiate(module: WasmModule, name: string, bytes: number): WasmInstance {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory: memory.buffer, call: exports[name] };
}
