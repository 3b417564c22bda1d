/**
 * The peer of the speed bench: Google's own runtime of the same models, `@mediapipe/tasks-vision` (CPU delegate), in headless
 * Chromium. Only its `detectForVideo` call is timed, on frames that are decoded and in memory: the most favourable reading.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { readDetectorModel, readLandmarkModel } from '@gaitway/capture/models/model-files';
import { chromium } from 'playwright-core';
import { withNormalization } from './tflite-metadata.ts';
import { storedZip } from './zip.ts';

export interface OfficialTiming {
  readonly frames: number;
  readonly medianMs: number;
  readonly framesPerSec: number;
  readonly detected: number;
}

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const findChromium = (): string | undefined =>
  [process.env.CHROMIUM_PATH ?? '', ...CANDIDATES].find((path) => path && existsSync(path));

/** Times the official runtime with the `full` model on JPEG frames in `files`, in order. */
export async function timeOfficialRuntime(
  chromiumPath: string,
  files: readonly string[],
  frameIntervalMs: number,
): Promise<OfficialTiming> {
  const server = await serve(files);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const times = await page.evaluate(runInPage, { count: files.length, frameIntervalMs });
    const sorted = times.ms.slice(WARM_UP).sort((a, b) => a - b);
    const sum = sorted.reduce((a, b) => a + b, 0);
    return {
      frames: sorted.length,
      medianMs: sorted[sorted.length >> 1],
      framesPerSec: (sorted.length * 1000) / sum,
      detected: times.detected,
    };
  } finally {
    await browser.close();
    server.close();
  }
}

/** First calls compile and allocate; they are not counted. */
const WARM_UP = 5;

interface PageRun {
  readonly ms: number[];
  readonly detected: number;
}

interface VisionModule {
  readonly FilesetResolver: { forVisionTasks(base: string): Promise<unknown> };
  readonly PoseLandmarker: {
    createFromOptions(
      fileset: unknown,
      options: unknown,
    ): Promise<{ detectForVideo(image: unknown, timeMs: number): { landmarks: unknown[] } }>;
  };
}

/** Runs inside the page; self-contained because it is sent as text. */
async function runInPage({ count, frameIntervalMs }: { count: number; frameIntervalMs: number }): Promise<PageRun> {
  const load = new Function('return import("/vision_bundle.mjs")') as () => Promise<VisionModule>;
  const vision = await load();
  const fileset = await vision.FilesetResolver.forVisionTasks('/wasm');
  const landmarker = await vision.PoseLandmarker.createFromOptions(fileset, {
    baseOptions: { modelAssetPath: '/pose.task', delegate: 'CPU' },
    runningMode: 'VIDEO',
    numPoses: 1,
  });
  const ms: number[] = [];
  let detected = 0;
  for (let i = 0; i < count; i++) {
    const bitmap = await createImageBitmap(await (await fetch(`/frame/${i}`)).blob());
    const start = performance.now();
    const result = landmarker.detectForVideo(bitmap, Math.round((i + 1) * frameIntervalMs));
    ms.push(performance.now() - start);
    detected += result.landmarks.length > 0 ? 1 : 0;
    bitmap.close();
  }
  return { ms, detected };
}

async function serve(frames: readonly string[]): Promise<Server> {
  const root = dirname(createRequire(import.meta.url).resolve('@mediapipe/tasks-vision'));
  const task = storedZip([
    { name: 'pose_detector.tflite', bytes: withNormalization((await readDetectorModel()).bytes, 127.5, 127.5) },
    { name: 'pose_landmarks_detector.tflite', bytes: withNormalization((await readLandmarkModel('balanced')).bytes, 0, 255) },
  ]);
  const answer = async (url: string): Promise<{ type: string; body: Uint8Array } | undefined> => {
    if (url === '/') return { type: 'text/html', body: Buffer.from('<!doctype html><title>bench</title>') };
    if (url === '/pose.task') return { type: 'application/octet-stream', body: task };
    if (url === '/vision_bundle.mjs') return { type: 'text/javascript', body: await readFile(join(root, 'vision_bundle.mjs')) };
    const wasm = /^\/wasm\/([\w.]+)$/.exec(url)?.[1];
    if (wasm)
      return { type: wasm.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', body: await readFile(join(root, 'wasm', wasm)) };
    const frame = frames[Number(/^\/frame\/(\d+)$/.exec(url)?.[1] ?? -1)];
    return frame ? { type: 'image/jpeg', body: await readFile(frame) } : undefined;
  };
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      (found) => (found ? response.writeHead(200, { 'content-type': found.type }).end(found.body) : response.writeHead(404).end()),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
