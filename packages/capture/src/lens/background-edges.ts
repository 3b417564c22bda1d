import type { Luma } from '../camera-motion/luma-pyramid.ts';
import type { Turn } from '../camera-motion/turn.ts';
import { copyTurn, createTurn } from '../camera-motion/turn.ts';
import type { Box } from '../preflight/box.ts';
import { cameraFor } from '../solve/camera.ts';
import { edgeLines } from './edge-lines.ts';
import type { LensProfile } from './lens-profile.ts';
import { lensProfile } from './lens-profile.ts';
import { PlateMaker } from './plate.ts';
import { thinLines } from './thin-lines.ts';

/** What the straight edges behind the people say about the camera as it was in one frame. */
export interface BackgroundEdges {
  readonly frame: number;
  readonly profile: LensProfile;
}

/** Pictures that are laid over each other, frames from the first: people walk on, and uncover what is behind them. */
const TAKEN = [0, 20, 60, 150];
/** A camera that has turned or zoomed farther has left the plate: about a pixel of 1280. */
const STILL = 0.001;
/** With less of the background followed the picture may be another. */
const LEAST_AGREEMENT = 0.5;
/** A clip of many shots is looked at so often. */
const MOST_PLATES = 6;

/** Lays pictures of a camera that stands still over each other, and looks for edges when that is done. */
export class EdgeWatcher {
  readonly #found: BackgroundEdges[] = [];
  readonly #start: Turn = createTurn();
  #plate: PlateMaker | undefined;
  #plates = 0;
  #frame = 0;
  #firstFrame = 0;

  /** Shows the next picture, where people are in it, how the camera is turned, and how much of the background agrees with that. */
  next(picture: Luma, people: readonly Box[], turn: Turn, agreement: number): void {
    const frame = this.#frame++;
    if (this.#plate) {
      const isWanted = TAKEN.includes(frame - this.#firstFrame) && agreement >= LEAST_AGREEMENT;
      if (isWanted && this.#isStill(turn)) this.#plate.add(picture, people);
    } else if (this.#plates < MOST_PLATES) {
      this.#plates++;
      this.#plate = new PlateMaker(picture.widthPx, picture.heightPx);
      this.#plate.add(picture, people);
      this.#firstFrame = frame;
      copyTurn(this.#start, turn);
    }
  }

  /** What comes next is another view. */
  cut(): void {
    if (this.#plate) this.#found.push({ frame: this.#firstFrame, profile: profileOf(this.#plate) });
    this.#plate = undefined;
  }

  finish(): BackgroundEdges[] {
    this.cut();
    return this.#found;
  }

  #isStill({ rotation, scale }: Turn): boolean {
    const { rotation: start, scale: size } = this.#start;
    return rotation.every((value, k) => Math.abs(value - start[k]) < STILL) && Math.abs(scale / size - 1) < STILL;
  }
}

function profileOf(plate: PlateMaker): LensProfile {
  const lines = thinLines(edgeLines(plate.finish()), Math.hypot(plate.widthPx, plate.heightPx));
  return lensProfile(lines, cameraFor(plate, undefined).focalPx);
}

/** The edges seen in the frames `[from, to)`. */
export const edgesIn = (edges: readonly BackgroundEdges[], from: number, to: number): BackgroundEdges[] =>
  edges.filter(({ frame }) => frame >= from && frame < to).map((seen) => ({ ...seen, frame: seen.frame - from }));
