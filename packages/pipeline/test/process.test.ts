import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeClip } from '@gaitway/motion/clip-file';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessResult } from '../src/deliver-clip.ts';
import { processClip } from '../src/process-clip.ts';
import { type ProcessVideoOptions, processVideo } from '../src/process-video.ts';
import type { PipelineProgress } from '../src/progress.ts';

const SAMPLE = fileURLToPath(new URL('../../../samples/walk_front.mp4', import.meta.url));
let home = '';
const inHome = (name: string): string => path.join(home, name);

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway-pipeline-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const request = (outDir: string): ProcessVideoOptions => ({
  sourcePath: SAMPLE,
  outDir,
  targets: [{ id: 'default' }],
  quality: 'fast',
  mocapType: 'full_body',
  exportFps: 60,
  trimStartSec: 1,
  trimEndSec: 1.5,
  preview: false,
});

const sha256Of = (result: ProcessResult, name: string): string | undefined => result.files.find((file) => file.name === name)?.sha256;

describe('processVideo and processClip', () => {
  it('make the same file from a video and from the clip that was stored of it', async () => {
    const phases: PipelineProgress['phase'][] = [];
    const direct = await processVideo(request(inHome('direct')), { onProgress: ({ phase }) => phases.push(phase) });
    expect([...new Set(phases)]).toEqual(['preflight', 'capturing', 'solving', 'retargeting', 'packaging']);
    // Times of the video, not of the part that was used.
    expect(direct.manifest.shots).toEqual([{ fromSec: 1, toSec: 1.5, subject: 0 }]);
    const [person] = direct.manifest.people;
    expect(person).toMatchObject({ index: 0, isSubject: true, shot: 0, firstSec: 1, frameCount: 15 });
    expect(person.path[0]).toEqual([1, ...Object.values(person.firstBox)]);
    const clipPath = path.join(inHome('direct'), 'motion.clip');
    const options = {
      clipPath,
      sourcePath: SAMPLE,
      targets: [{ id: 'default' }],
      exportFps: 60,
      preview: true,
      jobId: 'mocap_1',
      vCredits: 1,
    };
    const again = await processClip({ ...options, outDir: inHome('again') });
    expect(sha256Of(again, 'default.fbx')).toBe(sha256Of(direct, 'default.fbx'));
    expect(sha256Of(again, 'motion.clip')).toBe(sha256Of(direct, 'motion.clip'));
    expect(again.manifest).toMatchObject({
      jobId: 'mocap_1',
      billing: { vCredits: 1 },
      source: direct.manifest.source,
      trim: direct.manifest.trim,
      people: direct.manifest.people,
      shots: direct.manifest.shots,
    });
    expect(readdirSync(inHome('again'))).toContain('preview.mp4');
  });

  it('stops when it is told to, in the middle of a phase, and leaves nothing', async () => {
    const controller = new AbortController();
    const stopped = processVideo(request(inHome('stopped')), {
      signal: controller.signal,
      onProgress: ({ phase, framesDone }) => phase === 'capturing' && framesDone > 3 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'canceled' });
    expect(existsSync(inHome('stopped'))).toBe(false);
  });

  it('refuse options before they touch anything', async () => {
    for (const wrong of [{ subjectHeightM: 9 }, { smoothing: -1 }, { exportFps: 25 }, { targets: [{ id: 'nobody' }] }]) {
      await expect(processVideo({ ...request(inHome('wrong')), ...wrong })).rejects.toMatchObject({ stage: 'create' });
    }
    expect(existsSync(inHome('wrong'))).toBe(false);
  });

  it('refuse a stored clip that is not one, or does not say where it comes from', async () => {
    const options = { clipPath: inHome('a.clip'), outDir: inHome('refused'), targets: [{ id: 'default' }], exportFps: 30, preview: false };
    await expect(processClip(options)).rejects.toMatchObject({ code: 'source_unreadable' });
    writeFileSync(options.clipPath, 'not a clip');
    await expect(processClip(options)).rejects.toMatchObject({ code: 'source_unreadable' });
    const joints = HUMAN_SKELETON.joints.length;
    const rotations = Float32Array.from({ length: joints * 4 }, (_, i) => (i % 4 === 3 ? 1 : 0));
    const still = { skeleton: HUMAN_SKELETON, fps: 30, frameCount: 1, rootTranslationM: new Float32Array(3), rotations };
    writeFileSync(options.clipPath, encodeClip({ ...still, contacts: new Uint8Array(4), confidence: new Float32Array(joints) }));
    await expect(processClip(options)).rejects.toMatchObject({ code: 'source_unreadable' });
    expect(existsSync(inHome('refused'))).toBe(false);
  });
});
