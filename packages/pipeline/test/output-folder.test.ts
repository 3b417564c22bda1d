import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFolder } from '../src/output-folder.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'gaitway-output-'));
});
afterEach(() => {
  chmodSync(home, 0o755);
  rmSync(home, { recursive: true, force: true });
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** A process id that no process has: Linux gives out ids below 2^22. */
const DEAD_PID = 2 ** 22 + 1;

describe('OutputFolder', () => {
  it('shows nothing until it is committed, then everything with its checksum', async () => {
    const directory = path.join(home, 'a', 'b');
    const output = await OutputFolder.open(directory);
    const file = await output.write('a.txt', 'text/plain', text('hello'));
    writeFileSync(output.pathFor('b.txt'), 'world');
    const adopted = await output.adopt('b.txt', 'text/plain');
    expect(readdirSync(directory).filter((name) => !name.startsWith('.'))).toEqual([]);
    await output.commit();
    expect(readdirSync(directory).sort()).toEqual(['a.txt', 'b.txt']);
    expect(file).toMatchObject({ bytes: 5, sha256: createHash('sha256').update('hello').digest('hex') });
    expect(adopted).toMatchObject({ bytes: 5, sha256: createHash('sha256').update('world').digest('hex') });
  });

  it('keeps the files of the last run until the new ones are whole', async () => {
    writeFileSync(path.join(home, 'a.txt'), 'old');
    const output = await OutputFolder.open(home);
    await output.write('a.txt', 'text/plain', text('new'));
    expect(readFileSync(path.join(home, 'a.txt'), 'utf8')).toBe('old');
    await output.commit();
    expect(readFileSync(path.join(home, 'a.txt'), 'utf8')).toBe('new');
  });

  it('leaves nothing behind when the work fails, not even the folder it made', async () => {
    const directory = path.join(home, 'made');
    const failing = OutputFolder.use(directory, async (output) => {
      await output.write('a.txt', 'text/plain', text('half'));
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    expect(existsSync(directory)).toBe(false);
  });

  it('sweeps what a killed run left, and nothing of a run that lives or of the user', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const names = [`.gaitway-${DEAD_PID}-${id}`, `.gaitway-${process.pid}-${id}`, '.gaitway-notes', 'clip'];
    for (const name of names) mkdirSync(path.join(home, name));
    const output = await OutputFolder.open(home);
    await output.discard();
    expect(readdirSync(home).sort()).toEqual(names.slice(1).sort());
  });

  it('says output_unwritable for a file in place of the folder, a folder that takes none, and a name that is a folder', async () => {
    writeFileSync(path.join(home, 'file'), '');
    await expect(OutputFolder.open(path.join(home, 'file'))).rejects.toMatchObject({ code: 'output_unwritable' });
    await expect(OutputFolder.open('/proc/gaitway')).rejects.toMatchObject({ code: 'output_unwritable' });
    mkdirSync(path.join(home, 'a.txt', 'inside'), { recursive: true });
    const taken = OutputFolder.use(home, async (output) => {
      await output.write('a.txt', 'text/plain', text('hello'));
      await output.commit();
    });
    await expect(taken).rejects.toMatchObject({ code: 'output_unwritable' });
  });

  it('refuses names that would leave the folder', async () => {
    const output = await OutputFolder.open(home);
    for (const name of ['', '..', '../a', 'a/b', '.hidden']) expect(() => output.pathFor(name)).toThrow(RangeError);
    await output.discard();
  });
});
