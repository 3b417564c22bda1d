import type { Clip } from '@gaitway/motion/clip';
import { GaitwayError } from '@gaitway/motion/errors';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import type { Delivery } from '@gaitway/targets/target';
import { describe, expect, it } from 'vitest';
import { ProgressReporter } from '../src/progress.ts';
import { runTargets } from '../src/run-targets.ts';
import { type PreparedTarget, prepareTargets, targetIds } from '../src/target-registry.ts';

const clip: Clip = {
  skeleton: HUMAN_SKELETON,
  fps: 30,
  frameCount: 0,
  rootTranslationM: new Float32Array(),
  rotations: new Float32Array(),
  contacts: new Uint8Array(),
  confidence: new Float32Array(),
};

const delivery = (targetId: string): Delivery => ({
  targetId,
  resultType: 'fbx',
  files: [],
  motion: clip,
  frameCount: 0,
  fps: 30,
  upAxis: 'Y',
  unit: 'cm',
  rootMotion: 'pelvis',
  quality: {},
  warnings: [],
});

const target = (id: string, deliver: PreparedTarget['deliver'] = async () => delivery(id)): PreparedTarget => ({
  id,
  resultType: 'fbx',
  load: async () => undefined,
  deliver,
});
const failing = (id: string, error: unknown): PreparedTarget => target(id, () => Promise.reject(error));

describe('runTargets', () => {
  it('delivers the others when one fails, and names the cause', async () => {
    const result = await runTargets(
      clip,
      [target('a'), failing('b', new GaitwayError('option_invalid', { message: 'No such hand.' })), target('c')],
      new ProgressReporter({}),
      undefined,
    );
    expect(result.deliveries.map(({ targetId }) => targetId)).toEqual(['a', 'c']);
    expect(result.failedTargets).toMatchObject([
      {
        targetId: 'b',
        error: { code: 'target_failed', message: 'The target b could not be made: No such hand.', facts: { cause: 'option_invalid' } },
      },
    ]);
  });

  it('keeps the inside of an unknown error to itself', async () => {
    const { failedTargets } = await runTargets(clip, [failing('b', new TypeError('/home/secret'))], new ProgressReporter({}), undefined);
    expect(failedTargets[0]?.error.message).not.toContain('secret');
    expect(failedTargets[0]?.error.facts).toEqual({ targetId: 'b', cause: 'processing_failed' });
  });

  it('ends as canceled, not as a failed target, when it is aborted', async () => {
    const controller = new AbortController();
    const aborting = target('a', () => {
      controller.abort();
      return Promise.reject(new Error('stopped'));
    });
    await expect(runTargets(clip, [aborting], new ProgressReporter({}), controller.signal)).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('prepareTargets', () => {
  it('names every target and its result as the target does', async () => {
    for (const id of targetIds()) {
      const [prepared] = prepareTargets([{ id }], { fps: 30 });
      expect(await prepared.load()).toMatchObject({ id, resultType: prepared.resultType });
    }
  });

  it('refuses an unknown target, no target and a bad option before any work', () => {
    expect(() => prepareTargets([{ id: 'nobody' }], {})).toThrow(/no target "nobody"/);
    expect(() => prepareTargets([], {})).toThrow(/at least one target/);
    expect(() => prepareTargets([{ id: 'default', options: { restPose: 'x' } }], {})).toThrow(/restPose/);
  });

  it('lets a target override what the job says', () => {
    expect(() => prepareTargets([{ id: 'default', options: { fps: 24 } }], { fps: 31 })).not.toThrow();
    expect(() => prepareTargets([{ id: 'default' }], { fps: 31 })).toThrow(/exportFps/);
  });
});
