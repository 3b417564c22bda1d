/**
 * Renders people with known poses, shows them to the pose model and writes down what it saw beside the truth.
 *
 *   node --conditions=gaitway-source --import tsx bench/landmark-model/generate.ts \
 *     --makehuman DIR --assets DIR --motion DIR --quality balanced --sequences 400 --seed 1 --out FILE.f32
 *
 * FILE.f32 holds rows of float32 (see `row.ts`), FILE.json what they mean. `--pictures DIR` writes one PNG a sequence.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLandmarker } from '@gaitway/capture/models/landmarker';
import { type Quality, readLandmarkModel } from '@gaitway/capture/models/model-files';
import { parseBvh } from '@gaitway/formats/bvh/parse';
import { bvhToClip } from '@gaitway/formats/bvh/to-clip';
import { type Clip, clipDurationSec } from '@gaitway/motion/clip';
import { type Character, Wardrobe } from './src/character.ts';
import { toPng } from './src/film.ts';
import { Observer } from './src/observer.ts';
import { Random } from './src/random.ts';
import { ROW_FIELDS, Row } from './src/row.ts';
import { Sequence } from './src/sequence.ts';
import { balancing, excerpt, randomSwings, withSwings, withUpperBody } from './src/variation.ts';

const FRAMES = 10;
/** The network reads neighbours by time, so that a low rate is enough: neighbouring frames say little new. */
const RATES_FPS = [10, 15, 20];
/** Sequences in a row that one person acts: building a person takes a while. */
const PER_CHARACTER = 6;
const KEPT_FPS = 30;
/** Clips of plain walking, of which there are too many. */
const WALKS = /(0[3789]|10)_\d+\.bvh$/;
const WALK_PART = 0.2;
/** Sequences that stand on one leg, and of the others those whose joints are bent further than anybody was captured. */
const BALANCE_PART = 0.2;
const BENT_PART = 0.35;

const { values } = parseArgs({
  options: {
    makehuman: { type: 'string' },
    assets: { type: 'string' },
    motion: { type: 'string', multiple: true },
    quality: { type: 'string', default: 'balanced' },
    sequences: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    pictures: { type: 'string' },
    mirror: { type: 'boolean', default: false },
  },
});

function motionFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.bvh'))
      .sort()
      .map((name) => join(folder, name)),
  );
}

class Clips {
  readonly files: readonly string[];
  readonly #kept = new Map<string, Clip>();

  constructor(files: readonly string[]) {
    this.files = files;
  }

  read(file: string): Clip {
    const known = this.#kept.get(file);
    if (known) return known;
    const { clip: full } = bvhToClip(parseBvh(readFileSync(file)));
    const clip = excerpt(full, 0, KEPT_FPS, Math.floor(clipDurationSec(full) * KEPT_FPS) + 1);
    this.#kept.set(file, clip);
    return clip;
  }

  pick(random: Random): number {
    for (;;) {
      const index = Math.floor(random.next() * this.files.length);
      if (!WALKS.test(this.files[index]) || random.chance(WALK_PART)) return index;
    }
  }

  /** A stretch of a clip, half of the time with something changed so that poses occur which nobody captured. */
  act(index: number, random: Random): Clip {
    const fps = random.pick(RATES_FPS);
    const isBalance = random.chance(BALANCE_PART);
    // Who balances moves slowly.
    const speed = isBalance ? random.between(0.05, 0.3) : 1;
    const cut = (file: string): Clip => {
      const clip = this.read(file);
      const spanSec = ((FRAMES - 1) / fps) * speed;
      return { ...excerpt(clip, random.next() * Math.max(0, clipDurationSec(clip) - spanSec), fps / speed, FRAMES), fps };
    };
    const plain = cut(this.files[index]);
    if (isBalance) return withSwings(plain, balancing(random));
    const mixed = random.chance(0.2) ? withUpperBody(plain, cut(this.files[this.pick(random)])) : plain;
    return random.chance(BENT_PART) ? withSwings(mixed, randomSwings(random)) : mixed;
  }
}

async function main(): Promise<void> {
  const { makehuman, assets, motion: folders, out, pictures } = values;
  if (!makehuman || !assets || !folders || !out) throw new Error('--makehuman, --assets, --motion and --out are needed');
  const seed = Number(values.seed);
  const random = new Random(seed);
  const wardrobe = new Wardrobe(makehuman, assets);
  const clips = new Clips(motionFiles(folders));
  const landmarker = await openLandmarker(await readLandmarkModel(values.quality as Quality), { threads: 1 });
  const observer = new Observer(landmarker, random);
  const row = new Row();
  if (pictures) mkdirSync(pictures, { recursive: true });
  writeFileSync(out.replace(/\.f32$/, '.json'), JSON.stringify({ fields: ROW_FIELDS, motions: clips.files, quality: values.quality }));
  const file = openSync(out, 'w');
  const started = performance.now();
  let character: Character | null = null;
  let frames = 0;
  for (let s = 0; s < Number(values.sequences); s++) {
    if (!character || s % PER_CHARACTER === 0) character = wardrobe.randomCharacter(random);
    const motion = clips.pick(random);
    const clip = clips.act(motion, random);
    const sequence = new Sequence(character, clip, random);
    observer.reset();
    for (let f = 0; f < sequence.frameCount; f++) {
      sequence.pose(f);
      row.score = await observer.look(sequence, f / clip.fps, row.looks, values.mirror);
      row.write({
        sequence: seed * 100000 + s,
        character: seed * 100000 + Math.floor(s / PER_CHARACTER),
        motion,
        timeSec: f / clip.fps,
        camera: sequence.camera,
        heightM: character.heightM,
        truthM: sequence.truthM,
      });
      writeSync(file, row.bytes);
      if (pictures && f === 5) writeFileSync(join(pictures, `${String(s).padStart(4, '0')}.png`), toPng(observer.canvas));
      frames++;
    }
    if (s % 20 === 19)
      console.log(`${s + 1} sequences, ${frames} frames, ${((performance.now() - started) / frames).toFixed(1)} ms a frame`);
  }
  closeSync(file);
  await landmarker.release();
}

await main();
