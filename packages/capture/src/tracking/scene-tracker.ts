import { peopleBoxes } from '../camera-motion/people-boxes.ts';
import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { PoseLandmarker } from '../models/landmarker.ts';
import { canBeSamePerson, isSamePerson, roiDistance } from './continuity.ts';
import { areTheirs, canBeMetAgain, isSomebodyElse, type Known, wearsOtherClothes } from './identity.ts';
import { knownOf, PersonTrack } from './person-track.ts';
import type { Picture } from './picture.ts';
import { type Roi, roiFromAlignment } from './roi.ts';
import { type PeopledPicture, PersonSearch } from './search.ts';
import { Eyes, type Sight } from './sight.ts';

export interface SceneOptions {
  /** Look at every region a second time, mirrored. */
  readonly mirror: boolean;
  /** Brings pixels of the decoded pictures to those of the source. */
  readonly imageScale: number;
}

/** Below this score of the landmark network the person that was followed is lost. */
const KEEP_SCORE = 0.5;
/** While everybody known is in sight, newcomers are looked for this often; while someone is missing, more often. */
const GLANCE_SEC = 0.25;
const MISSING_GLANCE_SEC = 0.1;
/** Who has been missing for longer has left: nobody waits for them, and only at the very place where they were is it them again. */
const GONE_SEC = 2;
/** People followed at a time, and in the whole clip. */
const MOST_AT_ONCE = 3;
const MOST_TRACKS = 24;
/** Smaller than this beside the largest person in sight: a bystander who is not followed. */
const SMALLEST_PART = 0.4;

type Frame = Omit<PeopledPicture, 'boxes'>;

/** Whom the detector is to look for first: somebody missing and newcomers in turn, or anybody in an empty scene. */
type Wanted = PersonTrack | 'newcomers' | 'anybody';

interface Finding {
  readonly wanted: Wanted;
  /** In which of the squares newcomers were looked for. */
  readonly turn: number;
  readonly found: readonly Detection[];
}

const regionOf = (d: Detection): Roi => roiFromAlignment(d.hipX, d.hipY, d.rimX, d.rimY);

/**
 * Follows the people of a clip, each on a track of its own, so that a loss never continues on somebody else. Regions come from the
 * landmarks of the frame before; the detector looks only now and then, and whenever someone is missing.
 */
export class SceneTracker {
  readonly #search: PersonSearch;
  readonly #eyes: Eyes;
  readonly #options: SceneOptions;
  readonly #tracks: PersonTrack[] = [];
  #frame = 0;
  #lastSec = Number.NEGATIVE_INFINITY;
  /** Time of the last frame before the latest cut. */
  #cutSec = Number.NEGATIVE_INFINITY;
  #looks = 0;
  #glances = 0;
  #glanceSec = Number.NEGATIVE_INFINITY;
  /** Whether something is searched for in the frame that is being looked at. */
  #isSearching = false;
  /** The frame before that one, if it is in the same shot. */
  #before: Picture | undefined;
  /** Time of that frame; undefined between two. */
  #nowSec: number | undefined;
  /** The search for newcomers in the frame after that one. */
  #ahead: { readonly picture: Picture; readonly finding: Promise<Finding> } | undefined;

  constructor(detector: Pick<PersonDetector, 'detect'>, landmarker: Pick<PoseLandmarker, 'look'>, options: SceneOptions) {
    this.#search = new PersonSearch(detector);
    this.#eyes = new Eyes(landmarker, options.mirror);
    this.#options = options;
  }

  get tracks(): readonly PersonTrack[] {
    return this.#tracks;
  }

  /**
   * Follows everybody into the next frame and looks for who is missing and who is new. Whatever needs no answer of another look is asked
   * for at once; answers are taken in the order of the tracks, whoever answers first. The picture must last until the next one is done.
   */
  async next(picture: Picture, timeSec: number): Promise<void> {
    const frame = { picture, timeSec };
    const followed = this.#tracks.filter((track) => track.expected);
    if (followed.length > 1) for (const track of followed) track.forgetCourse();
    this.#nowSec = timeSec;
    const looking = Promise.all(followed.map((track) => this.#eyes.see(picture, track.expected as Roi)));
    const searching = this.#ahead?.picture === picture ? this.#ahead.finding : this.#foretell(frame);
    this.#ahead = undefined;
    this.#isSearching = searching !== undefined;
    const [sights, finding] = await Promise.all([looking, searching]);
    const theirs = this.#areTheirs(followed, sights, timeSec);
    followed.forEach((track, i) => {
      if (!theirs[i] || !this.#accept(sights[i], track, timeSec)) track.lose();
    });
    await this.#lookForMore(frame, finding);
    this.#before = picture;
    this.#frame++;
    this.#lastSec = timeSec;
    this.#nowSec = undefined;
  }

  /**
   * Shows the frame after the one that is being looked at, which must be in the same shot. The networks begin with it now: with those who
   * are followed, where they are foreseen to be, and with the search for newcomers if it will be due. The result of `next` is the same
   * without; the picture must last until then.
   */
  lookAhead(picture: Picture, timeSec: number): void {
    const nowSec = this.#nowSec;
    const expected = this.#tracks.map((track) => (nowSec === undefined ? track.expected : track.foresee(nowSec)));
    this.#eyes.seeEarly(
      picture,
      expected.filter((roi) => roi !== undefined),
    );
    if (this.#isSearching || this.#expects(timeSec) !== 'newcomers') return;
    const finding = this.#foretell({ picture, timeSec });
    finding?.catch(() => undefined); // Met in `next`.
    this.#ahead = finding && { picture, finding };
  }

  /** The next frame may belong to another shot: nobody is expected in it where they were, nor missed there. */
  loseEverybody(): void {
    for (const track of this.#tracks) track.lose();
    this.#search.forgetSurroundings();
    this.#before = undefined;
    this.#cutSec = this.#lastSec;
  }

  #inSight(timeSec: number): PersonTrack[] {
    return this.#tracks.filter((track) => track.wasSeenAt(timeSec));
  }

  /** Whom the detector will have to look for if everybody who is followed is found again: as a rule. */
  #expects(timeSec: number): Wanted | undefined {
    return this.#wanted(timeSec, (track) => track.expected !== undefined);
  }

  #foretell(frame: Frame): Promise<Finding> | undefined {
    const wanted = this.#expects(frame.timeSec);
    if (!wanted || (wanted === 'newcomers' && !this.#search.canBeNewcomers(this.#peopled(frame), this.#glances))) return undefined;
    return this.#ask(wanted, frame.picture);
  }

  #peopled(frame: Frame): PeopledPicture {
    return { ...frame, boxes: peopleBoxes(this.#tracks, frame.timeSec) };
  }

  async #ask(wanted: Wanted, picture: Picture): Promise<Finding> {
    const turn = this.#glances;
    return { wanted, turn, found: await this.#find(wanted, picture) };
  }

  /** With nobody in sight everything is tried; for somebody missing the surroundings; else newcomers are looked for now and then. */
  async #lookForMore(frame: Frame, foretold: Finding | undefined): Promise<void> {
    const { picture, timeSec } = frame;
    const wanted = this.#wanted(timeSec, (track) => track.wasSeenAt(timeSec));
    if (!wanted) return;
    this.#glanceSec = timeSec;
    // Somebody got lost just now, or was found: an answer to another question is left aside.
    const isAnswer = foretold?.wanted === wanted && foretold.turn === this.#glances;
    const isVain = wanted === 'newcomers' && !this.#search.decideGlance(this.#peopled(frame), this.#glances);
    const found = isVain ? [] : isAnswer ? foretold.found : await this.#find(wanted, picture);
    this.#looks++;
    if (wanted === 'newcomers') this.#glances++;
    await this.#meet(found, frame);
    if (wanted !== 'anybody' && this.#inSight(timeSec).length === 0) await this.#meet(await this.#find('anybody', picture), frame);
    if (this.#inSight(timeSec).length === 0) await this.#meet(await this.#search.comb(picture), frame);
  }

  /** Whom the detector is to look for in this frame; undefined: it has looked a short while ago. */
  #wanted(timeSec: number, isInSight: (track: PersonTrack) => boolean): Wanted | undefined {
    const missing = this.#missing(timeSec, isInSight);
    const isEmpty = !this.#tracks.some(isInSight);
    const pauseSec = isEmpty ? 0 : missing.length > 0 ? MISSING_GLANCE_SEC : GLANCE_SEC;
    if (timeSec - this.#glanceSec < pauseSec) return undefined;
    const wanted = isEmpty && missing.length > 0 ? missing : [...missing, isEmpty ? ('anybody' as const) : ('newcomers' as const)];
    return wanted[this.#looks % wanted.length];
  }

  #find(wanted: Wanted, picture: Picture): Promise<readonly Detection[]> {
    if (wanted === 'newcomers') return this.#search.glance(picture, this.#glances);
    if (wanted === 'anybody' || !wanted.last) return this.#search.everywhere(picture);
    return this.#search.around(picture, wanted.last);
  }

  /** Who was lost in this shot, the last first, but not so long ago that they have left. */
  #missing(timeSec: number, isInSight: (track: PersonTrack) => boolean): PersonTrack[] {
    return this.#tracks.filter((track) => !isInSight(track) && this.#isAbout(track, timeSec)).sort((a, b) => b.lastSec - a.lastSec);
  }

  /** The person was in sight a moment ago, and in this shot. */
  #isAbout(track: PersonTrack, timeSec: number): boolean {
    return timeSec - track.lastSec <= GONE_SEC && track.lastSec > this.#cutSec;
  }

  /** Gives every detected person, the largest first, to the track it continues, or to a new one. */
  async #meet(detections: readonly Detection[], frame: Frame): Promise<void> {
    for (const roi of detections.map(regionOf).sort((a, b) => b.sidePx - a.sidePx)) {
      const inSight = this.#inSight(frame.timeSec);
      if (inSight.some((track) => track.last && isSamePerson(track.last, roi))) continue;
      const missing = this.#missingAt(roi, frame.timeSec);
      const isWorthFollowing = this.#isWorthFollowing(roi, inSight);
      if (missing.length > 0 || isWorthFollowing) await this.#meetAt(frame, roi, missing, isWorthFollowing);
    }
  }

  /** The lost people who can be at `roi` by now, the nearest first. */
  #missingAt(roi: Roi, timeSec: number): PersonTrack[] {
    const distance = (track: PersonTrack): number => (track.last ? roiDistance(track.last, roi) : Number.POSITIVE_INFINITY);
    return this.#tracks
      .filter((track) => !track.wasSeenAt(timeSec) && this.#canContinue(track, roi, timeSec))
      .sort((a, b) => distance(a) - distance(b));
  }

  #canContinue(track: PersonTrack, roi: Roi, timeSec: number): boolean {
    const missingSec = timeSec - track.lastSec;
    return track.last !== undefined && canBeSamePerson(track.last, roi, missingSec > GONE_SEC ? 0 : missingSec);
  }

  #isWorthFollowing(roi: Roi, inSight: readonly PersonTrack[]): boolean {
    if (inSight.length >= MOST_AT_ONCE) return false;
    return inSight.every((track) => roi.sidePx >= SMALLEST_PART * (track.last?.sidePx ?? 0));
  }

  /** Meets somebody at a region that the detector proposes: one of those who are missing there, by their clothes, or somebody new. */
  async #meetAt(frame: Frame, proposed: Roi, missing: readonly PersonTrack[], isNewWelcome: boolean): Promise<void> {
    const { picture, timeSec } = frame;
    const sight = await this.#eyes.meet(picture, proposed);
    if (!sight || this.#inSight(timeSec).some((track) => track.last && isSamePerson(track.last, sight.roi))) return;
    const known = missing.find((track) => this.#canBe(track, sight, timeSec));
    if (!known && !isNewWelcome) return;
    const track = known ?? new PersonTrack(this.#frame);
    if (!this.#accept(sight, track, timeSec)) return;
    if (!known) this.#tracks.push(track);
    if (this.#tracks.length > MOST_TRACKS) this.#forgetLightest(timeSec);
    // Whoever was not there a frame ago need not be looked for in the frames before.
    if (this.#before && !(await this.#eyes.isIn(this.#before, sight))) track.arrive(this.#frame);
  }

  /** After a cut somebody else may stand where the person stood. */
  #canBe(track: PersonTrack, sight: Sight, timeSec: number): boolean {
    const known = knownOf(track, timeSec);
    return track.lastSec > this.#cutSec ? canBeMetAgain(known, sight, this.#othersOf(track, timeSec)) : !wearsOtherClothes(known, sight);
  }

  #othersOf(track: PersonTrack, timeSec: number): Known[] {
    return this.#tracks.filter((other) => other !== track && this.#isAbout(other, timeSec)).map((other) => knownOf(other, timeSec));
  }

  /** Whether what is seen where people were expected is them: whoever passes in front of somebody is not. */
  #areTheirs(followed: readonly PersonTrack[], sights: readonly Sight[], timeSec: number): boolean[] {
    const known = followed.map((track) => knownOf(track, timeSec));
    const theirs = areTheirs(
      known,
      sights.map((sight) => (sight.seen.score >= KEEP_SCORE ? sight : undefined)),
    );
    return theirs.map((isTheirs, i) => isTheirs && !isSomebodyElse(known[i], sights[i], this.#othersOf(followed[i], timeSec)));
  }

  /** Passers-by must not use up the memory, nor the places of those who come later. */
  #forgetLightest(timeSec: number): void {
    const lightest = this.#tracks.filter((track) => !track.wasSeenAt(timeSec)).sort((a, b) => a.weight - b.weight)[0];
    this.#tracks.splice(this.#tracks.indexOf(lightest), 1);
  }

  /** Writes what a region shows to a track, if it is a person. */
  #accept({ looked, clothes, seen, mirrored }: Sight, track: PersonTrack, timeSec: number): boolean {
    const { score, pose } = seen;
    if (score < KEEP_SCORE) return false;
    track.wear(clothes, this.#frame, timeSec);
    track.follow(pose, looked, timeSec);
    track.plain.add(this.#frame, score, pose, this.#options.imageScale);
    if (mirrored) track.mirrored.add(this.#frame, mirrored.score, mirrored.pose, this.#options.imageScale);
    return true;
  }
}
