import { describe, expect, it } from 'vitest';
import { type Evidence, findingsOf, measuresOf, medianOf } from '../../src/preflight/findings.ts';
import type { FindingCode } from '../../src/preflight/report.ts';
import { verdictOf } from '../../src/preflight/report.ts';
import type { Sighting } from '../../src/preflight/sighting.ts';

const person = { box: { leftPx: 0, topPx: 0, widthPx: 10, heightPx: 20 }, showsLegs: true };
const good: Sighting = { timeSec: 0, people: [person], personHeight: 0.6, light: 0.5, sharpness: 0.7, cameraSpeed: 0 };
const clip = (change: (i: number) => Partial<Sighting> = () => ({}), rest: Partial<Evidence> = {}): Evidence => ({
  sightings: Array.from({ length: 10 }, (_, i) => ({ ...good, timeSec: i, ...change(i) })),
  cutsSec: [],
  durationSec: 10,
  longSec: 600,
  ...rest,
});
const nobody: Partial<Sighting> = { people: [], personHeight: null, sharpness: null };

describe('findingsOf', () => {
  it('has nothing to say about a good clip', () => {
    expect(findingsOf(clip())).toEqual([]);
    expect(verdictOf([])).toBe('fits');
  });

  const cases: [FindingCode, 'blocker' | 'warning', number | undefined, Evidence][] = [
    ['no_person', 'blocker', 0, clip(() => nobody)],
    ['person_often_missing', 'warning', 3, clip((i) => (i >= 3 && i < 7 ? nobody : {}))],
    ['person_too_small', 'warning', 4, clip((i) => ({ personHeight: i === 4 ? 0.1 : 0.15 }))],
    ['several_people', 'warning', 5, clip((i) => (i > 4 ? { people: [person, person] } : {}))],
    ['legs_out_of_frame', 'warning', 2, clip((i) => (i > 1 ? { people: [{ ...person, showsLegs: false }] } : {}))],
    ['cut', 'warning', 4, clip(undefined, { cutsSec: [4, 7] })],
    ['cut', 'blocker', 0.5, clip(undefined, { cutsSec: [0.5, 1], durationSec: 1.5 })],
    ['motion_blur', 'warning', 6, clip((i) => ({ sharpness: i === 6 ? 0.01 : 0.05 }))],
    ['low_light', 'warning', 1, clip((i) => ({ light: i === 1 ? 0.02 : 0.05 }))],
    ['camera_moves', 'warning', 8, clip((i) => ({ cameraSpeed: i === 8 ? 0.2 : 0.05 }))],
    ['too_short', 'warning', undefined, clip(undefined, { durationSec: 0.9 })],
    ['too_long', 'blocker', undefined, clip(undefined, { durationSec: 601 })],
  ];

  it.each(cases)('%s is a %s, shown at %s s', (code, severity, timeSec, evidence) => {
    const findings = findingsOf(evidence);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code, severity });
    expect(findings[0].timeSec).toBe(timeSec);
    expect(findings[0].sentence).toMatch(/^[A-Z].*\.$/);
    expect(verdictOf(findings)).toBe(severity === 'blocker' ? 'does_not_fit' : 'fits_with_warnings');
  });

  it('does not warn of what one picture shows once', () => {
    const once = clip((i) =>
      i === 5 ? { people: [person, person], light: 0.01, sharpness: 0.01, cameraSpeed: 1, personHeight: 0.01 } : {},
    );
    expect(findingsOf(once)).toEqual([]);
  });

  it('puts blockers first', () => {
    const findings = findingsOf(clip(() => ({ light: 0.01 }), { durationSec: 700 }));
    expect(findings.map(({ code }) => code)).toEqual(['too_long', 'low_light']);
  });
});

describe('what was measured', () => {
  it('is a median of what is known', () => {
    expect(medianOf([null, 3, 1, null, 2])).toBe(2);
    expect(medianOf([null])).toBeNull();
    expect(measuresOf(clip((i) => (i < 3 ? nobody : {})))).toMatchObject({
      sampledFrames: 10,
      framesWithPerson: 7,
      people: 1,
      personHeight: 0.6,
    });
  });
});
