import { deflateSync } from 'node:zlib';
import type { Picture } from '@gaitway/capture/tracking/picture';
import { Random } from './random.ts';
import type { Canvas } from './raster.ts';

/** What the lens, sensor and codec do to a picture. */
export interface Film {
  /** Share of the neighbours that is mixed in, 0 (sharp) to 1. */
  readonly softness: number;
  /** Standard deviation of the noise, 0–255. */
  readonly noise: number;
  readonly gain: number;
}

export const randomFilm = (random: Random): Film => ({
  softness: random.between(0.3, 1),
  noise: random.chance(0.6) ? random.between(0, 5) : 0,
  gain: random.between(0.75, 1.15),
});

const byte = (x: number): number => Math.max(0, Math.min(255, x));

/** Normal numbers; their count shares no factor with a picture's width, so that the grain shows no pattern. */
const GRAIN = ((): Float32Array => {
  const random = new Random(1);
  return Float32Array.from({ length: 65537 }, () => random.normal());
})();

/** Blurs with [1 2 1]/4 in both directions, mixed in by `softness`, adds noise, clips. */
export function develop(canvas: Canvas, film: Film, random: Random): void {
  const { rgb, widthPx, heightPx } = canvas;
  for (const [count, stride, lines, lineStride] of [
    [widthPx, 3, heightPx, widthPx * 3],
    [heightPx, widthPx * 3, widthPx, 3],
  ]) {
    for (let line = 0; line < lines; line++) {
      for (let k = 0; k < 3; k++) {
        let before = rgb[line * lineStride + k];
        for (let i = 1; i + 1 < count; i++) {
          const at = line * lineStride + i * stride + k;
          const now = rgb[at];
          rgb[at] += film.softness * (0.25 * before - 0.5 * now + 0.25 * rgb[at + stride]);
          before = now;
        }
      }
    }
  }
  let at = Math.floor(random.next() * GRAIN.length);
  for (let i = 0; i < widthPx * heightPx * 3; i += 3) {
    const noise = film.noise * GRAIN[at];
    at = at + 1 === GRAIN.length ? 0 : at + 1;
    rgb[i] = byte(film.gain * rgb[i] + noise);
    rgb[i + 1] = byte(film.gain * rgb[i + 1] + noise);
    rgb[i + 2] = byte(film.gain * rgb[i + 2] + noise);
  }
}

/** The canvas as the decoder would deliver it: BT.709, limited range, chroma at half the size. */
export function toPicture(canvas: Canvas): Picture {
  const { rgb, widthPx, heightPx } = canvas;
  const y = new Uint8Array(widthPx * heightPx);
  const chromaWidth = (widthPx + 1) >> 1;
  const chromaHeight = (heightPx + 1) >> 1;
  const u = new Uint8Array(chromaWidth * chromaHeight);
  const v = new Uint8Array(chromaWidth * chromaHeight);
  for (let i = 0; i < y.length; i++) {
    y[i] = 16 + (219 / 255) * (0.2126 * rgb[i * 3] + 0.7152 * rgb[i * 3 + 1] + 0.0722 * rgb[i * 3 + 2]) + 0.5;
  }
  for (let row = 0; row < chromaHeight; row++) {
    for (let column = 0; column < chromaWidth; column++) {
      const at = (Math.min(heightPx - 1, row * 2) * widthPx + Math.min(widthPx - 1, column * 2)) * 3;
      const luma = 0.2126 * rgb[at] + 0.7152 * rgb[at + 1] + 0.0722 * rgb[at + 2];
      const to = row * chromaWidth + column;
      u[to] = 128.5 + (224 / 255 / 1.8556) * (rgb[at + 2] - luma);
      v[to] = 128.5 + (224 / 255 / 1.5748) * (rgb[at] - luma);
    }
  }
  return { widthPx, heightPx, y, u, v, fullRange: false, matrix: 'bt709' };
}

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = -1;
  for (const b of body) crc = CRC[(crc ^ b) & 255] ^ (crc >>> 8);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeInt32BE(~crc, body.length + 4);
  return out;
}

/** A PNG of the canvas, to look at what is rendered. */
export function toPng(canvas: Canvas): Uint8Array {
  const { rgb, widthPx, heightPx } = canvas;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header[8] = 8;
  header[9] = 2;
  const rows = Buffer.alloc(heightPx * (widthPx * 3 + 1));
  for (let y = 0; y < heightPx; y++) {
    for (let i = 0; i < widthPx * 3; i++) rows[y * (widthPx * 3 + 1) + 1 + i] = byte(rgb[y * widthPx * 3 + i]);
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())]);
}
