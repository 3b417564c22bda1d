import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import type { Clip } from '@gaitway/motion/clip';

/** A file a target delivers, whole and in memory; the caller hashes and stores it. */
export interface TargetFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What a target made of a clip. */
export interface Delivery {
  readonly targetId: string;
  readonly resultType: 'fbx' | 'robot_motion_json';
  /** The file that `resultType` speaks of comes first. */
  readonly files: readonly TargetFile[];
  /** The motion as delivered, on the target's own skeleton, at the delivered fps: what previews show and tests measure. */
  readonly motion: Clip;
  /** How long `motion` runs before the first frame of the clip, seconds: a lead-in of the target's own. None: 0. */
  readonly leadInSec?: number;
  /** What previews draw along that motion, where the target knows better than a body on the bones. */
  readonly previewBody?: CapsuleBody;
  readonly frameCount: number;
  readonly fps: number;
  readonly upAxis: 'Y' | 'Z';
  readonly unit: 'cm' | 'm';
  readonly rootMotion: string;
  /** Numbers measured on the delivered motion; names end in their unit. They go to the manifest as they are. */
  readonly quality: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

export interface TargetContext {
  readonly signal?: AbortSignal;
  /** 0..1 within this target. */
  readonly onProgress?: (fraction: number) => void;
}

/** Somewhere a Clip can go. Implementations are stateless and deterministic: same clip and options, same bytes. */
export interface Target<Options> {
  readonly id: string;
  readonly resultType: Delivery['resultType'];
  /** Reads untrusted options; throws `option_invalid` with a sentence. Missing ones get their defaults. */
  parseOptions(raw: unknown): Options;
  deliver(clip: Clip, options: Options, context: TargetContext): Promise<Delivery>;
}
