/** Facts of a source, as admission needs them and the job keeps them. */
export interface SourceFacts {
  readonly bytes: number;
  readonly sha256: string;
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rotationDeg: number;
  readonly fps: number;
  readonly frameCount: number;
  readonly durationSec: number;
}

/** Measures a file without decoding it; rejects with an error of the catalogue. */
export type Probe = (path: string, signal?: AbortSignal) => Promise<SourceFacts>;
