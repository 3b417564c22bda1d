import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLensTag } from '../../src/video/lens-tag.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { makeClip } from './toolchains.ts';

const KEY = 'com.apple.quicktime.camera.focal_length.35mm_equivalent';

const box = (kind: string, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, content]);
};
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Metadata as QuickTime keeps it: names in `keys`, values by their number in `ilst`. */
const metaOf = (entries: readonly (readonly [key: string, type: number, value: Buffer])[]): Buffer => {
  const keys = entries.map(([key]) => box('mdta', Buffer.from(key)));
  const values = entries.map(([, type, value], i) => {
    const item = box('item', box('data', number(type), number(0), value));
    item.writeUInt32BE(i + 1, 4);
    return item;
  });
  return box('meta', box('hdlr', Buffer.alloc(24)), box('keys', number(0), number(keys.length), ...keys), box('ilst', ...values));
};

const filmOf = (meta: Buffer): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('qt  ')),
    box('mdat', Buffer.alloc(1000, 0xff)),
    box('moov', box('mvhd', Buffer.alloc(100)), box('trak', box('tkhd', Buffer.alloc(84)), meta)),
  ]);

describe('the lens that a camera wrote into its file', () => {
  let folder = '';
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gaitway-lens-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const lensOf = async (bytes: Buffer): Promise<number | undefined> => {
    const path = join(folder, `${count++}.mov`);
    await writeFile(path, bytes);
    return readLensTag(path);
  };
  const model = ['com.apple.quicktime.camera.lens_model', 1, Buffer.from('back camera 6.86mm f/1.78')] as const;
  const float = Buffer.alloc(4);
  float.writeFloatBE(25.5);

  it.each([
    [1, Buffer.from('26'), 26],
    [21, number(13), 13],
    [22, Buffer.of(0, 77), 77],
    [67, number(24), 24],
    [75, Buffer.of(48), 48],
    [23, float, 25.5],
  ])('is read from its track, of type %i', async (type, value, mm) => {
    expect(await lensOf(filmOf(metaOf([model, [KEY, type, value]])))).toBe(mm);
  });

  it('is read from the film, as ffmpeg writes it, and shown by the probe', async () => {
    const source = ['-f', 'lavfi', '-i', 'color=c=gray:s=64x64:r=10:d=0.5', '-c:v', 'mpeg4'];
    const path = await makeClip('tagged.mov', [...source, '-movflags', 'use_metadata_tags', '-metadata', `${KEY}=28`]);
    expect(await readLensTag(path)).toBe(28);
    expect((await probeVideo(path)).lens35mm).toBe(28);
    const plain = await makeClip('untagged.mov', source);
    expect(await probeVideo(plain)).not.toHaveProperty('lens35mm');
  });

  it('is nothing where it makes no sense', async () => {
    const values = [
      Buffer.from('NaN'),
      Buffer.from('-26'),
      Buffer.from('1e9'),
      Buffer.from(''),
      Buffer.from('26 mm'),
      Buffer.alloc(40_000, 0x39),
    ];
    for (const value of values) expect(await lensOf(filmOf(metaOf([[KEY, 1, value]])))).toBeUndefined();
    expect(await lensOf(filmOf(metaOf([[KEY, 99, number(26)]])))).toBeUndefined();
    for (const mm of [9, 251]) expect(await lensOf(filmOf(metaOf([[KEY, 21, number(mm)]])))).toBeUndefined();
    expect(await lensOf(filmOf(metaOf([model])))).toBeUndefined();
    expect(await lensOf(filmOf(metaOf([])))).toBeUndefined();
  });

  it('is nothing in files that are cut off, empty, lie about their sizes, or never end', async () => {
    const film = filmOf(metaOf([model, [KEY, 21, number(26)]]));
    for (let length = 0; length < film.length; length += 7) {
      const lens = await lensOf(film.subarray(0, length));
      expect(lens).toBeUndefined();
    }
    let state = 1;
    for (let i = 0; i < 60; i++) {
      const broken = Buffer.from(film);
      for (let k = 0; k < 4; k++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        broken[1100 + (state % (film.length - 1100))] = state >>> 24;
      }
      const lens = await lensOf(broken);
      expect(lens === undefined || (lens >= 10 && lens <= 250)).toBe(true);
    }
    expect(await lensOf(Buffer.concat(Array.from({ length: 5000 }, () => box('free'))))).toBeUndefined();
    const endless = box('moov', metaOf([[KEY, 21, number(26)]]));
    endless.writeUInt32BE(0, 0);
    expect(await lensOf(endless)).toBe(26);
  });

  it('of a file that is gone or no file by now is an error of the catalogue', async () => {
    for (const path of [join(folder, 'gone.mov'), folder])
      await expect(readLensTag(path)).rejects.toMatchObject({ code: 'source_unreadable' });
  });
});
