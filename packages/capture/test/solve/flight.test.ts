import { describe, expect, it } from 'vitest';
import { flightFrames } from '../../src/solve/flight.ts';

const FPS = 30;
const FRAMES = 40;
const TAKE_OFF = 12;
const LANDING = 26;

interface Story {
  /** Height of the pelvis, and of the soles above the floor, metres. */
  readonly pelvisM: (frame: number) => number;
  readonly solesM: (frame: number) => number;
  readonly held: (frame: number) => boolean;
}

const isUp = (f: number): boolean => f >= TAKE_OFF && f < LANDING;
/** Height above the take-off of what falls with `gravity`, metres. */
const thrown = (f: number, gravity: number): number => (isUp(f) ? (gravity / 2 / FPS ** 2) * (f - TAKE_OFF) * (LANDING - 1 - f) : 0);
const JUMP: Story = { pelvisM: (f) => 0.9 + thrown(f, 9.81), solesM: (f) => thrown(f, 9.81), held: (f) => !isUp(f) };

function flightOf({ pelvisM, solesM, held }: Story): number[] {
  const frames = Array.from({ length: FRAMES }, (_, f) => f);
  const soles = Float64Array.from(frames.flatMap((f) => [0, 1, 2, 3].flatMap(() => [0, solesM(f), -4])));
  const contacts = Uint8Array.from(frames.flatMap((f) => [0, 1, 2, 3].map(() => (held(f) ? 1 : 0))));
  const root = Float64Array.from(frames.flatMap((f) => [0, pelvisM(f), -4]));
  const found = flightFrames(soles, contacts, root, FPS);
  return frames.filter((f) => found[f] === 1);
}

describe('flight', () => {
  it('lasts from the take-off to the landing, without the frames whose neighbour is held', () => {
    const found = flightOf(JUMP);
    expect(found[0]).toBe(TAKE_OFF + 1);
    expect(found.at(-1)).toBe(LANDING - 2);
    expect(found).toHaveLength(LANDING - TAKE_OFF - 2);
  });

  it('is a fall: who hangs on a bar or sits with raised feet does not fly', () => {
    expect(flightOf({ ...JUMP, pelvisM: () => 1.1, solesM: (f) => (isUp(f) ? 0.2 : 0) })).toEqual([]);
    expect(flightOf({ ...JUMP, pelvisM: (f) => 0.9 + thrown(f, 2), solesM: (f) => thrown(f, 2) })).toEqual([]);
  });

  it('clears the floor: feet that are only not found planted do not fly', () => {
    expect(flightOf({ ...JUMP, solesM: () => 0.01 })).toEqual([]);
  });

  it('has a beginning and an end: a clip that starts or ends in the air does not tell where the floor is', () => {
    expect(flightOf({ ...JUMP, held: (f) => f >= LANDING })).toEqual([]);
    expect(flightOf({ ...JUMP, held: (f) => f < TAKE_OFF })).toEqual([]);
  });

  it('is longer than a missed step and shorter than a ladder', () => {
    expect(flightOf({ ...JUMP, held: (f) => f < 17 || f > 20 })).toEqual([]);
    expect(flightOf({ ...JUMP, held: (f) => f === 0 || f === FRAMES - 1 })).toEqual([]);
  });
});
