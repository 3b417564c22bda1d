import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type CompiledModel, loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

const require = createRequire(import.meta.url);
const wasmDirectory = join(dirname(require.resolve('@litertjs/core')), '..', 'wasm');

/** LiteRT.js is made for browsers: it loads its runtime with `importScripts`, which this stands in for. */
const provideImportScripts = (): void => {
  const scope = globalThis as unknown as Record<string, unknown>;
  scope.self = globalThis;
  // Its log is about sparse weights, which it reads correctly all the same.
  scope.Module = { print: () => {}, printErr: () => {} };
  scope.importScripts = (path: string) => {
    const source = `${readFileSync(path, 'utf8')}\nreturn ModuleFactory;`;
    const load = new Function('require', '__dirname', '__filename', source);
    scope.ModuleFactory = load(require, wasmDirectory, path);
  };
};

let ready: Promise<unknown> | undefined;

/** Compiles a TensorFlow Lite file in the official runtime (WASM, one thread). */
export const compileReference = async (bytes: Uint8Array): Promise<CompiledModel> => {
  if (!ready) {
    provideImportScripts();
    ready = loadLiteRt(`${wasmDirectory}/`);
  }
  await ready;
  return loadAndCompile(bytes, { accelerator: 'wasm' });
};

/** Runs one channels-last image; the outputs in the order of the model. */
export const runReference = async (model: CompiledModel, image: Float32Array, sidePx: number): Promise<Float32Array[]> => {
  const input = new Tensor(image, [1, sidePx, sidePx, 3]);
  const outputs = await model.run(input);
  const values = outputs.map((output) => Float32Array.from(output.toTypedArray() as Float32Array));
  for (const tensor of [input, ...outputs]) tensor.delete();
  return values;
};
