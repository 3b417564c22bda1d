import type { FbxObjects } from './objects.ts';
import { pColor, pDouble, pEnum, pInt, properties70, pString, pTime } from './properties.ts';
import { CREATION_TIME, FILE_ID, FOOTER_ID } from './signature.ts';
import { ticksAt, timeModeOf } from './time.ts';
import type { FbxDocument, FbxNode } from './tree.ts';
import { branch, double, int, leaf, long, raw, text } from './tree.ts';

const VERSION = 7400;
const CREATOR = 'Gaitway';
const DOCUMENT_ID = 999_999n;

/** The take: its name, rate and last frame. */
export interface Take {
  readonly name: string;
  readonly fps: number;
  readonly frameCount: number;
}

/** Wraps objects and connections into a whole file. */
export function fbxDocument(built: FbxObjects, take: Take): FbxDocument {
  const nodes = [
    headerExtension(),
    leaf('FileId', raw(FILE_ID)),
    leaf('CreationTime', text(CREATION_TIME)),
    leaf('Creator', text(CREATOR)),
    globalSettings(take),
    documents(take),
    branch('References', [], []),
    definitions(built.counts()),
    branch('Objects', [], built.objects),
    branch('Connections', [], built.connections),
    takes(take),
  ];
  return { version: VERSION, nodes, footerId: FOOTER_ID };
}

function headerExtension(): FbxNode {
  const stamp = { Version: 1000, Year: 1970, Month: 1, Day: 1, Hour: 10, Minute: 0, Second: 0, Millisecond: 0 };
  return branch(
    'FBXHeaderExtension',
    [],
    [
      leaf('FBXHeaderVersion', int(1003)),
      leaf('FBXVersion', int(VERSION)),
      leaf('EncryptionType', int(0)),
      branch(
        'CreationTimeStamp',
        [],
        Object.entries(stamp).map(([name, value]) => leaf(name, int(value))),
      ),
      leaf('Creator', text(CREATOR)),
    ],
  );
}

/** Y up, Z towards the viewer, X to the right; one unit is a centimetre. */
function globalSettings(take: Take): FbxNode {
  return branch(
    'GlobalSettings',
    [],
    [
      leaf('Version', int(1000)),
      properties70(
        pInt('UpAxis', 1),
        pInt('UpAxisSign', 1),
        pInt('FrontAxis', 2),
        pInt('FrontAxisSign', 1),
        pInt('CoordAxis', 0),
        pInt('CoordAxisSign', 1),
        pInt('OriginalUpAxis', 1),
        pInt('OriginalUpAxisSign', 1),
        pDouble('UnitScaleFactor', 1),
        pDouble('OriginalUnitScaleFactor', 1),
        pColor('AmbientColor', [0, 0, 0]),
        pString('DefaultCamera', 'Producer Perspective'),
        pEnum('TimeMode', timeModeOf(take.fps)),
        pTime('TimeSpanStart', 0n),
        pTime('TimeSpanStop', endOf(take)),
        pDouble('CustomFrameRate', -1),
      ),
    ],
  );
}

/** Time of the last frame, ticks. */
export const endOf = (take: Take): bigint => ticksAt(take.frameCount - 1, take.fps);

function documents(take: Take): FbxNode {
  const scene = branch(
    'Document',
    [long(DOCUMENT_ID), text('Scene'), text('Scene')],
    [
      properties70(leaf('P', text('SourceObject'), text('object'), text(''), text('')), pString('ActiveAnimStackName', take.name)),
      leaf('RootNode', long(0n)),
    ],
  );
  return branch('Documents', [], [leaf('Count', int(1)), scene]);
}

/** Every class used must be listed: readers drop all objects of one that is not. */
function definitions(counts: ReadonlyMap<string, number>): FbxNode {
  const all = [['GlobalSettings', 1] as const, ...counts];
  const total = all.reduce((n, [, count]) => n + count, 0);
  const types = all.map(([name, count]) => branch('ObjectType', [text(name)], [leaf('Count', int(count))]));
  return branch('Definitions', [], [leaf('Version', int(100)), leaf('Count', int(total)), ...types]);
}

function takes(take: Take): FbxNode {
  const span = (name: string): FbxNode => leaf(name, long(0n), long(endOf(take)));
  const one = branch('Take', [text(take.name)], [leaf('FileName', text(`${take.name}.tak`)), span('LocalTime'), span('ReferenceTime')]);
  return branch('Takes', [], [leaf('Current', text(take.name)), one]);
}

/** Colours and factors are doubles in FBX; exported for materials. */
export const factor = (name: string, value: number): FbxNode => leaf('P', text(name), text('Number'), text(''), text('A'), double(value));
