import { GaitwayError } from '@gaitway/motion/errors';
import type { BvhChannel, BvhJoint, BvhMotion } from './motion.ts';
import { BVH_CHANNELS } from './motion.ts';
import { BvhTokens, refuseBvh, shown } from './tokens.ts';

/** What is refused before it costs memory or time. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_JOINTS = 1024;
const MAX_DEPTH = 128;
const MAX_NAME = 128;
const MAX_VALUES = 32_000_000;
const MAX_FRAME_TIME_SEC = 10;
const MIN_FRAME_TIME_SEC = 1e-4;

/**
 * Reads a BVH file: any channel order, position channels on any joint, End Sites, tabs, CRLF, a frame count that does not match
 * the rows (the rows win, with a warning). Anything else that is not BVH is refused with the number of the line.
 */
export function parseBvh(bytes: Uint8Array): BvhMotion {
  if (bytes.length > MAX_BYTES) throw new GaitwayError('motion_unreadable', { message: `The BVH file is larger than ${MAX_BYTES} bytes.` });
  const tokens = new BvhTokens(new TextDecoder('latin1').decode(bytes).replace(/^\u00ef\u00bb\u00bf/, ''));
  tokens.expect('HIERARCHY');
  const joints = readHierarchy(tokens);
  return readMotion(tokens, joints);
}

interface OpenJoint {
  name: string;
  parent: number;
  offset: [number, number, number];
  channels: BvhChannel[];
  channelsAt: number;
  endSite: [number, number, number] | null;
}

function readHierarchy(tokens: BvhTokens): BvhJoint[] {
  tokens.expect('ROOT');
  const joints: OpenJoint[] = [openJoint(tokens, -1)];
  const stack = [0];
  let channelCount = 0;
  while (stack.length > 0) {
    const current = stack[stack.length - 1];
    const word = tokens.next();
    switch (word.toUpperCase()) {
      case 'OFFSET':
        joints[current].offset = triple(tokens);
        break;
      case 'CHANNELS':
        joints[current].channelsAt = channelCount;
        joints[current].channels = readChannels(tokens, joints[current]);
        channelCount += joints[current].channels.length;
        break;
      case 'JOINT':
        joints.push(openJoint(tokens, current));
        stack.push(joints.length - 1);
        if (joints.length > MAX_JOINTS) refuseBvh(tokens.line, `more than ${MAX_JOINTS} joints`);
        if (stack.length > MAX_DEPTH) refuseBvh(tokens.line, `joints nested deeper than ${MAX_DEPTH}`);
        break;
      case 'END':
        joints[current].endSite = readEndSite(tokens);
        break;
      case '}':
        stack.pop();
        break;
      default:
        refuseBvh(tokens.line, `expected OFFSET, CHANNELS, JOINT, End Site or }, found ${shown(word)}`);
    }
  }
  return joints;
}

function openJoint(tokens: BvhTokens, parent: number): OpenJoint {
  const line = tokens.line;
  const rest = tokens.restOfLine();
  const opensHere = rest.endsWith('{');
  const name = (opensHere ? rest.slice(0, -1) : rest).trim();
  if (name === '' || name.length > MAX_NAME) refuseBvh(line, `a joint needs a name of 1 to ${MAX_NAME} characters`);
  if (!opensHere) tokens.expect('{');
  return { name, parent, offset: [0, 0, 0], channels: [], channelsAt: 0, endSite: null };
}

const triple = (tokens: BvhTokens): [number, number, number] => [
  tokens.number('a number of the offset'),
  tokens.number('a number of the offset'),
  tokens.number('a number of the offset'),
];

function readEndSite(tokens: BvhTokens): [number, number, number] {
  tokens.restOfLine();
  tokens.expect('{');
  tokens.expect('OFFSET');
  const offset = triple(tokens);
  tokens.expect('}');
  return offset;
}

function readChannels(tokens: BvhTokens, joint: OpenJoint): BvhChannel[] {
  if (joint.channels.length > 0) refuseBvh(tokens.line, `${joint.name} has two CHANNELS lines`);
  const count = tokens.number('the number of channels');
  if (!Number.isInteger(count) || count < 0 || count > 6) refuseBvh(tokens.line, `a joint has 0 to 6 channels, not ${count}`);
  const channels: BvhChannel[] = [];
  for (let k = 0; k < count; k++) {
    const word = tokens.next();
    const channel = BVH_CHANNELS.find((name) => name.toLowerCase() === word.toLowerCase());
    if (!channel) return refuseBvh(tokens.line, `unknown channel ${shown(word)}`);
    if (channels.includes(channel)) refuseBvh(tokens.line, `channel ${channel} stands twice`);
    channels.push(channel);
  }
  return channels;
}

function readMotion(tokens: BvhTokens, joints: readonly BvhJoint[]): BvhMotion {
  const channelCount = joints.reduce((sum, joint) => sum + joint.channels.length, 0);
  if (channelCount === 0) refuseBvh(tokens.line, 'the hierarchy has no channels');
  tokens.expect('MOTION');
  tokens.expect('Frames:');
  const announced = tokens.number('the number of frames');
  tokens.expect('Frame');
  tokens.expect('Time:');
  const frameTimeSec = tokens.number('the frame time');
  if (!(frameTimeSec >= MIN_FRAME_TIME_SEC && frameTimeSec <= MAX_FRAME_TIME_SEC))
    refuseBvh(tokens.line, `a frame time of ${frameTimeSec} s`);
  const { values, warnings } = readRows(tokens, channelCount);
  const frameCount = values.length / channelCount;
  if (frameCount === 0) refuseBvh(tokens.line, 'there are no frames');
  if (announced !== frameCount) warnings.push(`The file announces ${announced} frames and has ${frameCount}; all of them were read.`);
  return { joints, frameCount, frameTimeSec, channelCount, values, warnings };
}

function readRows(tokens: BvhTokens, channelCount: number): { values: Float64Array; warnings: string[] } {
  const warnings: string[] = [];
  let values = new Float64Array(channelCount * 256);
  let count = 0;
  while (!tokens.atEnd()) {
    if (count >= MAX_VALUES) refuseBvh(tokens.line, `more than ${MAX_VALUES} values`);
    if (count === values.length) values = grown(values);
    values[count++] = tokens.number('a channel value');
  }
  const spare = count % channelCount;
  if (spare > 0) warnings.push(`The last frame is cut off after ${spare} of ${channelCount} values and was left out.`);
  return { values: values.slice(0, count - spare), warnings };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
