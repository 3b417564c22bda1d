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
  /** Nobody, but something that is to be seen. */
  readonly isThing?: boolean;
}

export const FPS = 30;
const WIDTH = 640;
const HEIGHT = 360;
const SCENE = picture({ widthPx: WIDTH, heightPx: HEIGHT });
/** The part of the body between hips and head, or feet, that is drawn, and how wide it is, in radii. */
const TALL = 0.8;
const WIDE = 0.3;

/** How far below the hips a landmark is, in radii. */
const bodyHeight = (landmark: number): number => (landmark < 11 ? -0.7 : landmark < 13 ? -0.5 : landmark < 25 ? 0 : 0.7);

/** Networks that see the actors: the detector all of them, the landmarker whoever stands at the centre of its region. */
export class Stage {
  detections = 0;
  readonly #actors: readonly Actor[];
  readonly #frames = new Map<Picture, number>();

  constructor(actors: readonly Actor[]) {
    this.#actors = actors;
  }

  /** The picture of a frame, with a light patch for each of the actors: the networks know it by its identity. */
  show(frame: number): Picture {
    const shown = { ...SCENE, y: SCENE.y.slice() };
    for (const { at, radiusPx } of this.#actors) {
      const [x, y] = (at(frame) ?? []).map(Math.round);
      const [high, wide] = [TALL, WIDE].map((part) => Math.ceil(part * radiusPx));
      for (let row = Math.max(0, y - high); row < Math.min(HEIGHT, y + high); row++)
        shown.y.fill(200, row * WIDTH + Math.max(0, x - wide), row * WIDTH + Math.min(WIDTH, x + wide));
    }
    this.#frames.set(shown, frame);
    return shown;
  }

  async detect(shown: Picture, square?: Roi): Promise<Detection[]> {
    this.detections++;
    return this.#actors.flatMap((actor) => {
      const hips = actor.at(this.#frameOf(shown));
      if (!hips || actor.isThing || (actor.isTiny && !square)) return [];
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
      if (!hips || actor.isThing || Math.hypot(hips[0] - roi.centerXPx, hips[1] - roi.centerYPx) > roi.sidePx / 3) continue;
      pose.alignmentPx.set([hips[0], hips[1], hips[0], hips[1] - actor.radiusPx]);
      // Head and shoulders above the hips, then arms, hips and legs.
      for (let i = 0; i < 33; i++) pose.imagePx.set([hips[0], hips[1] + bodyHeight(i) * actor.radiusPx, 0], i * 3);
      // What the network sees depends on where it looks.
      pose.worldM.fill(roi.centerXPx);
      return { score: 0.95, pose };
    }
    return { score: 0.1, pose };
  }
}
