// The table of configurations: the protocol as it is, and the protocol without one of its guards. The first must hold
// every invariant, each of the others must break the one it names, or the guard is named as covered by others. Then what
// must be missing beside it stands in the row below.

import { explore, type Exploration } from './explore.ts';
import { brokenBy, type Invariant } from './invariants.ts';
import { ended, type Guards, type Rules } from './job.ts';
import { keyOf } from './key.ts';
import { START, stepsOf, type State } from './lease.ts';

export interface Configuration {
  readonly name: string;
  readonly rules: Rules;
  readonly breaks: Invariant | null;
  /** Why nothing breaks although a guard is missing. */
  readonly because?: string;
  /** An invariant that this configuration cannot keep, so that the others are seen. */
  readonly ignoring?: Invariant;
}

const ALL: Guards = {
  fenceHeartbeat: true,
  fenceSnapshot: true,
  fenceFinish: true,
  fenceRelease: true,
  fenceOwner: true,
  fenceAttempt: true,
  fenceState: true,
  fenceExpiry: true,
  attemptGrows: true,
  databaseClock: true,
  trustDeadline: true,
  trustFromSending: true,
  claimLock: true,
  claimRecheck: true,
  reclaim: true,
  claimAsksCancel: true,
  crashesKept: true,
  lostCounts: true,
  maxCrashes: true,
  finishAsksCancel: true,
  cancelLock: true,
  cancelRecheck: false,
  silence: true,
  silenceWaits: true,
  stepExcused: true,
};

/** The clock of the second worker is two ticks ahead in every configuration: it must not matter. */
const PROTOCOL: Rules = { guards: ALL, names: ['w1', 'w2'], ahead: [0, 2], orphans: 'kept', clock: 'steady' };

export const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'the protocol', rules: PROTOCOL, breaks: null },
  { name: 'the protocol, both workers under one name', rules: { ...PROTOCOL, names: ['w', 'w'] }, breaks: null },
  {
    name: 'the protocol, a worker in doubt releases what runs under its name',
    rules: { ...PROTOCOL, orphans: 'released' },
    breaks: null,
  },
  {
    name: 'the same, and that release may arrive late: why a worker takes a new name after a doubt',
    rules: { ...PROTOCOL, orphans: 'released late' },
    breaks: 'I3',
  },
  without('the fence on heartbeat', { fenceHeartbeat: false }, 'I2'),
  without('the fence on snapshot', { fenceSnapshot: false }, 'I2'),
  without('the fence on finish', { fenceFinish: false }, 'I1'),
  without('the fence on release', { fenceRelease: false }, 'I1'),
  without('the expiry in the fence', { fenceExpiry: false }, 'I1'),
  without('the attempt in the fence', { fenceAttempt: false }, 'I1'),
  without('the owner in the fence', { fenceOwner: false }, null, 'an attempt has one owner'),
  without('the owner and the attempt in the fence', { fenceOwner: false, fenceAttempt: false }, 'I1'),
  without('the state in the fence', { fenceState: false }, null, 'a job that has ended has neither owner nor lease'),
  without('state, owner and expiry in the fence', { fenceState: false, fenceOwner: false, fenceExpiry: false }, 'I2'),
  without('attempt + 1 on claim', { attemptGrows: false }, 'I1'),
  without("the database's clock, but with the workers' own", { databaseClock: false }, 'I3'),
  without('the trust deadline', { trustDeadline: false }, 'I3'),
  without('trust from before the question', { trustFromSending: false }, 'I3'),
  without('the re-check in claim', { claimRecheck: false }, null, 'the row lock holds what was read'),
  without('the row lock of claim', { claimLock: false }, 'I7'),
  without('the re-check and the row lock of claim', { claimRecheck: false, claimLock: false }, 'I2'),
  without('the claim of expired leases', { reclaim: false }, 'I4'),
  without('the crash of an attempt left open', { lostCounts: false }, 'I7'),
  without('max_crashes', { maxCrashes: false }, 'I7'),
  without('the crashes before a checkpoint', { crashesKept: false }, 'I6'),
  without('the cancel request in finish', { finishAsksCancel: false }, 'I8'),
  without('the cancel request in claim', { claimAsksCancel: false }, 'I8'),
  without('the row lock of cancel', { cancelLock: false }, 'I2'),
  without('the row lock of cancel, but with a re-check', { cancelLock: false, cancelRecheck: true }, 'I8'),
  { name: "the protocol, the database's clock goes back", rules: { ...PROTOCOL, clock: 'back' }, breaks: null },
  stepping('back', 'the takeover of silent leases', { silence: false }, 'I4'),
  stepping('back', 'the wait until a lease is silent', { silenceWaits: false }, 'I3'),
  {
    name: "the protocol, the database's clock goes ahead: two compute until the first asks again, but one writes",
    rules: { ...PROTOCOL, clock: 'ahead' },
    breaks: 'I3',
  },
  {
    name: 'the same, all but I3',
    rules: { ...PROTOCOL, clock: 'ahead' },
    breaks: null,
    because: 'the fence keeps the one that lost its lease from writing',
    ignoring: 'I3',
  },
  { ...stepping('ahead', 'the excuse of a step', { stepExcused: false }, 'I7'), ignoring: 'I3' },
];

function stepping(clock: 'back' | 'ahead', what: string, taken: Partial<Guards>, breaks: Invariant): Configuration {
  const rules = { ...PROTOCOL, clock, guards: { ...ALL, ...taken } };
  return { name: `without ${what}, the clock goes ${clock}`, rules, breaks };
}

function without(what: string, taken: Partial<Guards>, breaks: Invariant | null, because?: string): Configuration {
  const rules = { ...PROTOCOL, guards: { ...ALL, ...taken } };
  return { name: `without ${what}`, rules, breaks, ...(because && { because }) };
}

export function check({ rules, ignoring }: Configuration): Exploration<State, Invariant> {
  return explore({
    start: START,
    steps: (state) => stepsOf(state, rules),
    broken: (state, step) => brokenBy(state, step, ignoring ?? null),
    key: (state) => keyOf(state, rules),
    done: ({ job }) => ended(job),
    completes: 'I4',
  });
}
