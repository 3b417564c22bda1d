import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeClip } from '@gaitway/motion/clip-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endlessFfmpeg, gaitway, SAMPLE, startGaitway } from './gaitway.ts';

let home = '';
const inHome = (...names: string[]): string => path.join(home, ...names);

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway cli '));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const QUICK = ['--quality', 'fast', '--trim', '1:1.7'];
const FILES = ['default.fbx', 'manifest.json', 'motion.clip', 'preview.mp4'];

describe('gaitway process', () => {
  it('writes every file of a clip, and a manifest that is true of them', async () => {
    const out = inHome('whole');
    const ended = await gaitway(['process', SAMPLE, '--out', out, '--fps', '60', '--json', ...QUICK]);
    expect(ended.stderr).toMatch(/capturing {2}\d+\/\d+ frames/);
    expect(ended.code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(FILES);
    const manifest = JSON.parse(ended.stdout);
    expect(manifest).toEqual(JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')));
    for (const file of [...manifest.files, ...manifest.targets[0].files]) {
      const bytes = readFileSync(path.join(out, file.name));
      expect(file).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    }
    expect(manifest).toMatchObject({
      manifestVersion: 1,
      source: { filename: 'walk_front.mp4', width: 1280, height: 720, fps: 30, rotation: 0, codec: 'h264' },
      trim: { startSec: 1, endSec: 1.7 },
      exportFps: 60,
      targets: [{ targetId: 'default', status: 'completed', fps: 60, upAxis: 'Y', unit: 'cm' }],
    });
    const models: { name: string; sha256: string }[] = manifest.engine.models;
    expect(models.map(({ name }) => name)).toEqual(['pose_detection.tflite', 'pose_landmark_lite.tflite', 'body-points']);
    for (const { sha256 } of models) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const { clip } = decodeClip(readFileSync(path.join(out, 'motion.clip')));
    expect(clip.fps).toBe(30);
    expect(Math.abs((clip.frameCount - 1) / 30 - 0.7)).toBeLessThan(0.05);
    expect(manifest.targets[0].frameCount).toBe((clip.frameCount - 1) * 2 + 1);
  });

  it('takes names with spaces, quotes, semicolons, letters of any script and a leading dash', async () => {
    const name = `-a 'b"; $(c) ä 舞.mp4`;
    mkdirSync(inHome('names'));
    copyFileSync(SAMPLE, inHome('names', name));
    const ended = await gaitway([
      'process',
      '--out',
      inHome('names', '-out 舞'),
      '--no-preview',
      '--json',
      ...QUICK,
      '--',
      inHome('names', name),
    ]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout).source.filename).toBe(name);
    expect(readdirSync(inHome('names', '-out 舞')).sort()).toEqual(FILES.slice(0, 3));
  });

  it.each([['SIGKILL', null] as const, ['SIGTERM', 130] as const])('leaves no half file when it is ended by %s', async (signal, code) => {
    const out = inHome(signal);
    const { child, ended } = startGaitway(['process', SAMPLE, '--out', out, ...QUICK], endlessFfmpeg(home));
    await untilStaged(out, child);
    child.kill(signal);
    expect((await ended).code).toBe(code);
    const left = existsSync(out) ? readdirSync(out) : [];
    expect(left.filter((file) => !file.startsWith('.'))).toEqual([]);
    if (signal === 'SIGTERM') return expect(existsSync(out)).toBe(false);
    expect(left).toHaveLength(1);
    // The next run sweeps what a killed one could not.
    const next = await gaitway(['process', SAMPLE, '--out', out, '--no-preview', ...QUICK]);
    expect(next.code, next.stderr).toBe(0);
    expect(readdirSync(out).sort()).toEqual(FILES.slice(0, 3));
  });

  it('says that the disk is full, and leaves nothing on it', async (test) => {
    const disk = inHome('disk');
    mkdirSync(disk);
    // A disk of 64 kB can only be had where mounting is allowed, in a namespace that ends with the command.
    const mounted = (command: string) =>
      spawnSync('unshare', ['--mount', 'sh', '-c', `mount -t tmpfs -o size=64k none "$1" && ${command}`, 'sh', disk], { encoding: 'utf8' });
    if (mounted('true').status !== 0) return test.skip('this machine does not let a test mount a small disk');
    const bin = path.resolve(import.meta.dirname, '../bin/gaitway.mjs');
    const command = `"${process.execPath}" "${bin}" process "${SAMPLE}" --out "$1" --no-preview ${QUICK.join(' ')}; code=$?; ls -A "$1"; exit $code`;
    const ended = mounted(command);
    expect(ended.stderr).toMatch(/gaitway: .*room.*\(output_unwritable\)/);
    expect(ended.stdout).toBe('');
    expect(ended.status).toBe(1);
  });
});

/** Waits until a run has begun to write. */
async function untilStaged(out: string, child: { readonly exitCode: number | null }): Promise<void> {
  while (child.exitCode === null) {
    const staging = existsSync(out) ? readdirSync(out).find((name) => name.startsWith('.gaitway-')) : undefined;
    if (staging !== undefined && readdirSync(path.join(out, staging)).length > 0) return;
    await pause(20);
  }
  throw new Error('the run ended before it wrote anything');
}

describe('gaitway', () => {
  it('tells its version, its commands and the options of each', async () => {
    const [version, help, options, doctor] = await Promise.all([
      gaitway(['--version']),
      gaitway([]),
      gaitway(['process', '--help']),
      gaitway(['doctor', '--json']),
    ]);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(help.stdout).toContain('doctor');
    expect(options.stdout).toContain('--mocap-type');
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(JSON.parse(doctor.stdout).map((finding: { name: string }) => finding.name)).toEqual([
      'Node',
      'machine',
      'ffmpeg',
      'models',
      'ONNX runtime',
    ]);
  });
});
