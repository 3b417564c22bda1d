import type { Clip } from '@gaitway/motion/clip';
import { type Camera, randomCamera, toCamera } from './camera.ts';
import type { Character } from './character.ts';
import { develop, type Film, randomFilm } from './film.ts';
import { noise } from './paint.ts';
import { Poser } from './poser.ts';
import type { Random } from './random.ts';
import { type Canvas, type Light, MeshPainter, type Window } from './raster.ts';
import { paintRoom, type Room, randomRoom } from './room.ts';
import { TRUTH_POINTS, truthPoints } from './truth.ts';

/** A rectangle that hides part of the person, picture pixels. */
interface Blocker {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly level: number;
}

const randomLight = (random: Random): Light => {
  const v = [random.normal(), -0.4 - Math.abs(random.normal()), -0.3 + random.normal()] as const;
  const length = Math.hypot(...v);
  const ambient = random.between(0.4, 0.75);
  return { direction: [v[0] / length, v[1] / length, v[2] / length], ambient, direct: 1.1 - ambient + random.between(-0.1, 0.15) };
};

/** Directions that vary smoothly over the rest body, as wrinkles do. */
function randomFolds(character: Character, random: Random): Float32Array {
  const { verticesM, folds } = character;
  const seed = Math.floor(random.next() * 1000);
  const perM = 1 / random.between(0.02, 0.08);
  return Float32Array.from(verticesM, (_, i) => {
    const at = i - (i % 3);
    return folds * noise(verticesM[at] * perM, verticesM[at + 1] * perM * 0.6, verticesM[at + 2] * perM, seed + (i % 3));
  });
}

function turned(points: Float64Array, yawRad: number, centre: readonly [number, number], liftM: number): void {
  const [c, s] = [Math.cos(yawRad), Math.sin(yawRad)];
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i] - centre[0];
    const z = points[i + 2] - centre[1];
    points[i] = c * x + s * z;
    points[i + 1] += liftM;
    points[i + 2] = c * z - s * x;
  }
}

/** A clip acted by one person in one room before one camera. */
export class Sequence {
  readonly camera: Camera;
  readonly frameCount: number;
  /** `TRUTH_POINTS × 3`, camera axes, metres, of the frame that was posed last. */
  readonly truthM = new Float64Array(TRUTH_POINTS.length * 3);
  readonly #poser: Poser;
  readonly #painter: MeshPainter;
  readonly #yawRad: number;
  readonly #centre: readonly [number, number];
  readonly #liftM: number;
  readonly #room: Room;
  readonly #light: Light;
  readonly #film: Film;
  readonly #blocker: Blocker | null;
  readonly #random: Random;
  readonly #seen: Float64Array;
  readonly #feet: [number, number] = [0, 0];

  constructor(character: Character, clip: Clip, random: Random) {
    this.#random = random;
    this.#poser = new Poser(character, clip, random.chance(0.5) ? random.between(0, 0.3) : random.between(0.3, 1.1));
    this.#painter = new MeshPainter(character.triangles, character.colours, randomFolds(character, random));
    this.#seen = new Float64Array(character.verticesM.length);
    this.frameCount = clip.frameCount;
    this.#yawRad = random.between(0, 2 * Math.PI);
    const { centre, lowestM } = this.#survey();
    this.#centre = [centre[0], centre[2]];
    this.#liftM = -lowestM;
    this.camera = randomCamera(random, [0, centre[1] - lowestM, 0], character.heightM);
    this.#room = randomRoom(random);
    this.#light = randomLight(random);
    this.#film = randomFilm(random);
    this.#blocker = random.chance(0.06) ? this.#randomBlocker() : null;
  }

  /** Middle of the hips' path and the lowest sole over the stretch. */
  #survey(): { readonly centre: readonly [number, number, number]; readonly lowestM: number } {
    const centre: [number, number, number] = [0, 0, 0];
    let lowestM = Number.POSITIVE_INFINITY;
    const samples = 5;
    for (let i = 0; i < samples; i++) {
      this.#poser.pose(Math.round((i / (samples - 1)) * (this.frameCount - 1)));
      truthPoints(this.truthM, this.#poser);
      for (let k = 0; k < 3; k++) centre[k] += (this.truthM[k] + this.truthM[3 + k]) / 2 / samples;
      for (let p = 1; p < this.#poser.positionsM.length; p += 3) lowestM = Math.min(lowestM, this.#poser.positionsM[p]);
    }
    return { centre, lowestM };
  }

  #randomBlocker(): Blocker {
    const { widthPx, heightPx } = this.camera;
    const random = this.#random;
    const left = random.between(0, 0.9) * widthPx;
    const top = random.between(0.3, 0.9) * heightPx;
    return {
      left,
      top,
      right: left + random.between(0.05, 0.3) * widthPx,
      bottom: top + random.between(0.1, 0.5) * heightPx,
      level: random.between(20, 230),
    };
  }

  /** Moves the person to frame `frame` and fills `truthM`. */
  pose(frame: number): void {
    this.#poser.pose(frame);
    truthPoints(this.truthM, this.#poser);
    turned(this.truthM, this.#yawRad, this.#centre, this.#liftM);
    this.#feet[0] = (this.truthM[0] + this.truthM[3]) / 2;
    this.#feet[1] = (this.truthM[2] + this.truthM[5]) / 2;
    toCamera(this.truthM, this.camera, this.truthM);
  }

  /** Draws what the camera sees of the posed frame. */
  draw(canvas: Canvas, window: Window): void {
    this.#seen.set(this.#poser.positionsM);
    turned(this.#seen, this.#yawRad, this.#centre, this.#liftM);
    toCamera(this.#seen, this.camera, this.#seen);
    canvas.resize(window.widthPx, window.heightPx);
    paintRoom(canvas, this.#room, this.camera, window, this.#feet);
    this.#painter.paint(canvas, this.camera, window, this.#seen, this.#light);
    if (this.#blocker) block(canvas, window, this.#blocker);
    develop(canvas, this.#film, this.#random);
  }
}

function block(canvas: Canvas, window: Window, blocker: Blocker): void {
  const column = (x: number): number => Math.max(0, Math.min(canvas.widthPx, Math.round((x - window.originXPx) * window.scale)));
  const row = (y: number): number => Math.max(0, Math.min(canvas.heightPx, Math.round((y - window.originYPx) * window.scale)));
  for (let y = row(blocker.top); y < row(blocker.bottom); y++) {
    const start = y * canvas.widthPx;
    canvas.rgb.fill(blocker.level, (start + column(blocker.left)) * 3, (start + column(blocker.right)) * 3);
  }
}
