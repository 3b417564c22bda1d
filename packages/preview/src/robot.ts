import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import type { Clip } from '@gaitway/motion/clip';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from '@gaitway/motion/kinematics';
import type { Body } from './body.ts';
import { MARK_COLOURS } from './legend.ts';
import { type Colour, FRAME, LEFT, MIDDLE, mix, RIGHT } from './palette.ts';
import type { Cone } from './rasteriser.ts';

type Point = readonly [number, number, number];

/** Capsules of a machine leave gaps at its motors: a thin dark frame along the bones holds them together, metres. */
const FRAME_RADIUS_M = 0.026;

/** A machine drawn from its own capsules, in a colour that says what is wrong with them. */
export function robotBodyOf(clip: Clip, body: CapsuleBody): Body {
  const bones = frameOf(clip);
  const middle = body.shapes.flatMap(({ name }, c) => (isSided(name) ? [] : [c]));
  return {
    conesAt: (frame) => [...capsulesAt(body, frame), ...bones(frame), ...spineAt(body, middle, frame)],
    solesAt: (frame) => Float64Array.from(body.solesM.subarray(frame * 12, frame * 12 + 12)),
  };
}

const pointAt = (points: ArrayLike<number>, o: number): Point => [points[o], points[o + 1], points[o + 2]];

const tube = (a: Point, b: Point, radiusM: number, colour: Colour): Cone => ({
  a,
  b,
  radiusA: radiusM,
  radiusB: radiusM,
  colourA: colour,
  colourB: colour,
});

function capsulesAt({ shapes, endsM, marks }: CapsuleBody, frame: number): Cone[] {
  return shapes.map(({ name, radiusM }, c) => {
    const i = frame * shapes.length + c;
    return tube(pointAt(endsM, i * 6), pointAt(endsM, i * 6 + 3), radiusM, markedColour(name, marks[i]));
  });
}

const isSided = (name: string): boolean => /^(left|right)_/.test(name);

/** Tubes between the capsules of the middle, from one to the next: what carries the head. */
function spineAt({ shapes, endsM }: CapsuleBody, middle: readonly number[], frame: number): Cone[] {
  const row = frame * shapes.length;
  return middle
    .slice(1)
    .map((above, i) => tube(pointAt(endsM, (row + middle[i]) * 6 + 3), pointAt(endsM, (row + above) * 6), FRAME_RADIUS_M, FRAME));
}

const markedColour = (name: string, mark: number): Colour => MARK_COLOURS.get(mark) ?? sideColour(name);

function sideColour(name: string): Colour {
  if (name.startsWith('left_')) return mix(MIDDLE, LEFT, 0.8);
  return name.startsWith('right_') ? mix(MIDDLE, RIGHT, 0.8) : MIDDLE;
}

/** Tubes from every joint to its parent; a new array at every call. */
function frameOf({ skeleton, rootTranslationM, rotations }: Clip): (frame: number) => Cone[] {
  const parents = jointParents(skeleton);
  const offsets = jointOffsets(skeleton);
  const pose = createWorldPose(skeleton);
  const bones = [...parents.keys()].filter((joint) => parents[joint] >= 0);
  return (frame) => {
    forwardKinematics(pose, parents, offsets, rootTranslationM, frame * 3, rotations, frame * parents.length * 4);
    return bones.map((joint) =>
      tube(pointAt(pose.positionsM, parents[joint] * 3), pointAt(pose.positionsM, joint * 3), FRAME_RADIUS_M, FRAME),
    );
  };
}
