import type { Detection } from '../../src/models/detection.ts';
import type { SeenPose } from '../../src/models/landmarker.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import type { Roi } from '../../src/tracking/roi.ts';
import { picture } from './pictures.ts';

/** Somebody in an invented scene: where the hips are in a frame (undefined: not there), and how tall, pixels. */
export interface Actor {
  readonly at: (frame: number) => readonly [number, number] | undefined;
  readonly radiusPx: number;
  /** Too small for the detector unless it looks at a part of the picture. */
  readonly isTiny?: boolean;
}

export const FPS = 30;
const SCENE = picture({ widthPx: 640, heightPx: 360 });

/** Networks that see the actors: the detector all of them, the landmarker whoever stands at the centre of its region. */
export class Stage {
  detections = 0;
  readonly #actors: readonly Actor[];
  readonly #frames = new Map<Picture, number>();

  constructor(actors: readonly Actor[]) {
    this.#actors = actors;
  }

  /** The picture of a frame: the networks know it by its identity. */
  show(frame: number): Picture {
    const shown = { ...SCENE };
    this.#frames.set(shown, frame);
    return shown;
  }

  async detect(shown: Picture, square?: Roi): Promise<Detection[]> {
    this.detections++;
    return this.#actors.flatMap((actor) => {
      const hips = actor.at(this.#frameOf(shown));
      if (!hips || (actor.isTiny && !square)) return [];
      const [hipX, hipY] = hips;
      const isInside = !square || Math.max(Math.abs(hipX - square.centerXPx), Math.abs(hipY - square.centerYPx)) < square.sidePx / 2;
      const box = { centerX: hipX, centerY: hipY, width: actor.radiusPx, height: actor.radiusPx };
      return isInside ? [{ score: 0.9, ...box, hipX, hipY, rimX: hipX, rimY: hipY - actor.radiusPx }] : [];
    });
  }

  async look(shown: Picture, roi: Roi): Promise<SeenPose> {
    return this.#see(this.#frameOf(shown), roi);
  }

  #frameOf(shown: Picture): number {
    return this.#frames.get(shown) as number;
  }

  #see(frame: number, roi: Roi): SeenPose {
    const pose = {
      imagePx: new Float32Array(99),
      worldM: new Float32Array(99),
      visibility: new Float32Array(33).fill(0.9),
      alignmentPx: new Float32Array(4),
    };
    for (const actor of this.#actors) {
      const hips = actor.at(frame);
      if (!hips || Math.hypot(hips[0] - roi.centerXPx, hips[1] - roi.centerYPx) > roi.sidePx / 3) continue;
      pose.alignmentPx.set([hips[0], hips[1], hips[0], hips[1] - actor.radiusPx]);
      for (const hip of [23, 24]) pose.imagePx.set([hips[0], hips[1], 0], hip * 3);
      // What the network sees depends on where it looks.
      pose.worldM.fill(roi.centerXPx);
      return { score: 0.95, pose };
    }
    return { score: 0.1, pose };
  }
}
