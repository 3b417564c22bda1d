import type { Pose, PoseLandmarker, SeenPose } from '../models/landmarker.ts';
import { type Clothes, clothesOf } from './clothes.ts';
import type { Picture } from './picture.ts';
import { isSameRoi } from './region-forecast.ts';
import { type Roi, roiFromAlignment } from './roi.ts';
import { showsTrunk, trunkLength } from './trunk.ts';

/** What the network sees in a region, and what it sees in its mirror image. */
export interface Sight {
  /** Where it looked. */
  readonly looked: Roi;
  /** Where the body is that it saw there, and what it wears. */
  readonly roi: Roi;
  readonly clothes: Clothes;
  readonly seen: SeenPose;
  readonly mirrored?: SeenPose;
}

/** From this score on somebody is there: with no detector to ask, more is demanded than of those who are followed forwards. */
const THERE_SCORE = 0.6;
/** Whether somebody was seen in a frame, rather than what was where they were expected. */
export const isThere = ({ score, pose }: SeenPose, picture: Picture): boolean =>
  score >= THERE_SCORE && showsTrunk(pose.imagePx, pose.visibility, picture);

/** What the detector proposes is only believed from this score of the landmark network on: table legs reach 0.6. */
const MEET_SCORE = 0.75;
/** A trunk that is shorter than this part of the region's side points at the camera, or is none: upright it is a fifth. */
const SHORTEST_TRUNK = 0.06;
/** How much wider than such a body the network looks then. */
const WIDER = 1.8;

/** Looks at people with the landmark network. */
export class Eyes {
  readonly #landmarker: Pick<PoseLandmarker, 'look'>;
  readonly #mirror: boolean;
  /** Looks that were begun before they were asked for. */
  #early: { readonly picture: Picture; readonly sights: ReadonlyMap<Roi, Promise<Sight>> } | undefined;

  /** With `mirror` every region is looked at a second time, mirrored. */
  constructor(landmarker: Pick<PoseLandmarker, 'look'>, mirror: boolean) {
    this.#landmarker = landmarker;
    this.#mirror = mirror;
  }

  /** Whether somebody who was seen in one picture is in the same place of another. */
  async isIn(picture: Picture, { roi }: Sight): Promise<boolean> {
    return isThere(await this.#landmarker.look(picture, roi), picture);
  }

  /** Begins to look at regions of a picture that will probably be asked for next. */
  seeEarly(picture: Picture, regions: readonly Roi[]): void {
    const sights = new Map(regions.map((roi) => [roi, this.#look(picture, roi)]));
    for (const sight of sights.values()) sight.catch(() => undefined); // Met in `see`.
    this.#early = { picture, sights };
  }

  /** A region, and its mirror image where that is wanted. */
  see(picture: Picture, looked: Roi): Promise<Sight> {
    const sights = this.#early?.picture === picture ? [...this.#early.sights] : [];
    const early = sights.find(([roi]) => isSameRoi(roi, looked))?.[1];
    return early ?? this.#look(picture, looked);
  }

  /** Both at once, though whoever is not there is not looked for in the mirror. */
  async #look(picture: Picture, looked: Roi): Promise<Sight> {
    const looks = [this.#landmarker.look(picture, looked), ...(this.#mirror ? [this.#landmarker.look(picture, looked, true)] : [])];
    const [seen, mirrored] = await Promise.all(looks);
    return { looked, seen, mirrored, roi: regionAround(seen.pose), clothes: clothesOf(picture, seen.pose) };
  }

  /**
   * Somebody at a region that the detector proposes; undefined if nobody is there. Its regions are coarse: what is seen in them only says
   * where to look for the landmarks, else the first frame would be worse than all others.
   */
  async meet(picture: Picture, proposed: Roi): Promise<Sight | undefined> {
    const sight = await this.#settle(picture, proposed);
    if (!sight || !hasNoTrunk(sight)) return sight;
    // The detector sometimes takes somebody for standing on their head, and the network, which sees them turned over, then sees no more
    // of them frame after frame.
    const upright = await this.#settle(picture, { ...sight.roi, sidePx: sight.roi.sidePx * WIDER, angleRad: 0 });
    return upright && !hasNoTrunk(upright) ? upright : sight;
  }

  async #settle(picture: Picture, proposed: Roi): Promise<Sight | undefined> {
    const { score, pose } = await this.#landmarker.look(picture, proposed);
    return score < MEET_SCORE ? undefined : this.see(picture, regionAround(pose));
  }
}

const regionAround = ({ alignmentPx }: Pose): Roi => {
  const [centerX, centerY, rimX, rimY] = alignmentPx;
  return roiFromAlignment(centerX, centerY, rimX, rimY);
};

const hasNoTrunk = ({ roi, seen }: Sight): boolean => trunkLength(seen.pose.imagePx) < SHORTEST_TRUNK * roi.sidePx;
