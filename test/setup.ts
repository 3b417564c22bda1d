/**
 * Before every test file: properties are tried on the same examples each time, so that a landing does not depend on the dice.
 * `GAITWAY_TEST_SEED=7` tries others; a property that fails then is a fault found, not a flaky test.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.GAITWAY_TEST_SEED ?? 20_260_101) });
