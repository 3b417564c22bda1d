import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUE_COLOUR = 2;
const CHANNELS = 3;

/** A PNG (ISO/IEC 15948) of 8-bit RGB pixels, rows from the top. */
export function encodePng(widthPx: number, heightPx: number, rgb: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  // Every row begins with the number of its filter: 0, none.
  const rows = new Uint8Array(heightPx * (1 + widthPx * CHANNELS));
  for (let row = 0; row < heightPx; row++) {
    rows.set(rgb.subarray(row * widthPx * CHANNELS, (row + 1) * widthPx * CHANNELS), row * (1 + widthPx * CHANNELS) + 1);
  }
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
