import { LANDMARKS } from '../landmarks.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { Pose, PoseLandmarker } from '../models/landmarker.ts';
import { isSamePerson } from '../tracking/continuity.ts';
import type { Picture } from '../tracking/picture.ts';
import { type Roi, roiFromAlignment } from '../tracking/roi.ts';
import { bigSquares, PersonSearch } from '../tracking/search.ts';
import { type Box, boxAround } from './box.ts';

/** Somebody in a picture. */
export interface SeenPerson {
  readonly box: Box;
  /** At least one ankle is in the picture and not hidden. */
  readonly showsLegs: boolean;
}

/** What the detector proposes is believed from this score of the landmark network on, as in tracking. */
const BELIEVED = 0.75;
/** Proposals that are looked at in one picture: a crowd is a crowd. */
const MOST_PROPOSALS = 6;
/** A banner of a picture would have hundreds. */
const MOST_SQUARES = 4;
/** Smaller than this beside the largest: a bystander who does not disturb. */
const SMALLEST_PART = 0.4;

type Landmarker = Pick<PoseLandmarker, 'look'>;

/** Finds the people of single pictures, without any memory of the pictures before. */
export class PeopleFinder {
  readonly #detector: Pick<PersonDetector, 'detect'>;
  readonly #search: PersonSearch;
  readonly #landmarker: Landmarker;

  constructor(detector: Pick<PersonDetector, 'detect'>, landmarker: Landmarker) {
    this.#detector = detector;
    this.#search = new PersonSearch(detector);
    this.#landmarker = landmarker;
  }

  /** People of a picture, the largest first; looks closer where there seems to be nobody. */
  async find(picture: Picture): Promise<SeenPerson[]> {
    for (const propose of [() => this.#inSquares(picture), () => this.#search.everywhere(picture), () => this.#search.comb(picture)]) {
      const proposals = (await propose()).map((d) => roiFromAlignment(d.hipX, d.hipY, d.rimX, d.rimY));
      const people = await this.#believe(picture, proposals);
      if (people.length > 0) return people;
    }
    return [];
  }

  async #inSquares(picture: Picture) {
    const found = [];
    for (const square of bigSquares(picture).slice(0, MOST_SQUARES)) found.push(...(await this.#detector.detect(picture, square)));
    return found.sort((a, b) => b.score - a.score);
  }

  async #believe(picture: Picture, proposals: readonly Roi[]): Promise<SeenPerson[]> {
    const regions: Roi[] = [];
    const people: { readonly person: SeenPerson; readonly sidePx: number }[] = [];
    for (const roi of proposals.slice(0, MOST_PROPOSALS)) {
      if (regions.some((known) => isSamePerson(known, roi))) continue;
      const { score, pose } = await this.#landmarker.look(picture, roi);
      if (score < BELIEVED) continue;
      const seen = roiFromAlignment(pose.alignmentPx[0], pose.alignmentPx[1], pose.alignmentPx[2], pose.alignmentPx[3]);
      const box = boxAround(pose.imagePx, pose.visibility);
      if (box === null || regions.some((known) => isSamePerson(known, seen))) continue;
      regions.push(seen);
      people.push({ person: { box, showsLegs: showsLegs(pose, picture) }, sidePx: seen.sidePx });
    }
    people.sort((a, b) => b.sidePx - a.sidePx);
    return people.filter(({ sidePx }) => sidePx >= SMALLEST_PART * people[0].sidePx).map(({ person }) => person);
  }
}

const ANKLES = (['l_ankle', 'r_ankle'] as const).map((name) => LANDMARKS.indexOf(name));
const VISIBLE = 0.5;

const showsLegs = ({ imagePx, visibility }: Pose, { widthPx, heightPx }: Picture): boolean =>
  ANKLES.some((i) => {
    const [x, y] = [imagePx[i * 3], imagePx[i * 3 + 1]];
    return visibility[i] >= VISIBLE && x >= 0 && x < widthPx && y >= 0 && y < heightPx;
  });
