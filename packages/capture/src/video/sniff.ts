import { open } from 'node:fs/promises';

/** What the first bytes of a file say it is, as far as that matters for the sentence the user gets. */
export type Sniffed = 'empty' | 'picture' | 'audio' | 'playlist' | 'other';

const HEAD_BYTES = 64;

const SIGNATURES: readonly (readonly [RegExp, Sniffed])[] = [
  [/^\xff\xd8\xff/, 'picture'],
  [/^\x89PNG\r\n/, 'picture'],
  [/^(II\*\0|MM\0\*)/, 'picture'],
  [/^BM.{4}\0{4}/s, 'picture'],
  [/^RIFF.{4}WEBP/s, 'picture'],
  [/^.{4}ftyp(hei[cfmsx]|hev[cmsx]|mif1|msf1|avif|avis)/s, 'picture'],
  [/^ID3/, 'audio'],
  [/^RIFF.{4}WAVE/s, 'audio'],
  [/^fLaC/, 'audio'],
  [/^OggS.{24,26}(vorbis|OpusHead)/s, 'audio'],
  [/^(\xef\xbb\xbf)?(#EXTM3U|ffconcat)/, 'playlist'],
];

/** Looks at the first bytes of a file. Rejects if the file cannot be opened. */
export const sniffFile = async (path: string): Promise<Sniffed> => {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return sniffBytes(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
};

export const sniffBytes = (head: Uint8Array): Sniffed => {
  if (head.length === 0) return 'empty';
  const text = Buffer.from(head).toString('latin1');
  return SIGNATURES.find(([signature]) => signature.test(text))?.[1] ?? 'other';
};
