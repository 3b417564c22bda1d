import type { ModelIdentity } from '@gaitway/capture/models/model-files';
import type { PersonSummary } from '@gaitway/capture/shots/person-summary';
import type { SolveReport } from '@gaitway/capture/solve/solve-report';
import type { VideoInfo } from '@gaitway/capture/video-info';
import type { Delivery } from '@gaitway/targets/target';
import { ENGINE_VERSION } from './engine-version.ts';
import type { StoredFile } from './output-folder.ts';
import type { FailedTarget } from './run-targets.ts';

/** The part of the source that was used, seconds from its start. */
export interface Trim {
  readonly startSec: number;
  readonly endSec: number;
}

export interface ManifestShot {
  readonly fromSec: number;
  readonly toSec: number;
  readonly subject: number | null;
}

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
}

export interface ManifestTarget {
  readonly targetId: string;
  readonly targetVersion: string | null;
  readonly resultType: Delivery['resultType'];
  readonly status: 'completed' | 'failed';
  readonly files: readonly ManifestFile[];
  readonly frameCount: number | null;
  readonly fps: number | null;
  readonly upAxis: Delivery['upAxis'] | null;
  readonly unit: Delivery['unit'] | null;
  readonly rootMotion: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** `manifest.json`: what was made, from what, by what, and how good it is. Durations in seconds, lengths in the unit of the name. */
export interface Manifest {
  readonly manifestVersion: 1;
  readonly jobId: string | null;
  readonly source: Omit<VideoInfo, 'widthPx' | 'heightPx' | 'rotationDeg' | 'stream'> & {
    readonly width: number;
    readonly height: number;
    readonly rotation: number;
  };
  readonly trim: Trim;
  readonly mocapType: string;
  readonly exportFps: number;
  readonly subject: SolveReport['person'];
  /** Everybody who was followed; `index` is what `subject` chooses by. Times are seconds of the video, boxes its upright pixels. */
  readonly people: readonly PersonSummary[];
  /** From cut to cut, seconds of the video; `subject`: whose motion it is, null where the person is not in the shot. */
  readonly shots: readonly ManifestShot[];
  readonly camera: {
    readonly focalPx: number;
    readonly focalSource: string;
    /** Standard deviation of the focal length, relative; absent in manifests of older versions. */
    readonly focalSigma?: number;
    readonly moving: boolean;
    readonly gravity: readonly number[];
    /** What the background says about the camera; null where nobody looked. */
    readonly background: NonNullable<SolveReport['camera']['background']> | null;
  };
  /** How far the motion can be trusted, and where it is a guess; null for clips of older versions. */
  readonly confidence: NonNullable<SolveReport['confidence']> | null;
  readonly targets: readonly ManifestTarget[];
  /** Files that belong to no target: the clip and the preview. */
  readonly files: readonly ManifestFile[];
  readonly quality: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly engine: { readonly version: string; readonly solve: string; readonly models: readonly ModelIdentity[] };
  /** What the job cost; the service fills it in, a local run costs nothing. */
  readonly billing: { readonly vCredits: number };
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** What is known about a clip's making, kept in its file so that a later run can write the same manifest. */
export interface ClipOrigin {
  readonly source: VideoInfo;
  readonly trim: Trim;
  readonly mocapType: string;
  readonly solve: SolveReport;
  /** Clips that were stored by an older version do not say. */
  readonly people?: readonly PersonSummary[];
  readonly shots?: readonly ManifestShot[];
  readonly models: readonly ModelIdentity[];
}

export interface DeliveredTarget {
  readonly delivery: Delivery;
  readonly files: readonly StoredFile[];
}

export interface ManifestParts {
  readonly jobId: string | null;
  readonly origin: ClipOrigin;
  readonly exportFps: number;
  readonly delivered: readonly DeliveredTarget[];
  readonly failed: readonly FailedTarget[];
  readonly files: readonly StoredFile[];
  readonly vCredits: number;
  readonly timings: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

export function buildManifest(parts: ManifestParts): Manifest {
  const { origin, delivered, failed } = parts;
  const { camera, person, repairs } = origin.solve;
  return {
    manifestVersion: 1,
    jobId: parts.jobId,
    source: sourceOf(origin.source),
    trim: origin.trim,
    mocapType: origin.mocapType,
    exportFps: parts.exportFps,
    subject: person,
    people: origin.people ?? [],
    shots: origin.shots ?? [],
    camera: {
      focalPx: camera.focalPx,
      focalSource: camera.focalSource,
      ...(camera.focalSigma !== undefined && { focalSigma: camera.focalSigma }),
      moving: camera.moving,
      gravity: camera.upInCamera.map((x) => -x),
      background: camera.background ?? null,
    },
    confidence: origin.solve.confidence ?? null,
    targets: [...delivered.map(completedTarget), ...failed.map(failedTarget)],
    files: parts.files.map(fileOf),
    quality: Object.fromEntries(
      delivered.map(({ delivery }) => [delivery.targetId, { ...delivery.quality, sideRepairs: repairs.filter(isSideRepair).length }]),
    ),
    engine: { version: ENGINE_VERSION, solve: origin.solve.method, models: origin.models },
    billing: { vCredits: parts.vCredits },
    timings: parts.timings,
    warnings: [...new Set([...parts.warnings, ...origin.solve.warnings, ...delivered.flatMap(({ delivery }) => delivery.warnings)])],
  };
}

const isSideRepair = (repair: SolveReport['repairs'][number]): boolean => repair.kind !== 'outlier';

const fileOf = ({ name, bytes, sha256, mediaType }: StoredFile): ManifestFile => ({ name, bytes, sha256, mediaType });

function sourceOf({ widthPx, heightPx, rotationDeg, stream: _, ...facts }: VideoInfo): Manifest['source'] {
  return { ...facts, width: widthPx, height: heightPx, rotation: rotationDeg };
}

const completedTarget = ({ delivery, files }: DeliveredTarget): ManifestTarget => ({
  targetId: delivery.targetId,
  targetVersion: null,
  resultType: delivery.resultType,
  status: 'completed',
  files: files.map(fileOf),
  frameCount: delivery.frameCount,
  fps: delivery.fps,
  upAxis: delivery.upAxis,
  unit: delivery.unit,
  rootMotion: delivery.rootMotion,
  errorCode: null,
  errorMessage: null,
});

const failedTarget = ({ targetId, resultType, error }: FailedTarget): ManifestTarget => ({
  targetId,
  targetVersion: null,
  resultType,
  status: 'failed',
  files: [],
  frameCount: null,
  fps: null,
  upAxis: null,
  unit: null,
  rootMotion: null,
  errorCode: error.code,
  errorMessage: error.message,
});
