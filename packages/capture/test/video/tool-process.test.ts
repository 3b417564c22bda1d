import { runTool, startTool } from '@gaitway/capture/video/tool-process';
import { describe, expect, test } from 'vitest';

const sh = (script: string, ...args: string[]): [string, string[]] => ['/bin/sh', ['-c', script, 'sh', ...args]];
const outputOf = async (script: string, memoryBytes?: number): Promise<string[]> => {
  const lines: string[] = [];
  await runTool(...sh(script), { timeoutMs: 120_000, memoryBytes, onLine: (line) => lines.push(line) });
  return lines;
};

describe.skipIf(process.platform === 'win32')('a program that is run', () => {
  test.runIf(process.platform === 'linux')('has limits that the system enforces', async () => {
    await expect(outputOf('ulimit -v; ulimit -f; ulimit -c; ulimit -t', 2 ** 30)).resolves.toEqual([
      ...[String(2 ** 20), '0', '0'],
      expect.stringMatching(/^\d+$/),
    ]);
    // A line without an end has to be kept whole: 300 MB do not fit into 200.
    await expect(
      runTool(...sh('head -c 300000000 /dev/zero | tail -n 1'), { timeoutMs: 120_000, memoryBytes: 2e8 }),
    ).resolves.toMatchObject({
      kind: 'exited',
      code: 1,
    });
  });

  test.runIf(process.platform === 'linux')('that uses up its processor time is ended, which counts as its time being over', async () => {
    const run = runTool(...sh('while :; do :; done'), { timeoutMs: 600_000, cpuSec: 1 });
    await expect(run).resolves.toEqual({ kind: 'timeout' });
  });

  test('cannot write a file', async () => {
    const run = await runTool(...sh('echo secret > "$1"', `/tmp/gaitway-${process.pid}`), { timeoutMs: 120_000 });
    expect(run).not.toMatchObject({ kind: 'exited', code: 0 });
  });

  test('sees nothing of our environment that it does not need', async () => {
    process.env.GAITWAY_TEST_SECRET = 'secret';
    const lines = await outputOf('env');
    delete process.env.GAITWAY_TEST_SECRET;
    expect(lines.some((line) => line.startsWith('PATH='))).toBe(true);
    expect(lines.join('\n')).not.toMatch(/SECRET|HOME|NODE|npm_|VITEST/);
  });

  test('gets its arguments as they are', async () => {
    const odd = ['a b', '$(id)', '`id`', ';id', "'", '"', '*', '--', '-c'];
    const lines: string[] = [];
    await runTool('/bin/sh', ['-c', 'for a do echo "$a"; done', 'sh', ...odd], { timeoutMs: 120_000, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(odd);
  });

  test('is ended with all that it started', async () => {
    // `close` comes only when nobody holds the output any more: the grandchild must be gone too.
    await expect(runTool(...sh('sleep 1000 & sleep 1000'), { timeoutMs: 200 })).resolves.toEqual({ kind: 'timeout' });
    const controller = new AbortController();
    const run = runTool(...sh('echo started; sleep 1000 & sleep 1000'), {
      ...{ timeoutMs: 120_000, signal: controller.signal },
      onLine: () => controller.abort(),
    });
    await expect(run).resolves.toEqual({ kind: 'aborted' });
  });

  test.each([
    ['exit 3', { kind: 'exited', code: 3 }],
    ['echo why >&2; exit 1', { kind: 'exited', code: 1, errorText: 'why\n' }],
    ['kill -SEGV $$', { kind: 'crashed' }],
  ])('tells how it ended: %s', async (script, end) => {
    await expect(runTool(...sh(script), { timeoutMs: 120_000 })).resolves.toMatchObject(end);
  });

  test('that does not exist is reported as missing', async () => {
    await expect(runTool('/nowhere/ffmpeg', [], { timeoutMs: 120_000 })).resolves.toEqual({ kind: 'missing' });
  });

  test('is stopped when its output is refused', async () => {
    let count = 0;
    const run = runTool(...sh('while :; do echo line; done'), { timeoutMs: 120_000, onLine: () => ++count < 1000 });
    await expect(run).resolves.toEqual({ kind: 'stopped' });
    expect(count).toBe(1000);
  });

  test('has no standard input', async () => {
    const child = startTool(...sh('cat; echo end'));
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('end\n');
  });
});
