import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way for the output of a program into one piece of memory that is used again and again. */
export interface ByteChannel {
  /** What the program is given as its output. To be destroyed here once the program has it. */
  readonly theirs: Socket;
  /** Where it comes out; closes when all has come. */
  readonly ours: Socket;
}

/** What is read at once at most; a socket hands over less. */
const READ_BYTES = 2 ** 18;

/**
 * Opens a channel. `take` gets the bytes, which last until it returns; if it returns false, until `ours.resume()`, before which nothing more
 * is read.
 *
 * The pipes of `child_process` make a buffer for every read: of pictures, a hundred megabytes a second, for which the garbage collector goes
 * through the whole heap seven times a second. Only sockets can be read into memory of one's own (`onread`), and a program can be given one.
 * Null where there is none to be had, on Windows or without a place for temporary files: then a pipe has to do.
 */
export const openByteChannel = async (take: (bytes: Uint8Array) => boolean): Promise<ByteChannel | null> => {
  if (process.platform === 'win32') return null;
  const server = createServer({ pauseOnConnect: true });
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'gaitway-')); // Nobody else may enter it, so that whoever connects is us.
    const path = join(folder, 's');
    await once(server.listen(path), 'listening');
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const ours = connect({ path, onread: { buffer, callback: (count) => take(buffer.subarray(0, count)) } });
    const [[theirs]] = (await Promise.all([once(server, 'connection'), once(ours, 'connect')])) as [[Socket], unknown];
    return { theirs, ours };
  } catch {
    return null; // No room, no right to write, or a path too long for a socket.
  } finally {
    server.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
};
