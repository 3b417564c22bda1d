import { GaitwayError } from '@gaitway/motion/errors';

/** What a caller can choose about the default target (CONTRACT: `exportFps` and `targetOptions.default`). */
export interface DefaultOptions {
  readonly fps: number;
  /** Who carries the motion through the world: the pelvis, the `root` joint on the floor, or nobody. */
  readonly rootMotion: 'pelvis' | 'root' | 'in-place';
  readonly restPose: 'a' | 't';
  /** `standard`: one fixed rig for all clips; `person`: this person's bone lengths, true metres. */
  readonly proportions: 'standard' | 'person';
  /** `ue5`: Unreal's joint names under a floor `root`; `mixamo`: Mixamo's names, hips on top. */
  readonly skeleton: 'ue5' | 'mixamo';
  /** FBX is always made; the others beside it. */
  readonly formats: readonly Format[];
  /**
   * `off` leaves the feet as they come, also where the standard legs make them slide. `auto` and `strong` plant every contact
   * of the clip alike: they differ in which contacts the solve finds.
   */
  readonly footLock: 'auto' | 'off' | 'strong';
}

export type Format = 'fbx' | 'glb' | 'bvh';

export const EXPORT_FPS: readonly number[] = [24, 30, 60, 120];

const CHOICES = {
  rootMotion: ['pelvis', 'root', 'in-place'],
  restPose: ['a', 't'],
  proportions: ['standard', 'person'],
  skeleton: ['ue5', 'mixamo'],
  footLock: ['auto', 'off', 'strong'],
} as const;

const FORMATS: readonly Format[] = ['fbx', 'glb', 'bvh'];

export const DEFAULT_OPTIONS: DefaultOptions = {
  fps: 30,
  rootMotion: 'pelvis',
  restPose: 'a',
  proportions: 'standard',
  skeleton: 'ue5',
  formats: ['fbx'],
  footLock: 'auto',
};

/** Reads untrusted options; unknown fields are ignored, missing ones get their defaults. */
export function parseDefaultOptions(raw: unknown): DefaultOptions {
  if (raw === undefined || raw === null) return DEFAULT_OPTIONS;
  if (typeof raw !== 'object' || Array.isArray(raw)) throw invalid('The options of the default target must be an object.');
  const fields = raw as Readonly<Record<string, unknown>>;
  return checked({
    fps: parseFps(fields.fps),
    rootMotion: choice(fields, 'rootMotion'),
    restPose: choice(fields, 'restPose'),
    proportions: choice(fields, 'proportions'),
    skeleton: choice(fields, 'skeleton'),
    footLock: choice(fields, 'footLock'),
    formats: parseFormats(fields.formats),
  });
}

/** Refuses what is allowed one by one but not together. */
function checked(options: DefaultOptions): DefaultOptions {
  if (options.skeleton === 'mixamo' && options.rootMotion === 'root') {
    throw invalid('The mixamo skeleton has no root joint; rootMotion must be pelvis or in-place with it.');
  }
  return options;
}

const invalid = (message: string): GaitwayError => new GaitwayError('option_invalid', { message });

function parseFps(value: unknown): number {
  if (value === undefined) return DEFAULT_OPTIONS.fps;
  const fps = EXPORT_FPS.find((rate) => rate === value);
  if (fps === undefined) throw new GaitwayError('export_fps_invalid');
  return fps;
}

function choice<Name extends keyof typeof CHOICES>(fields: Readonly<Record<string, unknown>>, name: Name): (typeof CHOICES)[Name][number] {
  const allowed: readonly (typeof CHOICES)[Name][number][] = CHOICES[name];
  const value = fields[name];
  if (value === undefined) return DEFAULT_OPTIONS[name] as (typeof CHOICES)[Name][number];
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalid(`${name} must be ${listed(allowed)}.`);
  return found;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;

function parseFormats(value: unknown): readonly Format[] {
  if (value === undefined) return DEFAULT_OPTIONS.formats;
  const known = Array.isArray(value) && value.length > 0 && value.every((one) => FORMATS.includes(one));
  if (!known) throw invalid(`formats must be a list of ${listed(FORMATS)}.`);
  return FORMATS.filter((format) => format === 'fbx' || value.includes(format));
}
