import { describe, expect, it } from 'vitest';
import type { SeenVertical } from '../../src/lens/seen-vertical.ts';
import { isSureOfDown, upFromBody } from '../../src/solve/gravity.ts';
import { postureWarnings } from '../../src/solve/warnings.ts';

const DEG = Math.PI / 180;
/** Down in camera axes (x right, y down, z forward) of a camera that looks down and is rolled. */
const roomOf = (pitchDeg: number, rollDeg: number, sigmaDeg: number): SeenVertical => {
  const [p, r] = [pitchDeg * DEG, rollDeg * DEG];
  const down = Float64Array.of(Math.cos(p) * Math.sin(r), Math.cos(p) * Math.cos(r), Math.sin(p));
  return { down, frame: 0, pitchSigmaRad: sigmaDeg * DEG, rollSigmaRad: sigmaDeg * DEG };
};
/** Angle between an up (y up, z towards the camera) and the one against a room's down, degrees. */
const offDeg = (up: Float64Array, { down }: SeenVertical): number =>
  Math.acos(Math.min(1, -up[0] * down[0] + up[1] * down[1] + up[2] * down[2])) / DEG;
const standing = { posture: 'upright' as const, lines: [[0, 1, 0]] };

describe('which way is up', () => {
  it('lies between a body that leans and a room that does not', () => {
    const room = roomOf(10, 6, 0.4);
    const [alone, both] = [upFromBody(standing), upFromBody(standing, room)];
    expect(offDeg(both, room)).toBeLessThan(0.8 * offDeg(alone, room));
    expect(offDeg(both, room)).toBeGreaterThan(0.5);
  });

  it('is left to the body by a room that is not sure', () => {
    const room = roomOf(30, 10, 40);
    const turned = Math.acos(upFromBody(standing, room).reduce((sum, v, k) => sum + v * upFromBody(standing)[k], 0)) / DEG;
    expect(turned).toBeLessThan(2);
  });

  it('is told by a sure room where the body lies or never stands', () => {
    const lying = { posture: 'lying' as const, lines: [[1, 0.2, 0.1]] };
    const never = { posture: 'never_upright' as const, lines: [] };
    for (const body of [lying, never]) {
      const room = roomOf(20, 5, 0.5);
      expect(offDeg(upFromBody(body, room), room)).toBeLessThan(1e-6);
      expect(upFromBody(body, roomOf(20, 5, 15))).toEqual(upFromBody(body));
    }
  });

  it('is said to come from where it does', () => {
    expect(isSureOfDown(roomOf(20, 5, 0.5))).toBe(true);
    expect(isSureOfDown({ ...roomOf(20, 5, 0.5), rollSigmaRad: 0.3 })).toBe(false);
    for (const posture of ['lying', 'never_upright'] as const) {
      expect(postureWarnings(posture, true).join()).toContain('straight edges');
      expect(postureWarnings(posture, false).join()).toContain('level');
    }
    for (const posture of ['bent', 'from_above', 'upright'] as const)
      expect(postureWarnings(posture, true)).toEqual(postureWarnings(posture, false));
  });

  it('is along the body for a camera above it, whatever the edges seem to be', () => {
    const above = { posture: 'from_above' as const, lines: [[0, 0.1, 1]] };
    expect(upFromBody(above, roomOf(5, 0, 0.4))).toEqual(upFromBody(above));
  });
});
