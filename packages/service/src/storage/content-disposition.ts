/** RFC 6266: a file name in a header, for old and new clients, whatever the name holds. */

const MAX_NAME_CHARACTERS = 150;

/** What no file system or header takes: controls, separators, quotes; and halves of surrogate pairs, which have no UTF-8. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\\/:*?"<>|]/gu;

const cleaned = (name: string): string =>
  Array.from(name.replace(UNSAFE, '_')).slice(0, MAX_NAME_CHARACTERS).join('').replace(/^\.+/, '_').trim() || 'file';

/** RFC 8187 `ext-value`: percent-encoded UTF-8; `encodeURIComponent` leaves four characters that are not allowed. */
const extended = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * ```
 * attachmentHeader('walk.fbx')  // attachment; filename="walk.fbx"
 * attachmentHeader('pas à pas.fbx')  // attachment; filename="pas _ pas.fbx"; filename*=UTF-8''pas%20%C3%A0%20pas.fbx
 * ```
 */
export function attachmentHeader(fileName: string): string {
  const name = cleaned(fileName);
  const ascii = name.replace(/[^\x20-\x7e]/g, '_');
  const plain = `attachment; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${extended(name)}`;
}
