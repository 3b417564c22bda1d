/** Uploading a `File` or `Blob`: in browsers by XMLHttpRequest, the one way there that reports progress; elsewhere by fetch. */
import { ConnectionError } from './errors.ts';
import type { SendOptions, TransferAnswer, UploadBody } from './transfer.ts';

/** The part of XMLHttpRequest that is used: the package is compiled without the browser's types. */
interface Xhr {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  readonly status: number;
  readonly responseText: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
  send(body: Blob): void;
  abort(): void;
}

const xhrConstructor = (): (new () => Xhr) | undefined => (globalThis as { XMLHttpRequest?: new () => Xhr }).XMLHttpRequest;

function answerOf(xhr: Xhr): TransferAnswer {
  const headers: Record<string, string> = {};
  for (const name of ['retry-after', 'x-request-id', 'content-type']) {
    const value = xhr.getResponseHeader(name);
    if (value !== null) headers[name] = value;
  }
  return { status: xhr.status, headers, body: xhr.responseText };
}

function sendByXhr(create: new () => Xhr, blob: Blob, url: string, options: SendOptions): Promise<TransferAnswer> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const xhr = new create();
    const abort = (): void => xhr.abort();
    const settle = (finish: () => void) => () => {
      options.signal?.removeEventListener('abort', abort);
      finish();
    };
    xhr.open('PUT', url);
    xhr.setRequestHeader('content-type', options.mediaType);
    xhr.upload.onprogress = (event) => options.onProgress?.(event.loaded, blob.size);
    xhr.onload = settle(() => resolve(answerOf(xhr)));
    xhr.onerror = settle(() => reject(new ConnectionError('The upload broke off.')));
    xhr.onabort = settle(() => reject(options.signal?.reason ?? new ConnectionError('The upload was stopped.')));
    options.signal?.addEventListener('abort', abort, { once: true });
    xhr.send(blob);
  });
}

async function sendByFetch(blob: Blob, url: string, options: SendOptions): Promise<TransferAnswer> {
  try {
    const response = await fetch(url, {
      method: 'PUT',
      body: blob,
      headers: { 'content-type': options.mediaType },
      signal: options.signal,
    });
    const body = await response.text();
    options.onProgress?.(blob.size, blob.size);
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new ConnectionError('The upload broke off.', { cause });
  }
}

export function blobBody(blob: Blob): UploadBody {
  return {
    bytes: blob.size,
    send(url, options) {
      const xhr = xhrConstructor();
      return xhr === undefined ? sendByFetch(blob, url, options) : sendByXhr(xhr, blob, url, options);
    },
  };
}
