export interface FootLockOptions {
  /** Time over which a correction fades in before and out after a plant, seconds. */
  readonly easeSec: number;
  /** 0..1: how much of the correction is applied; 1 locks. */
  readonly strength: number;
  /** Flatten the sole while heel and toe are both planted. */
  readonly flatten: boolean;
}

export const FOOT_LOCK_DEFAULTS: FootLockOptions = { easeSec: 0.15, strength: 1, flatten: true };
