import { describe, expect, it } from 'vitest';
import { videosAmong } from '../src/batch/plan.ts';
import { type BatchRow, batchTable } from '../src/batch/table.ts';

describe('the videos of a folder', () => {
  it('are known by their extension, sorted, without hidden files', () => {
    const names = ['b.MP4', 'a.mov', '._a.mov', '..mp4', '.mp4', 'notes.txt', 'mp4', 'c.webm', 'd.bvh'];
    expect(videosAmong(names)).toEqual(['a.mov', 'b.MP4', 'c.webm']);
  });
});

describe('the summary of a batch', () => {
  it('has a line for every video and counts how they ended', () => {
    const row = (video: string, status: BatchRow['status'], error: string | null = null): BatchRow => ({
      status,
      entry: { video, status: error === null ? 'done' : 'failed', sourceSha256: '', optionsSha256: '', seconds: 2, error },
    });
    const lines = batchTable([row('a.mp4', 'done'), row('long name.mp4', 'skipped'), row('c.mp4', 'failed', 'It broke.')]).split('\n');
    expect(lines).toEqual([
      '  a.mp4          done         2.0 s',
      '  long name.mp4  skipped      done before',
      '  c.mp4          failed       2.0 s        It broke.',
      '1 done, 1 skipped, 1 failed',
    ]);
  });
});
