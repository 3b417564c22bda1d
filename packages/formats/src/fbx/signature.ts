/** Fixed bytes of a binary FBX file. */
const hex = (digits: string): Uint8Array => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const HEADER = 'Kaydara FBX Binary  \0\x1a\0';

/** First 23 bytes; the uint32 version follows. */
export const HEADER_MAGIC: Uint8Array = Uint8Array.from(HEADER, (c) => c.charCodeAt(0));

/**
 * FileId, CreationTime and the footer id are a checked triple: the Autodesk SDK shows an empty scene when they do not fit
 * together. This is the one that open-source writers share; being fixed, it also makes the output deterministic.
 */
export const FILE_ID: Uint8Array = hex('28b32aebb624ccc2bfc8b02aa92bfcf1');
export const CREATION_TIME = '1970-01-01 10:00:00:000';
export const FOOTER_ID: Uint8Array = hex('fabcab09d0c8d466b176fb831cf7267e');

/** Last 16 bytes of the file. */
export const FOOTER_MAGIC: Uint8Array = hex('f85a8c6adef5d97eece90ce3758f290b');

/** Zero bytes between the version in the footer and the last magic. */
export const FOOTER_ZEROS = 120;

/** Offsets are 64-bit from this version on. */
export const WIDE_VERSION = 7500;
