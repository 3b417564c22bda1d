/** How bytes reach an upload URL. A browser and Node do it differently; the client only knows this. */

export type ProgressListener = (sentBytes: number, totalBytes: number) => void;

export interface SendOptions {
  readonly mediaType: string;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

export interface TransferAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something that can be uploaded, from its beginning, as often as needed. */
export interface UploadBody {
  readonly bytes: number;
  /** One PUT. Rejects where no answer came; an answer with any status resolves. */
  send(url: string, options: SendOptions): Promise<TransferAnswer>;
}
