import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS, type LandmarkName } from '../../src/landmarks.ts';
import type { Detection } from '../../src/models/detection.ts';
import type { SeenPose } from '../../src/models/landmarker.ts';
import type { Picture } from '../../src/tracking/picture.ts';
import { type Roi, roiFromAlignment } from '../../src/tracking/roi.ts';
import { SceneTracker } from '../../src/tracking/scene-tracker.ts';

const WIDTH_PX = 640;
const HEIGHT_PX = 360;
const FPS = 15;

/** Somebody who walks along the picture in plain clothes; the first of several stands in front of the others. */
interface Walker {
  readonly x: (frame: number) => number;
  readonly colour: readonly [y: number, u: number, v: number];
}

const HIP_Y_PX = 180;
const RADIUS_PX = 80;
const HALF_WIDTH_PX = 20;

/** A picture of flat people, and networks that see what is to be seen in it: of people behind each other only the one in front. */
class Street {
  readonly #walkers: readonly Walker[];
  readonly #frames = new Map<Picture, number>();
  /** The detector takes people for standing on their heads. */
  readonly #isUpsideDown: boolean;

  constructor(walkers: readonly Walker[], isUpsideDown = false) {
    this.#walkers = walkers;
    this.#isUpsideDown = isUpsideDown;
  }

  show(frame: number): Picture {
    const plane = (scale: 1 | 2, k: 0 | 1 | 2): Uint8Array => {
      const [width, height] = [WIDTH_PX / scale, HEIGHT_PX / scale];
      const row = Uint8Array.from({ length: width }, (_, x) => this.#front(x * scale, frame)?.colour[k] ?? 128);
      const out = new Uint8Array(width * height);
      for (let y = 0; y < height; y++) out.set(row, y * width);
      return out;
    };
    const shown = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, y: plane(1, 0), u: plane(2, 1), v: plane(2, 2) };
    const picture: Picture = { ...shown, fullRange: false, matrix: 'bt709' };
    this.#frames.set(picture, frame);
    return picture;
  }

  #front(x: number, frame: number): Walker | undefined {
    return this.#walkers.find((walker) => Math.abs(walker.x(frame) - x) <= HALF_WIDTH_PX);
  }

  async detect(shown: Picture, square?: Roi): Promise<Detection[]> {
    const seen = this.#seen(this.#frames.get(shown) as number);
    const inside = seen.filter((x) => !square || Math.abs(x - square.centerXPx) < square.sidePx / 2);
    return inside.map((hipX) => {
      const rimY = HIP_Y_PX + (this.#isUpsideDown ? RADIUS_PX : -RADIUS_PX);
      return { score: 0.9, centerX: hipX, centerY: HIP_Y_PX, width: 80, height: 80, hipX, hipY: HIP_Y_PX, rimX: hipX, rimY };
    });
  }

  /** Places of those who are not hidden. */
  #seen(frame: number): number[] {
    const places = this.#walkers.map((walker) => walker.x(frame));
    return places.filter((x, i) => x > 0 && places.slice(0, i).every((before) => Math.abs(before - x) > HALF_WIDTH_PX));
  }

  async look(shown: Picture, roi: Roi): Promise<SeenPose> {
    const near = this.#seen(this.#frames.get(shown) as number)
      .map((x) => ({ x, away: Math.abs(x - roi.centerXPx) }))
      .filter(({ away }) => away < roi.sidePx / 2)
      .sort((a, b) => a.away - b.away)[0];
    return { score: near ? 0.95 : 0.1, pose: poseAt(near?.x ?? 0, Math.abs(roi.angleRad) > 2) };
  }
}

/** Who is turned over is seen as one without a trunk. */
function poseAt(x: number, isTurnedOver: boolean): SeenPose['pose'] {
  const imagePx = new Float32Array(LANDMARK_COUNT * 3);
  const visibility = new Float32Array(LANDMARK_COUNT);
  const place = (part: 'shoulder' | 'hip' | 'knee', y: number): void => {
    for (const [side, offset] of [
      ['l', 15],
      ['r', -15],
    ] as const) {
      const landmark = LANDMARKS.indexOf(`${side}_${part}` satisfies LandmarkName);
      imagePx.set([x + offset, y, 0], landmark * 3);
      visibility[landmark] = 0.9;
    }
  };
  place('shoulder', isTurnedOver ? HIP_Y_PX : HIP_Y_PX - 50);
  place('hip', HIP_Y_PX);
  place('knee', HIP_Y_PX + 50);
  const rimY = HIP_Y_PX + (isTurnedOver ? RADIUS_PX : -RADIUS_PX);
  return {
    imagePx,
    worldM: new Float32Array(LANDMARK_COUNT * 3),
    visibility,
    alignmentPx: Float32Array.of(x, HIP_Y_PX, x, rimY),
  };
}

const play = async (street: Street, frames: number, cuts: readonly number[] = []): Promise<SceneTracker> => {
  const scene = new SceneTracker(street, street, { mirror: false, imageScale: 1 });
  for (let frame = 0; frame < frames; frame++) {
    if (cuts.includes(frame)) scene.loseEverybody();
    await scene.next(street.show(frame), frame / FPS);
  }
  return scene;
};

/** The walkers that a track was, in the order of time: one, if nobody was mixed up. */
const walkersOf = ({ rows }: { readonly rows: SceneTracker['tracks'][number]['plain']['rows'] }, walkers: readonly Walker[]): number[] => {
  const hip = LANDMARKS.indexOf('l_hip');
  const out: number[] = [];
  for (let row = 0; row < rows.rowCount; row++) {
    if (rows.seen[row] !== 1) continue;
    const x = rows.imagePx[(row * LANDMARK_COUNT + hip) * 3] - 15;
    const who = walkers.findIndex((walker) => Math.abs(walker.x(rows.firstFrame + row) - x) < 1);
    if (who !== out.at(-1)) out.push(who);
  }
  return out;
};

const RED = [90, 100, 200] as const;
const BLUE = [60, 190, 110] as const;

describe('people who pass each other', () => {
  const crossing: readonly Walker[] = [
    // In front, and noticed later.
    { x: (f) => (f < 6 ? -1000 : 150 + 6 * f), colour: RED },
    { x: (f) => 500 - 6 * f, colour: BLUE },
  ];

  it('stay themselves: whoever is hidden is lost, and is found again as the same', async () => {
    const { tracks } = await play(new Street(crossing), 58);
    expect(tracks.map((track) => walkersOf(track.plain, crossing)).sort()).toEqual([[0], [1]]);
    for (const { plain } of tracks) expect(plain.rows.firstFrame + plain.rows.rowCount).toBe(58);
    expect(tracks.some(({ plain }) => plain.foundCount < 58 - plain.rows.firstFrame)).toBe(true);
  });

  it('are told apart by where they go if they wear the same', async () => {
    const uniform = crossing.map((walker) => ({ ...walker, colour: RED }));
    const { tracks } = await play(new Street(uniform), 58);
    expect(tracks.map((track) => walkersOf(track.plain, uniform)[0]).sort()).toEqual([0, 1]);
  });

  it('change places in a cut without becoming each other', async () => {
    const exchanged: readonly Walker[] = [
      { x: (f) => (f < 20 ? 150 : 480), colour: RED },
      { x: (f) => (f < 20 ? 480 : 150), colour: BLUE },
    ];
    const { tracks } = await play(new Street(exchanged), 40, [20]);
    for (const track of tracks) expect(walkersOf(track.plain, exchanged)).toHaveLength(1);
  });
});

describe('somebody new', () => {
  it('is looked for also while somebody is missing', async () => {
    const walkers: readonly Walker[] = [
      { x: () => 320, colour: RED },
      { x: (f) => (f < 12 ? 100 : -1000), colour: BLUE },
      { x: (f) => (f < 14 ? -1000 : 560), colour: BLUE },
    ];
    const { tracks } = await play(new Street(walkers), 28);
    expect(tracks.map((track) => walkersOf(track.plain, walkers))).toContainEqual([2]);
  });

  it('is seen upright though the detector took them for standing on their head', async () => {
    const walkers: readonly Walker[] = [{ x: () => 320, colour: RED }];
    const { tracks } = await play(new Street(walkers, true), 3);
    expect(tracks[0].last?.angleRad).toBeCloseTo(roiFromAlignment(0, 0, 0, -1).angleRad);
  });
});
