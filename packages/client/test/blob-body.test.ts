/** The browser's way of uploading, with a small model of XMLHttpRequest: there is no browser here. */
import { afterEach, expect, test, vi } from 'vitest';
import { blobBody } from '../src/blob-body.ts';

type Ending = 'load' | 'error' | 'silence';

function modelOf(ending: Ending) {
  const seen: { method?: string; url?: string; body?: Blob; headers: Record<string, string> } = { headers: {} };
  class Model {
    readonly upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null };
    readonly status = 200;
    readonly responseText = 'stored';
    onload: (() => void) | null = null;
    onerror: (() => void) | null = null;
    onabort: (() => void) | null = null;
    open(method: string, url: string): void {
      Object.assign(seen, { method, url });
    }
    setRequestHeader(name: string, value: string): void {
      seen.headers[name] = value;
    }
    getResponseHeader(name: string): string | null {
      return name === 'x-request-id' ? 'req-1' : null;
    }
    send(body: Blob): void {
      seen.body = body;
      queueMicrotask(() => {
        this.upload.onprogress?.({ loaded: 2 });
        if (ending === 'load') this.onload?.();
        if (ending === 'error') this.onerror?.();
      });
    }
    abort(): void {
      this.onabort?.();
    }
  }
  vi.stubGlobal('XMLHttpRequest', Model);
  return seen;
}

afterEach(() => vi.unstubAllGlobals());

const BLOB = new Blob(['abc']);

test('a blob is PUT with its type and progress, and the answer comes back', async () => {
  const seen = modelOf('load');
  const progress: number[][] = [];
  const answer = await blobBody(BLOB).send('http://host/k', { mediaType: 'video/mp4', onProgress: (...at) => progress.push(at) });
  expect(answer).toEqual({ status: 200, headers: { 'x-request-id': 'req-1' }, body: 'stored' });
  expect(seen).toEqual({ method: 'PUT', url: 'http://host/k', body: BLOB, headers: { 'content-type': 'video/mp4' } });
  expect(progress).toEqual([[2, 3]]);
});

test('an upload that breaks off is a connection error', async () => {
  modelOf('error');
  await expect(blobBody(BLOB).send('http://host/k', { mediaType: 'video/mp4' })).rejects.toMatchObject({ name: 'ConnectionError' });
});

test('an abort ends it with the reason, before and during', async () => {
  modelOf('silence');
  const controller = new AbortController();
  const sending = blobBody(BLOB).send('http://host/k', { mediaType: 'video/mp4', signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(sending).rejects.toThrow('enough');
  await expect(blobBody(BLOB).send('http://host/k', { mediaType: 'video/mp4', signal: controller.signal })).rejects.toThrow('enough');
});
