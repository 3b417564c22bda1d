/** A pinhole camera that looks at a point; view axes: x right, y up, z towards the camera. */
export interface Camera {
  /** Rows are the view axes in the world: right, up, back. */
  readonly axes: Float64Array;
  readonly eyeM: readonly [number, number, number];
  readonly focalPx: number;
  readonly centreXPx: number;
  readonly centreYPx: number;
}

export interface View {
  readonly azimuthRad: number;
  readonly elevationRad: number;
  /** Vertical field of view. */
  readonly fovRad: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const MARGIN = 0.86;

/** View axes of a camera that stands at an azimuth from +Z towards +X and looks down by an elevation. */
export function viewAxes({ azimuthRad, elevationRad }: Pick<View, 'azimuthRad' | 'elevationRad'>): Float64Array {
  const sa = Math.sin(azimuthRad);
  const ca = Math.cos(azimuthRad);
  const se = Math.sin(elevationRad);
  const ce = Math.cos(elevationRad);
  return Float64Array.of(ca, 0, -sa, -sa * se, ce, -ca * se, sa * ce, se, ca * ce);
}

/**
 * How far from its target a camera must stand to see every point, metres.
 * `offsetsM` are points × 3 relative to the target.
 */
export function fittingDistanceM(view: View, offsetsM: Float64Array): number {
  const axes = viewAxes(view);
  const tanY = Math.tan(view.fovRad / 2) * MARGIN;
  const tanX = (tanY * view.widthPx) / view.heightPx;
  let distanceM = 0;
  for (let i = 0; i < offsetsM.length; i += 3) {
    const x = Math.abs(along(axes, 0, offsetsM, i));
    const y = Math.abs(along(axes, 3, offsetsM, i));
    const z = along(axes, 6, offsetsM, i);
    distanceM = Math.max(distanceM, z + x / tanX, z + y / tanY);
  }
  return distanceM;
}

export function cameraAt(view: View, targetM: readonly [number, number, number], distanceM: number): Camera {
  const axes = viewAxes(view);
  const eye = (k: number): number => targetM[k] + axes[6 + k] * distanceM;
  return {
    axes,
    eyeM: [eye(0), eye(1), eye(2)],
    focalPx: view.heightPx / 2 / Math.tan(view.fovRad / 2),
    centreXPx: view.widthPx / 2,
    centreYPx: view.heightPx / 2,
  };
}

/** A world point in view axes, relative to the eye; z is negative in front of the camera. */
export function toView(camera: Camera, x: number, y: number, z: number): [number, number, number] {
  const { axes: m, eyeM } = camera;
  const dx = x - eyeM[0];
  const dy = y - eyeM[1];
  const dz = z - eyeM[2];
  return [m[0] * dx + m[1] * dy + m[2] * dz, m[3] * dx + m[4] * dy + m[5] * dz, m[6] * dx + m[7] * dy + m[8] * dz];
}

const along = (axes: Float64Array, row: number, points: Float64Array, at: number): number =>
  axes[row] * points[at] + axes[row + 1] * points[at + 1] + axes[row + 2] * points[at + 2];
