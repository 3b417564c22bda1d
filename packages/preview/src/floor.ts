import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Camera, toView } from './camera.ts';
import { css, FLOOR, mix, PLANTED, SKY_HORIZON, SKY_TOP } from './palette.ts';
import type { Cone } from './rasteriser.ts';

const GRID_M = 0.5;
/** Every so many lines one is brighter: two metres. */
const BRIGHT_EVERY = 4;
const GRID_REACH_M = 14;
/** The haze begins this far behind the point that the camera looks at, and hides everything from there. */
const HAZE_NONE_M = 2;
const HAZE_FULL_M = 12;
const NEAREST_M = 0.1;
/** Where the shadow of a point 1 m above the floor falls, metres along X and Z. */
const SHADOW_X = 0.22;
const SHADOW_Z = -0.16;
const MARK_RADIUS_M = 0.055;
const MARK_CORNERS = 16;

type Screen = readonly [x: number, y: number];

const project = (camera: Camera, x: number, y: number, z: number): Screen | null => {
  const [vx, vy, vz] = toView(camera, x, y, z);
  if (vz > -NEAREST_M) return null;
  return [camera.centreXPx - (camera.focalPx * vx) / vz, camera.centreYPx + (camera.focalPx * vy) / vz];
};

/** Sky, floor and a grid of half metres that fades into the distance. */
export function drawFloor(context: SKRSContext2D, camera: Camera, widthPx: number, heightPx: number): void {
  // Where the haze hides everything is where the floor seems to end.
  const horizonPx = Math.max(1, Math.min(heightPx - 1, rowAhead(camera, HAZE_FULL_M)));
  const floor = context.createLinearGradient(0, horizonPx, 0, heightPx);
  floor.addColorStop(0, css(SKY_HORIZON));
  floor.addColorStop(0.35, css(mix(SKY_HORIZON, FLOOR, 0.8)));
  floor.addColorStop(1, css(FLOOR));
  context.fillStyle = floor;
  context.fillRect(0, horizonPx, widthPx, heightPx - horizonPx);
  drawGrid(context, camera);
  const haze = context.createLinearGradient(0, horizonPx, 0, rowAhead(camera, HAZE_NONE_M));
  haze.addColorStop(0, css(SKY_HORIZON));
  haze.addColorStop(1, css(SKY_HORIZON, 0));
  context.fillStyle = haze;
  context.fillRect(0, horizonPx, widthPx, heightPx - horizonPx);
  const sky = context.createLinearGradient(0, 0, 0, horizonPx);
  sky.addColorStop(0, css(SKY_TOP));
  sky.addColorStop(1, css(SKY_HORIZON));
  context.fillStyle = sky;
  context.fillRect(0, 0, widthPx, horizonPx);
}

/** Row of the picture of a point on the floor, so far behind the one that the camera looks at. */
function rowAhead(camera: Camera, distanceM: number): number {
  const [x, z] = lookedAt(camera);
  const { axes } = camera;
  const level = Math.hypot(axes[6], axes[8]);
  return project(camera, x - (axes[6] / level) * distanceM, 0, z - (axes[8] / level) * distanceM)?.[1] ?? 0;
}

/** Lines along X and Z around the point that the camera looks at; all faint ones in one stroke, all bright ones in another. */
function drawGrid(context: SKRSContext2D, camera: Camera): void {
  const [middleX, middleZ] = lookedAt(camera);
  const lines = Math.round((2 * GRID_REACH_M) / GRID_M);
  const [firstX, firstZ] = [middleX, middleZ].map((middle) => Math.round((middle - GRID_REACH_M) / GRID_M));
  for (const isBright of [false, true]) {
    context.strokeStyle = isBright ? 'rgba(190,205,225,0.4)' : 'rgba(190,205,225,0.14)';
    context.lineWidth = isBright ? 1.4 : 1;
    context.beginPath();
    for (let i = 0; i <= lines; i++) {
      const x = (firstX + i) * GRID_M;
      const z = (firstZ + i) * GRID_M;
      if (((firstX + i) % BRIGHT_EVERY === 0) === isBright)
        addLine(context, camera, [x, middleZ - GRID_REACH_M], [x, middleZ + GRID_REACH_M]);
      if (((firstZ + i) % BRIGHT_EVERY === 0) === isBright)
        addLine(context, camera, [middleX - GRID_REACH_M, z], [middleX + GRID_REACH_M, z]);
    }
    context.stroke();
  }
}

/** Adds the part of a line on the floor (x and z of its ends) that is in front of the camera to the current path. */
function addLine(context: SKRSContext2D, camera: Camera, a: Screen, b: Screen): void {
  const depthA = -toView(camera, a[0], 0, a[1])[2] - 2 * NEAREST_M;
  const depthB = -toView(camera, b[0], 0, b[1])[2] - 2 * NEAREST_M;
  if (depthA < 0 && depthB < 0) return;
  const share = depthA / (depthA - depthB);
  const crossing: Screen = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  const [from, to] = [depthA < 0 ? crossing : a, depthB < 0 ? crossing : b];
  const p = project(camera, from[0], 0, from[1]);
  const q = project(camera, to[0], 0, to[1]);
  if (!p || !q) return;
  context.moveTo(...p);
  context.lineTo(...q);
}

/** Where the axis of the camera meets the floor, x and z in metres. */
function lookedAt({ axes, eyeM }: Camera): Screen {
  const distanceM = eyeM[1] / Math.max(0.05, axes[7]);
  return [eyeM[0] - axes[6] * distanceM, eyeM[2] - axes[8] * distanceM];
}

/** The shadow of the body on the floor: the outlines of all limbs as one shape, darker where it is close. */
export function drawShadow(context: SKRSContext2D, camera: Camera, cones: readonly Cone[]): void {
  context.fillStyle = 'rgba(8,10,14,0.5)';
  context.beginPath();
  for (const cone of cones) {
    const a = castOf(camera, cone.a, cone.radiusA);
    const b = castOf(camera, cone.b, cone.radiusB);
    if (a && b) addHull(context, [...a, ...b]);
  }
  context.fill('nonzero');
}

const CAST_CORNERS = 10;

/** Outline of a ball's shadow: a circle on the floor, as points of the picture. */
function castOf(camera: Camera, [x, y, z]: Cone['a'], radiusM: number): Screen[] | null {
  const heightM = Math.max(0, y);
  return circleOnFloor(camera, x + SHADOW_X * heightM, z + SHADOW_Z * heightM, radiusM, CAST_CORNERS);
}

function circleOnFloor(camera: Camera, x: number, z: number, radiusM: number, corners: number): Screen[] | null {
  const points: Screen[] = [];
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners;
    const point = project(camera, x + radiusM * Math.cos(angle), 0, z + radiusM * Math.sin(angle));
    if (!point) return null;
    points.push(point);
  }
  return points;
}

/** Adds the convex hull of some points to the current path, always in the same direction (so that overlaps do not cancel). */
function addHull(context: SKRSContext2D, points: Screen[]): void {
  const sorted = points.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (ordered: readonly Screen[]): Screen[] => {
    const chain: Screen[] = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.toReversed())];
  for (const [i, point] of hull.entries()) {
    if (i === 0) context.moveTo(...point);
    else context.lineTo(...point);
  }
  context.closePath();
}

const turn = (a: Screen, b: Screen, c: Screen): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** A ring on the floor under every heel and toe that is planted. `solesM` is `CONTACT_POINTS` × 3. */
export function drawPlanted(context: SKRSContext2D, camera: Camera, solesM: Float64Array, contacts: Uint8Array): void {
  for (let i = 0; i < contacts.length; i++) {
    const ring = contacts[i] ? circleOnFloor(camera, solesM[i * 3], solesM[i * 3 + 2], MARK_RADIUS_M, MARK_CORNERS) : null;
    if (!ring) continue;
    context.fillStyle = css(PLANTED, 0.4);
    context.strokeStyle = css(PLANTED, 0.95);
    context.lineWidth = 1.6;
    context.beginPath();
    addHull(context, ring);
    context.fill();
    context.stroke();
  }
}
