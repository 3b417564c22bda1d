import type { PoseLandmarker } from '@gaitway/capture/models/landmarker';
import type { Picture } from '@gaitway/capture/tracking/picture';
import { RegionFilter } from '@gaitway/capture/tracking/region-filter';
import { type Roi, roiFromAlignment } from '@gaitway/capture/tracking/roi';
import { toPicture } from './film.ts';
import type { Random } from './random.ts';
import { Canvas, type Window } from './raster.ts';
import type { Sequence } from './sequence.ts';
import { TRUTH_POINTS } from './truth.ts';

/** The square that the network sees is drawn this large at most: the network takes 256. */
const SIDE_PX = 288;
/** As in the tracker: below this score the person is lost. */
const KEEP_SCORE = 0.5;

/** One look at one frame: picture pixels and camera axes, as in `Landmarks`. */
export interface Look {
  readonly imagePx: Float32Array;
  readonly worldM: Float32Array;
  readonly visibility: Float32Array;
}

/** Draws what the tracker would show the network and asks the network, with the region carried from frame to frame. */
export class Observer {
  readonly canvas = new Canvas(SIDE_PX * 2);
  readonly #landmarker: PoseLandmarker;
  readonly #random: Random;
  readonly #filter = new RegionFilter();
  #roi: Roi | null = null;
  #alignmentPx: Float32Array = new Float32Array(4);
  #picture: Picture | null = null;

  constructor(landmarker: PoseLandmarker, random: Random) {
    this.#landmarker = landmarker;
    this.#random = random;
  }

  reset(): void {
    this.#roi = null;
    this.#filter.reset();
  }

  /** Looks at the posed frame of a sequence, also in the mirror if asked. Returns the score, 0 where the person is not found. */
  async look(sequence: Sequence, timeSec: number, looks: readonly [Look, Look], withMirror: boolean): Promise<number> {
    let score = 0;
    if (!this.#roi) {
      // The detector's region is coarse; the first look only steadies it.
      this.#roi = this.#coarseRegion(sequence);
      await this.#run(sequence, this.#roi, looks[0], false);
      this.#roi = roiFromAlignment(...this.#alignment(sequence, this.#roi));
    }
    const roi = this.#roi;
    score = await this.#run(sequence, roi, looks[0], false);
    if (score < KEEP_SCORE) {
      this.reset();
      return 0;
    }
    const next = this.#filter.next(Float32Array.from(this.#alignment(sequence, roi)), timeSec, roi.sidePx);
    if (withMirror) await this.#run(sequence, roi, looks[1], true, true);
    this.#roi = next;
    return score;
  }

  #coarseRegion(sequence: Sequence): Roi {
    const { camera, truthM } = sequence;
    const at = (name: (typeof TRUTH_POINTS)[number]): [number, number] => {
      const i = TRUTH_POINTS.indexOf(name) * 3;
      const scale = camera.focalPx / truthM[i + 2];
      return [truthM[i] * scale + camera.widthPx / 2, truthM[i + 1] * scale + camera.heightPx / 2];
    };
    const [ax, ay] = at('l_hip');
    const [bx, by] = at('r_hip');
    const centre = [(ax + bx) / 2, (ay + by) / 2];
    let reach = 0;
    for (const name of TRUTH_POINTS) reach = Math.max(reach, Math.hypot(at(name)[0] - centre[0], at(name)[1] - centre[1]));
    const [nx, ny] = at('neck');
    const angle = Math.atan2(ny - centre[1], nx - centre[0]) + this.#random.normal() * 0.1;
    const radius = reach * this.#random.between(0.95, 1.2);
    return roiFromAlignment(centre[0], centre[1], centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle));
  }

  /** The alignment points of the last run in picture pixels. */
  #alignment(sequence: Sequence, roi: Roi): [number, number, number, number] {
    const window = windowAround(sequence, roi);
    const [ax, ay, bx, by] = this.#alignmentPx;
    const x = (v: number): number => v / window.scale + window.originXPx;
    const y = (v: number): number => v / window.scale + window.originYPx;
    return [x(ax), y(ay), x(bx), y(by)];
  }

  /** `isDrawn`: the canvas already holds the region's picture. */
  async #run(sequence: Sequence, roi: Roi, look: Look, mirrored: boolean, isDrawn = false): Promise<number> {
    const window = windowAround(sequence, roi);
    if (!isDrawn || !this.#picture) {
      sequence.draw(this.canvas, window);
      this.#picture = toPicture(this.canvas);
    }
    const inWindow: Roi = {
      centerXPx: (roi.centerXPx - window.originXPx) * window.scale,
      centerYPx: (roi.centerYPx - window.originYPx) * window.scale,
      sidePx: roi.sidePx * window.scale,
      angleRad: roi.angleRad,
    };
    const { score, pose } = await this.#landmarker.look(this.#picture, inWindow, mirrored);
    if (!mirrored) this.#alignmentPx = pose.alignmentPx;
    look.worldM.set(pose.worldM);
    look.visibility.set(pose.visibility);
    for (let i = 0; i < look.imagePx.length; i += 3) {
      look.imagePx[i] = pose.imagePx[i] / window.scale + window.originXPx;
      look.imagePx[i + 1] = pose.imagePx[i + 1] / window.scale + window.originYPx;
      look.imagePx[i + 2] = pose.imagePx[i + 2] / window.scale;
    }
    return score;
  }
}

/** The region's surroundings inside the picture; outside it the tracker sees replicated edges. */
function windowAround(sequence: Sequence, roi: Roi): Window {
  const { widthPx, heightPx } = sequence.camera;
  const half = (roi.sidePx / 2) * (Math.abs(Math.cos(roi.angleRad)) + Math.abs(Math.sin(roi.angleRad)));
  const left = Math.max(0, roi.centerXPx - half);
  const top = Math.max(0, roi.centerYPx - half);
  const right = Math.max(left + 8, Math.min(widthPx, roi.centerXPx + half));
  const bottom = Math.max(top + 8, Math.min(heightPx, roi.centerYPx + half));
  const scale = Math.min(1, SIDE_PX / roi.sidePx);
  return {
    originXPx: Math.min(left, widthPx - 8),
    originYPx: Math.min(top, heightPx - 8),
    scale,
    widthPx: Math.max(8, Math.round((right - left) * scale)),
    heightPx: Math.max(8, Math.round((bottom - top) * scale)),
  };
}
