/**
 * Least-squares alignment of point sets: Umeyama, "Least-Squares Estimation of Transformation Parameters Between Two Point
 * Patterns" (1991), with the rotation from Horn's quaternion form (1987), so that it is always proper.
 */

/** y ≈ s·R·x + t, R row-major. */
export interface Similarity {
  readonly s: number;
  readonly R: Float64Array;
  readonly t: Float64Array;
}

export interface AlignOptions {
  readonly scale: boolean;
  /** Rotate about the vertical (y) only. */
  readonly yawOnly?: boolean;
  /** Leave translation out: both sets are already centred. */
  readonly centred?: boolean;
}

/** Aligns `from` to `to`, both `n × 3`. */
export function align(from: Float64Array, to: Float64Array, options: AlignOptions): Similarity {
  const n = from.length / 3;
  const a = options.centred ? new Float64Array(3) : centroid(from);
  const b = options.centred ? new Float64Array(3) : centroid(to);
  const m = new Float64Array(9);
  let spread = 0;
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < 3; r++) {
      const x = from[i * 3 + r] - a[r];
      spread += x * x;
      for (let c = 0; c < 3; c++) m[r * 3 + c] += x * (to[i * 3 + c] - b[c]);
    }
  }
  const R = options.yawOnly ? yawRotation(m) : horn(m);
  const s = options.scale && spread > 0 ? traceProduct(R, m) / spread : 1;
  const moved = turned(R, a);
  return { s, R, t: b.map((v, k) => v - s * moved[k]) };
}

function centroid(points: Float64Array): Float64Array {
  const out = new Float64Array(3);
  for (let i = 0; i < points.length; i++) out[i % 3] += points[i] / (points.length / 3);
  return out;
}

/** trace(R · M) where M = Σ x yᵀ: the part of y that R·x explains. */
function traceProduct(R: Float64Array, m: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) sum += R[r * 3 + c] * m[c * 3 + r];
  return sum;
}

function yawRotation(m: Float64Array): Float64Array {
  const angle = Math.atan2(m[6] - m[2], m[0] + m[8]);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return Float64Array.of(c, 0, s, 0, 1, 0, -s, 0, c);
}

/** Rotation that maximises Σ yᵀ R x: the dominant eigenvector of Horn's 4 × 4 matrix. */
function horn([xx, xy, xz, yx, yy, yz, zx, zy, zz]: Float64Array): Float64Array {
  const [w, x, y, z] = dominantEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, -xx + yy - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, -xx - yy + zz],
  ]);
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

/** Eigenvector of the largest eigenvalue of a symmetric 4 × 4 matrix, by cyclic Jacobi rotations. */
function dominantEigenvector(matrix: number[][]): number[] {
  const a = matrix.map((row) => row.slice());
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 24; sweep++) {
    let off = 0;
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        off += Math.abs(a[p][q]);
        if (Math.abs(a[p][q]) > 1e-300) jacobiRotate(a, v, p, q);
      }
    }
    if (off < 1e-14) break;
  }
  const best = [0, 1, 2, 3].reduce((m, i) => (a[i][i] > a[m][m] ? i : m), 0);
  return v.map((row) => row[best]);
}

function jacobiRotate(a: number[][], v: number[][], p: number, q: number): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const mix = (rows: number[][], i: number): void => {
    const x = rows[i][p];
    const y = rows[i][q];
    rows[i][p] = c * x - s * y;
    rows[i][q] = s * x + c * y;
  };
  for (let k = 0; k < 4; k++) mix(a, k);
  for (let k = 0; k < 4; k++) {
    const x = a[p][k];
    const y = a[q][k];
    a[p][k] = c * x - s * y;
    a[q][k] = s * x + c * y;
  }
  for (let k = 0; k < 4; k++) mix(v, k);
}

function turned(R: Float64Array, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: 3 }, (_, r) => R[r * 3] * x[0] + R[r * 3 + 1] * x[1] + R[r * 3 + 2] * x[2]);
}

/** All points of a set under a similarity. */
export function transformed(T: Similarity, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    for (let r = 0; r < 3; r++) {
      const rotated = T.R[r * 3] * points[i] + T.R[r * 3 + 1] * points[i + 1] + T.R[r * 3 + 2] * points[i + 2];
      out[i + r] = T.s * rotated + T.t[r];
    }
  }
  return out;
}

/** Angle between the vertical and the vertical after the rotation, degrees. */
export const tiltDeg = (T: Similarity): number => (Math.acos(Math.max(-1, Math.min(1, T.R[4]))) * 180) / Math.PI;
