import type { V3 } from './vectors.ts';

/** A pinhole at each frame: OpenCV axes, x_cam = R·x_world + t, R row-major; principal point in the middle. */
export interface SyntheticCamera {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly focalPx: number;
  /** One entry for a camera that stands still, else one a frame. */
  readonly frames: readonly { readonly R: readonly number[]; readonly t: readonly number[] }[];
}

export interface CameraSpec {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Field of view across the longer side, degrees. */
  readonly fovDeg: number;
  readonly eye: V3;
  readonly target: V3;
  readonly rollDeg: number;
}

export const STANDARD_CAMERA: CameraSpec = {
  widthPx: 1280,
  heightPx: 720,
  fovDeg: 65,
  eye: [0, 1.3, 4.2],
  target: [0, 0.95, 0],
  rollDeg: 0,
};

/** The camera of a spec; with `targets`, one a frame, it stands still and turns after them. */
export function cameraOf(spec: CameraSpec, targets?: readonly V3[]): SyntheticCamera {
  const { widthPx, heightPx, fovDeg, eye, rollDeg } = spec;
  return {
    widthPx,
    heightPx,
    focalPx: Math.max(widthPx, heightPx) / 2 / Math.tan((fovDeg * Math.PI) / 360),
    frames: (targets ?? [spec.target]).map((target) => lookAt(eye, target, (rollDeg * Math.PI) / 180)),
  };
}

function lookAt(eye: V3, target: V3, roll: number): { R: number[]; t: number[] } {
  const forward = unit([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]]);
  const right = unit(cross(forward, [0, 1, 0]));
  const down = cross(forward, right);
  const c = Math.cos(roll);
  const s = Math.sin(roll);
  const x = right.map((v, k) => c * v + s * down[k]);
  const y = down.map((v, k) => c * v - s * right[k]);
  const R = [...x, ...y, ...forward];
  return { R, t: [0, 1, 2].map((r) => -(R[r * 3] * eye[0] + R[r * 3 + 1] * eye[1] + R[r * 3 + 2] * eye[2])) };
}

const cross = (a: V3, b: V3): V3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a: V3): V3 => {
  const l = Math.hypot(...a);
  return [a[0] / l, a[1] / l, a[2] / l];
};

/** The camera of a frame. */
export const cameraAt = (camera: SyntheticCamera, f: number): SyntheticCamera['frames'][number] =>
  camera.frames[Math.min(f, camera.frames.length - 1)];

/** A world point in camera axes. */
export const toCamera = ({ R, t }: SyntheticCamera['frames'][number], [x, y, z]: V3): V3 => [
  R[0] * x + R[1] * y + R[2] * z + t[0],
  R[3] * x + R[4] * y + R[5] * z + t[1],
  R[6] * x + R[7] * y + R[8] * z + t[2],
];
