import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createLocalStore } from '../storage/local-store.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createUrlSigner, type UrlSigner } from '../storage/signed-url.ts';

export interface Objects {
  readonly objects: ObjectStore;
  readonly signer: UrlSigner;
}

/** The store that the config names: local disk, its signed URLs served by us. */
export async function openObjects(config: Config): Promise<Objects> {
  const signer = createUrlSigner(Buffer.from(config.signingSecret));
  const objects = await createLocalStore({ root: join(config.dataDir, 'objects'), publicUrl: config.publicUrl, signer });
  return { objects, signer };
}
