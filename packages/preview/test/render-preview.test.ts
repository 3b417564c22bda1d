import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { afterAll, describe, expect, it } from 'vitest';
import { renderPreview } from '../src/render-preview.ts';
import type { PreviewFrame } from '../src/source-picture.ts';

// The builds that come with the dependencies are on every machine, and the oldest that must work.
const require = createRequire(import.meta.url);
const ffmpegPath: string = require('@ffmpeg-installer/ffmpeg').path;
const ffprobePath: string = require('@ffprobe-installer/ffprobe').path;
const folder = mkdtempSync(path.join(tmpdir(), 'gaitway-preview-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAMES = 13;
const JOINTS = HUMAN_SKELETON.joints.length;

const standing = (fps: number): Clip => ({
  skeleton: HUMAN_SKELETON,
  fps,
  frameCount: FRAMES,
  rootTranslationM: Float32Array.from({ length: FRAMES * 3 }, (_, i) => (i % 3 === 1 ? 0.965 : 0)),
  rotations: Float32Array.from({ length: FRAMES * JOINTS * 4 }, (_, i) => (i % 4 === 3 ? 1 : 0)),
  contacts: new Uint8Array(FRAMES * 4).fill(1),
  confidence: new Float32Array(FRAMES * JOINTS).fill(1),
});

async function* greenFrames(widthPx: number, heightPx: number): AsyncGenerator<PreviewFrame> {
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  for (let i = 0; i < FRAMES; i++) {
    const [y, u, v] = [173, 42, 26].map((value, plane) => new Uint8Array(plane === 0 ? widthPx * heightPx : chroma).fill(value));
    yield { timeSec: i / 30, widthPx, heightPx, y, u, v, fullRange: false, matrix: 'bt709' };
  }
}

const probe = (file: string): Record<string, string> =>
  JSON.parse(execFileSync(ffprobePath, ['-v', 'error', '-of', 'json', '-count_frames', '-show_streams', file]).toString()).streams[0];

const pixelOf = (file: string, x: number, y: number, frame = 0): number[] => {
  const crop = `select=eq(n\\,${frame}),crop=2:2:${x}:${y}`;
  const raw = execFileSync(ffmpegPath, [
    '-v',
    'error',
    '-i',
    file,
    '-vf',
    crop,
    '-frames:v',
    '1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ]);
  return [...raw.subarray(0, 3)];
};

const render = async (name: string, fps: number, size: readonly [number, number], signal?: AbortSignal): Promise<string> => {
  const outPath = path.join(folder, name);
  const frames = () => greenFrames(...size);
  await renderPreview(
    { source: { frames, widthPx: size[0], heightPx: size[1] }, motion: standing(fps), outPath },
    { ffmpegPath, ...(signal && { signal }) },
  );
  return outPath;
};

describe('renderPreview', () => {
  it('writes an H.264 film that any player shows, of every frame, with the source on the left', async () => {
    const file = await render('landscape.mp4', 30, [160, 90]);
    expect(probe(file)).toMatchObject({ codec_name: 'h264', pix_fmt: 'yuv420p', width: 1280, height: 460, nb_read_frames: '13' });
    const [red, green, blue] = pixelOf(file, 400, 200);
    expect(green).toBeGreaterThan(230);
    expect(red).toBeLessThan(30);
    expect(blue).toBeLessThan(30);
    const body = pixelOf(file, 818 + 230, 200);
    expect(Math.min(...body)).toBeGreaterThan(80);
  });

  it('puts the index before the pictures, so that the film plays while it loads', async () => {
    const file = await render('faststart.mp4', 30, [90, 160]);
    const head = Buffer.alloc(4096);
    readSync(openSync(file, 'r'), head, 0, head.length, 0);
    const moov = head.indexOf('moov');
    expect(moov).toBeGreaterThan(0);
    expect(head.includes('mdat') ? head.indexOf('mdat') : head.length).toBeGreaterThan(moov);
  });

  it('shows a fast motion at 30 frames a second, in the same time', async () => {
    const file = await render('fast.mp4', 120, [90, 160]);
    expect(probe(file)).toMatchObject({ r_frame_rate: '30/1', nb_read_frames: '4' });
  });

  it('waits with the video, and with who begins later, while a body leads in', async () => {
    const outPath = path.join(folder, 'lead-in.mp4');
    const leadFrames = 6;
    async function* greenThenBlack(): AsyncGenerator<PreviewFrame> {
      for await (const frame of greenFrames(160, 90))
        yield frame.timeSec === 0 ? frame : { ...frame, y: new Uint8Array(160 * 90).fill(16) };
    }
    const source = { frames: greenThenBlack, widthPx: 160, heightPx: 90 };
    const beside = { motion: standing(30), leadInSec: leadFrames / 30 };
    await renderPreview({ source, motion: standing(30), beside, outPath }, { ffmpegPath });
    expect(probe(outPath)).toMatchObject({ nb_read_frames: String(leadFrames + FRAMES) });
    const green = (frame: number): number => pixelOf(outPath, 400, 200, frame)[1];
    expect(green(leadFrames)).toBeGreaterThan(green(leadFrames + 1) + 60);
    expect(Math.abs(green(0) - green(leadFrames))).toBeLessThan(12);
  });

  it('fills the picture with a motion that has no video', async () => {
    const outPath = path.join(folder, 'alone.mp4');
    await renderPreview({ motion: standing(30), outPath }, { ffmpegPath });
    expect(probe(outPath)).toMatchObject({ width: 720, height: 540, nb_read_frames: '13' });
    expect(Math.min(...pixelOf(outPath, 360, 248))).toBeGreaterThan(80);
  });

  it('stops at once when it is told to', async () => {
    await expect(render('aborted.mp4', 30, [90, 160], AbortSignal.abort())).rejects.toMatchObject({ code: 'canceled' });
  });

  it('says that the folder cannot be written when it is full', async () => {
    const input = {
      source: { frames: () => greenFrames(160, 90), widthPx: 160, heightPx: 90 },
      motion: standing(30),
      outPath: '/dev/full',
    };
    await expect(renderPreview(input, { ffmpegPath })).rejects.toMatchObject({ code: 'output_unwritable' });
  });
});
