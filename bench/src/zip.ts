import { crc32 } from 'node:zlib';

/** A zip archive with stored (uncompressed) entries: what MediaPipe's `.task` bundles are. */
export function storedZip(entries: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const local = header(0x04034b50, name, bytes, []);
    const central = header(0x02014b50, name, bytes, [at]);
    parts.push(local, Buffer.from(bytes));
    directory.push(central);
    at += local.length + bytes.length;
  }
  const size = directory.reduce((n, d) => n + d.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** Local header, or central directory header when the offset of the local one is given (APPNOTE 4.3.7, 4.3.12). */
function header(signature: number, name: string, bytes: Uint8Array, [offset]: readonly number[]): Buffer {
  const central = offset !== undefined;
  const fixed = Buffer.alloc(central ? 46 : 30);
  const shift = central ? 2 : 0;
  fixed.writeUInt32LE(signature, 0);
  if (central) fixed.writeUInt16LE(20, 4);
  fixed.writeUInt16LE(20, 4 + shift);
  fixed.writeUInt16LE(0x21, 12 + shift);
  fixed.writeUInt32LE(crc32(bytes), 14 + shift);
  fixed.writeUInt32LE(bytes.length, 18 + shift);
  fixed.writeUInt32LE(bytes.length, 22 + shift);
  fixed.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  if (central) fixed.writeUInt32LE(offset, 42);
  return Buffer.concat([fixed, Buffer.from(name)]);
}
