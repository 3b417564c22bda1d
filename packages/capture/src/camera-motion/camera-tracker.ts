import { EdgeWatcher } from '../lens/background-edges.ts';
import type { Box } from '../preflight/box.ts';
import { cameraFor } from '../solve/camera.ts';
import type { VideoInfo } from '../video-info.ts';
import type { CameraTrack } from './camera-motion.ts';
import { searchShift } from './coarse-search.ts';
import type { Comparison, IsFree, KeyPicture } from './key-picture.ts';
import { compare, createComparison, FEWEST_CORNERS, isBelieved, isGood, shareOf, takeKey } from './key-picture.ts';
import { lensLog } from './lens-evidence.ts';
import type { Luma, LumaPyramid } from './luma-pyramid.ts';
import { createPyramid, fillPyramid, LEVELS } from './luma-pyramid.ts';
import { movementOf, unexplained } from './movement.ts';
import { taggedLensLog } from './seen-lens.ts';
import { TrackRecorder } from './track-recorder.ts';
import type { Turn } from './turn.ts';
import { copyTurn, createTurn, multiplyMatrices, multiplyTransposed, orthonormalise } from './turn.ts';

/** Mean movement against the key picture after which another key picture is better, pixels of the map; and turn about the line of sight. */
const FAR_PX = 26;
const FAR_ROLL = 0.1;
const FAR_ZOOM = 0.06;
/** Key pictures seen again within this distance are used again: a swaying camera does not drift. */
const NEAR_PX = 14;
const MOST_KEYS = 24;
/** A blurred or covered picture may be lost; a new start is believed after as many frames. */
const SPARE_FRAMES = 3;
/** A camera that has not moved for so many frames is looked at less often: in every third picture, until it moves again. */
const STILL_FRAMES = 15;
const STILL_EVERY = 3;
const STILL_PX = 0.4;
/** People move beyond the boxes around what is visible of them, by this part of the longer side. */
const PERSON_MARGIN = 0.05;

/**
 * Follows the background of a clip through its pictures and works out how the camera turned. Compares with key pictures rather
 * than with the picture before. Costs a fraction of a millisecond a picture; planes are not kept.
 */
export class CameraTracker {
  #pyramid: LumaPyramid | undefined;
  #focalPx = 0;
  #people: readonly Box[] = [];
  #key: KeyPicture | undefined;
  /** Taken where the background was lost; replaces the key picture unless that is found again. */
  #spare: KeyPicture | undefined;
  #spareFrames = 0;
  readonly #keys: KeyPicture[] = [];
  #now = createComparison();
  #other = createComparison();
  /** Cameras of the last two pictures → that of the first. */
  readonly #last = createTurn();
  readonly #older = createTurn();
  readonly #guess = createTurn();
  readonly #matrix = new Float64Array(9);
  #stillFrames = 0;
  /** Pictures not looked at since the last that was; and before the spare key picture was taken. */
  #skipped = 0;
  #skippedBeforeSpare = 0;
  #lastAgreement = 0;
  readonly #recorder = new TrackRecorder();
  readonly #edges = new EdgeWatcher();

  /** Shows the next picture, and where people are in it, pixels of the picture. */
  next(picture: Luma, people: readonly Box[]): void {
    this.#pyramid ??= this.#start(picture);
    this.#people = people;
    if (this.#stillFrames >= STILL_FRAMES && this.#stillFrames % STILL_EVERY !== 0) {
      this.#stillFrames++;
      this.#skipped++;
      this.#recorder.add(this.#last, this.#lastAgreement, Number.NaN);
      this.#watchEdges(picture);
      return;
    }
    fillPyramid(this.#pyramid, picture);
    this.#lastAgreement = this.#look(this.#pyramid);
    const isStill = isGood(this.#now) && movementOf(this.#now.matches) < STILL_PX;
    this.#skipped = 0;
    this.#stillFrames = this.#lastAgreement > 0 && isStill ? this.#stillFrames + 1 : 0;
    this.#recorder.add(this.#last, this.#lastAgreement, this.#lastAgreement > 0 ? unexplained(this.#now, this.#focalPx) : Number.NaN);
    this.#watchEdges(picture);
  }

  /** While a new start hangs in the air, nobody knows whether the picture is still of the same view. */
  #watchEdges(picture: Luma): void {
    this.#edges.next(picture, this.#people, this.#last, this.#spare ? 0 : this.#lastAgreement);
  }

  /** The track of all pictures shown; `source` is the size in which angles are of use, and the lens that the file names. */
  finish(source: Pick<VideoInfo, 'widthPx' | 'heightPx' | 'lens35mm'>): CameraTrack {
    return {
      ...this.#recorder.finish(cameraFor(source, undefined).focalPx),
      ...(source.lens35mm !== undefined && { taggedLog: taggedLensLog(source.lens35mm) }),
      edges: this.#edges.finish(),
    };
  }

  #start(picture: Luma): LumaPyramid {
    const pyramid = createPyramid(picture.widthPx, picture.heightPx);
    this.#focalPx = cameraFor(pyramid.levels[0], undefined).focalPx;
    return pyramid;
  }

  /** Share of the background that agrees with what was found, 0 where nothing was. */
  #look(pyramid: LumaPyramid): number {
    if (!this.#key) {
      this.#key = this.#takeKey(pyramid);
      return this.#key ? 1 : 0;
    }
    if (this.#follow(this.#key, pyramid)) {
      if (this.#spareFrames > 0) this.#recorder.forget(this.#spareFrames);
      this.#spare = undefined;
      this.#spareFrames = 0;
      if (this.#isFar()) {
        this.#recorder.addLens(lensLog(this.#now.matches, this.#now.turn, this.#focalPx));
        this.#key = this.#nearKey(pyramid) ?? this.#takeKey(pyramid) ?? this.#key;
      }
      return shareOf(this.#now);
    }
    return this.#startAgain(pyramid);
  }

  /** Goes on from a spare key picture, which becomes the key picture once it has been followed for a while. */
  #startAgain(pyramid: LumaPyramid): number {
    if (this.#spare && this.#follow(this.#spare, pyramid)) {
      if (++this.#spareFrames >= SPARE_FRAMES) {
        this.#recorder.markBreak(this.#spareFrames + this.#skippedBeforeSpare);
        this.#edges.cut();
        this.#key = this.#spare;
        this.#keys.length = 0;
        this.#spare = undefined;
        this.#spareFrames = 0;
      }
      return shareOf(this.#now);
    }
    copyTurn(this.#older, this.#last);
    this.#recorder.forget(this.#spareFrames + this.#skipped);
    this.#spareFrames = 0;
    this.#skippedBeforeSpare = this.#skipped;
    this.#spare = takeKey(pyramid, this.#last, this.#isFree);
    return 0;
  }

  readonly #isFree: IsFree = (x, y) => {
    const factor = this.#pyramid?.factor ?? 1;
    for (const { leftPx, topPx, widthPx, heightPx } of this.#people) {
      const margin = PERSON_MARGIN * Math.max(widthPx, heightPx);
      const dx = x * factor - leftPx;
      const dy = y * factor - topPx;
      if (dx > -margin && dx < widthPx + margin && dy > -margin && dy < heightPx + margin) return false;
    }
    return true;
  };

  /** Compares with a key picture: first from where the motion so far leads, then ever more widely. True if the result is believed. */
  #follow(key: KeyPicture, pyramid: LumaPyramid): boolean {
    this.#compareFrom(this.#now, key, pyramid, this.#extrapolated(), 1);
    for (let attempt = 0; attempt < 3 && !isGood(this.#now); attempt++) {
      if (attempt === 2 && isBelieved(this.#now)) break;
      this.#compareFrom(this.#other, key, pyramid, this.#wideGuess(attempt, key, pyramid), LEVELS);
      if (this.#other.agreeing > this.#now.agreeing) [this.#now, this.#other] = [this.#other, this.#now];
    }
    if (!isBelieved(this.#now)) return false;
    copyTurn(this.#older, this.#last);
    multiplyMatrices(this.#last.rotation, key.turn.rotation, this.#now.turn.rotation);
    orthonormalise(this.#last.rotation);
    this.#last.scale = key.turn.scale * this.#now.turn.scale;
    return true;
  }

  #wideGuess(attempt: number, key: KeyPicture, pyramid: LumaPyramid): Turn {
    if (attempt === 0) return this.#extrapolated();
    if (attempt === 1) return this.#last;
    const coarsest = pyramid.levels[LEVELS - 1];
    searchShift(this.#other.turn, key.coarse, coarsest, this.#focalPx, 1 << (LEVELS - 1));
    multiplyMatrices(this.#guess.rotation, key.turn.rotation, this.#other.turn.rotation);
    this.#guess.scale = key.turn.scale;
    return this.#guess;
  }

  #compareFrom(out: Comparison, key: KeyPicture, pyramid: LumaPyramid, guess: Turn, levels: number): void {
    multiplyTransposed(out.turn.rotation, key.turn.rotation, guess.rotation);
    out.turn.scale = guess.scale / key.turn.scale;
    compare(out, key, pyramid, this.#focalPx, this.#isFree, levels);
  }

  /** Where the camera is now if it goes on turning as it did. */
  #extrapolated(): Turn {
    multiplyTransposed(this.#matrix, this.#older.rotation, this.#last.rotation);
    multiplyMatrices(this.#guess.rotation, this.#last.rotation, this.#matrix);
    this.#guess.scale = this.#last.scale;
    return this.#guess;
  }

  #isFar(): boolean {
    const { turn, matches } = this.#now;
    return movementOf(matches) > FAR_PX || Math.abs(turn.rotation[1]) > FAR_ROLL || Math.abs(Math.log(turn.scale)) > FAR_ZOOM;
  }

  /** An earlier key picture that looks nearly where the camera looks now. */
  #nearKey(pyramid: LumaPyramid): KeyPicture | undefined {
    return this.#keys.find((key) => {
      if (key === this.#key || !this.#isNear(key)) return false;
      this.#compareFrom(this.#other, key, pyramid, this.#last, 1);
      return isGood(this.#other);
    });
  }

  #isNear(key: KeyPicture): boolean {
    multiplyTransposed(this.#matrix, key.turn.rotation, this.#last.rotation);
    const off = this.#focalPx * Math.hypot(this.#matrix[2], this.#matrix[5]);
    return (
      off < NEAR_PX && Math.abs(this.#matrix[1]) < FAR_ROLL / 2 && Math.abs(Math.log(key.turn.scale / this.#last.scale)) < FAR_ZOOM / 2
    );
  }

  /** The present picture as a key picture; undefined where it shows too little background. */
  #takeKey(pyramid: LumaPyramid): KeyPicture | undefined {
    const key = takeKey(pyramid, this.#last, this.#isFree);
    if (key.corners.count < FEWEST_CORNERS) return undefined;
    this.#keys.push(key);
    if (this.#keys.length > MOST_KEYS) this.#keys.shift();
    return key;
  }
}
