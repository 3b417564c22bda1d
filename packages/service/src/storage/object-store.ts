/**
 * The one seam between the service and wherever bytes are kept. Local disk is the first adapter; every adapter passes
 * `test/storage/conformance.ts`.
 *
 * Rules every adapter keeps: an object is there as a whole or not at all, whatever dies when; what `stat` says about it (bytes, sha256) was
 * computed here while the bytes streamed in, never believed from outside; a replaced object is another object, and a reader that has begun
 * on the old one ends on the old one.
 */
import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly storedAt: Date;
}

export interface PutOptions {
  /** More than this ends in `api_file_size_limit_exceeded`. */
  readonly maxBytes: number;
  /** Fewer or more end in `upload_incomplete`. */
  readonly expectedBytes?: number;
  /** Other bytes end in `upload_checksum_mismatch`. Lower-case hex. */
  readonly expectedSha256?: string;
  readonly signal?: AbortSignal;
}

/** Inclusive, as in HTTP: `{ start: 0, end: 0 }` is the first byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectReading {
  readonly info: ObjectInfo;
  /** Read it to its end or destroy it: it holds a file open. */
  readonly body: Readable;
}

export interface UploadGrant {
  readonly key: string;
  readonly expiresAt: Date;
  readonly maxBytes: number;
}

export interface DownloadGrant {
  readonly key: string;
  readonly expiresAt: Date;
  /** What the file is called when saved; any text. */
  readonly fileName: string;
  /** `type/subtype`. */
  readonly mediaType: string;
}

export interface ObjectStore {
  /** Stores a stream under a key, replacing what was there. Nothing changes unless all of it arrived and is on disk. */
  put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<ObjectInfo>;
  stat(key: string): Promise<ObjectInfo | null>;
  /** Fails with `artifact_not_found`. */
  read(key: string, range?: ByteRange): Promise<ObjectReading>;
  /** Puts a private, read-only copy at `path` (which must not exist): a worker's input. Fails with `artifact_not_found`. */
  copyToFile(key: string, path: string): Promise<ObjectInfo>;
  /**
   * Takes an object out of reach of its upload URL: moves it, provided it still is the one with this sha256 (`source_replaced` otherwise).
   * Repeating a move that has happened succeeds.
   */
  move(from: string, to: string, sha256: string): Promise<ObjectInfo>;
  /** Succeeds where nothing was. */
  remove(key: string): Promise<void>;
  /** Every object whose key begins with `prefix` (a folder, ending in "/", or empty), in no promised order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Removes what puts that never ended left behind before this time; returns how many. */
  sweepUnfinished(before: Date): Promise<number>;
  /** A URL that takes one PUT with no header but a Content-Type. */
  signUpload(grant: UploadGrant): Promise<string>;
  /** A URL for GET and HEAD. */
  signDownload(grant: DownloadGrant): Promise<string>;
}
