import type { Camera } from './camera.ts';

/** The part of the camera's picture that is drawn, and how finely: window pixel = (picture pixel − origin) · scale. */
export interface Window {
  readonly originXPx: number;
  readonly originYPx: number;
  readonly scale: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Light {
  /** Towards the light, camera axes, unit length. */
  readonly direction: readonly [number, number, number];
  /** Brightness without and with full direct light. */
  readonly ambient: number;
  readonly direct: number;
}

/** A drawing surface of at most `side × side` pixels: RGB 0–255 and depth. */
export class Canvas {
  readonly rgb: Float32Array;
  readonly depth: Float32Array;
  widthPx = 0;
  heightPx = 0;

  constructor(side: number) {
    this.rgb = new Float32Array(side * side * 3);
    this.depth = new Float32Array(side * side);
  }

  resize(widthPx: number, heightPx: number): void {
    if (widthPx * heightPx > this.depth.length) throw new RangeError('window larger than the canvas');
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.depth.fill(Number.POSITIVE_INFINITY, 0, widthPx * heightPx);
  }
}

/** Draws one mesh with Gouraud shading into a canvas; keeps its buffers. */
export class MeshPainter {
  readonly #triangles: Uint32Array;
  readonly #colours: Float32Array;
  readonly #normals: Float32Array;
  readonly #screen: Float32Array;
  readonly #shaded: Float32Array;

  readonly #folds: Float32Array;

  /** `colours`: `vertices × 3`; `folds`: `vertices × 3`, added to the unit normals. */
  constructor(triangles: Uint32Array, colours: Float32Array, folds: Float32Array) {
    this.#folds = folds;
    this.#triangles = triangles;
    this.#colours = colours;
    this.#normals = new Float32Array(colours.length);
    this.#screen = new Float32Array(colours.length);
    this.#shaded = new Float32Array(colours.length);
  }

  /** `seenM`: vertices in camera axes. */
  paint(canvas: Canvas, camera: Camera, window: Window, seenM: Float64Array, light: Light): void {
    this.#findNormals(seenM);
    this.#project(camera, window, seenM, light);
    const t = this.#triangles;
    for (let i = 0; i < t.length; i += 3) this.#fill(canvas, t[i] * 3, t[i + 1] * 3, t[i + 2] * 3);
  }

  #findNormals(p: Float64Array): void {
    const n = this.#normals;
    const t = this.#triangles;
    n.fill(0);
    for (let i = 0; i < t.length; i += 3) {
      const a = t[i] * 3;
      const b = t[i + 1] * 3;
      const c = t[i + 2] * 3;
      const ux = p[b] - p[a];
      const uy = p[b + 1] - p[a + 1];
      const uz = p[b + 2] - p[a + 2];
      const vx = p[c] - p[a];
      const vy = p[c + 1] - p[a + 1];
      const vz = p[c + 2] - p[a + 2];
      const x = uy * vz - uz * vy;
      const y = uz * vx - ux * vz;
      const z = ux * vy - uy * vx;
      for (const o of [a, b, c]) {
        n[o] += x;
        n[o + 1] += y;
        n[o + 2] += z;
      }
    }
  }

  #project(camera: Camera, window: Window, p: Float64Array, light: Light): void {
    const n = this.#normals;
    const s = this.#screen;
    const focal = camera.focalPx * window.scale;
    const cx = (camera.widthPx / 2 - window.originXPx) * window.scale;
    const cy = (camera.heightPx / 2 - window.originYPx) * window.scale;
    const [lx, ly, lz] = light.direction;
    for (let i = 0; i < p.length; i += 3) {
      s[i] = (focal * p[i]) / p[i + 2] + cx;
      s[i + 1] = (focal * p[i + 1]) / p[i + 2] + cy;
      s[i + 2] = p[i + 2];
      const length = Math.sqrt(n[i] * n[i] + n[i + 1] * n[i + 1] + n[i + 2] * n[i + 2]) || 1;
      const d = this.#folds;
      const facing = (n[i] * lx + n[i + 1] * ly + n[i + 2] * lz) / length + d[i] * lx + d[i + 1] * ly + d[i + 2] * lz;
      // Half-lambert between the hard terminator and flat light.
      const bright = light.ambient + light.direct * Math.max(0, 0.85 * Math.min(1, facing) + 0.15);
      for (let k = 0; k < 3; k++) this.#shaded[i + k] = this.#colours[i + k] * bright;
    }
  }

  #fill(canvas: Canvas, a: number, b: number, c: number): void {
    const s = this.#screen;
    if (s[a + 2] < 0.2 || s[b + 2] < 0.2 || s[c + 2] < 0.2) return;
    const ax = s[a];
    const ay = s[a + 1];
    const area = (s[b] - ax) * (s[c + 1] - ay) - (s[c] - ax) * (s[b + 1] - ay);
    if (Math.abs(area) < 1e-9) return;
    const minX = Math.max(0, Math.ceil(Math.min(ax, s[b], s[c]) - 0.5));
    const maxX = Math.min(canvas.widthPx - 1, Math.floor(Math.max(ax, s[b], s[c]) - 0.5));
    const minY = Math.max(0, Math.ceil(Math.min(ay, s[b + 1], s[c + 1]) - 0.5));
    const maxY = Math.min(canvas.heightPx - 1, Math.floor(Math.max(ay, s[b + 1], s[c + 1]) - 0.5));
    const { rgb, depth } = canvas;
    const shade = this.#shaded;
    for (let y = minY; y <= maxY; y++) {
      for (let x = minX; x <= maxX; x++) {
        const px = x + 0.5 - ax;
        const py = y + 0.5 - ay;
        const v = (px * (s[c + 1] - ay) - (s[c] - ax) * py) / area;
        const w = ((s[b] - ax) * py - px * (s[b + 1] - ay)) / area;
        const u = 1 - v - w;
        if (u < 0 || v < 0 || w < 0) continue;
        const z = u * s[a + 2] + v * s[b + 2] + w * s[c + 2];
        const at = y * canvas.widthPx + x;
        if (z >= depth[at]) continue;
        depth[at] = z;
        for (let k = 0; k < 3; k++) rgb[at * 3 + k] = u * shade[a + k] + v * shade[b + k] + w * shade[c + k];
      }
    }
  }
}
