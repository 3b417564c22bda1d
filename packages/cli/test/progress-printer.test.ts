import { PassThrough } from 'node:stream';
import type { PipelineProgress } from '@gaitway/pipeline/progress';
import { describe, expect, it } from 'vitest';
import { progressPrinter } from '../src/progress-printer.ts';

const progress = (fraction: number, phase: PipelineProgress['phase'] = 'capturing'): PipelineProgress => ({
  phase,
  fraction,
  framesDone: Math.round(fraction * 100),
  framesTotal: 100,
});

/** A stream that remembers what was written, as a terminal of 40 columns or as a file. */
const recorder = (isTTY: boolean) => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 40 });

describe('progressPrinter', () => {
  it('redraws one line on a terminal, not too often, within its width, and wipes it at the end', () => {
    const stream = recorder(true);
    let nowMs = 0;
    const printer = progressPrinter(stream, () => nowMs);
    for (let i = 0; i <= 10; i++) {
      nowMs = i * 50;
      printer.onProgress(progress(i / 10));
    }
    printer.end();
    const written: string = stream.read();
    const drawn = written.split('\r\u001b[2K').slice(1);
    expect(written).not.toContain('\n');
    expect(drawn).toHaveLength(7);
    expect(drawn.at(-1)).toBe('');
    expect(drawn[5]).toContain('100%');
    for (const line of drawn) expect(line.length).toBeLessThan(40);
  });

  it('writes plain lines elsewhere: one a phase and one every tenth of the job', () => {
    const stream = recorder(false);
    const printer = progressPrinter(stream);
    for (let i = 0; i <= 100; i++) printer.onProgress(progress(i / 200));
    printer.onProgress(progress(0.505, 'solving'));
    printer.end();
    const lines: string[] = stream.read().trimEnd().split('\n');
    expect(lines).toEqual([
      '  0%  capturing  0/100 frames',
      ' 10%  capturing  10/100 frames',
      ' 20%  capturing  20/100 frames',
      ' 30%  capturing  30/100 frames',
      ' 40%  capturing  40/100 frames',
      ' 50%  capturing  50/100 frames',
      ' 50%  solving  51/100 frames',
    ]);
  });
});
