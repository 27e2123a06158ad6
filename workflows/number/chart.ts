import { calls } from './calls';
import { chartSetup } from './chart-setup';
import { codeRound } from './code-round';
import { newContext } from './context';

/**
 * The life of a pre-verified phone number, version 1: its states are those that people see, its phases say what is
 * under way. `codeRound` (three states share it) adds the phases requesting, deferred, waiting and verifying.
 * Guards, actions and delays are named here and defined in the files of those names.
 */

/** The status that was read again shows a number verified, behind our back. */
const becomesVerified = {
  guard: 'readVerified',
  target: '#number.Verified',
  actions: ['endReading', 'recordVerification', 'callDone'],
} as const;

/** … or a verified one lapsed, or verified until another time. */
const staysVerified = [
  { guard: 'readLapsed', target: '#number.Unverified', actions: ['endReading', 'recordLapse', 'callDone'] },
  { guard: 'readAsKnown', actions: ['endReading', 'callDone'] },
  {
    guard: 'readVerified',
    target: '#number.Verified.fresh',
    reenter: true,
    actions: ['endReading', 'recordVerification', 'callDone'],
  },
] as const;

const Added = chartSetup.createStateConfig({
  initial: 'adding',
  states: {
    adding: {
      invoke: {
        ...calls.addNumber,
        onDone: [
          {
            guard: 'addedVerifiedToRemove',
            target: '#number.Verified.removing',
            actions: ['recordAdded', 'callDone'],
          },
          {
            guard: 'addedLapsedToRemove',
            target: '#number.Unverified.removing',
            actions: ['recordAdded', 'callDone'],
          },
          { guard: 'removalAsked', target: 'removing', actions: ['recordAdded', 'callDone'] },
          { guard: 'addedVerified', target: '#number.Verified', actions: ['recordAdded', 'callDone'] },
          {
            guard: 'codeAsked',
            target: '#number.CodeRequested',
            actions: ['beginCodeRound', 'recordAdded', 'callDone'],
          },
          { guard: 'addedLapsed', target: '#number.Unverified', actions: ['recordAdded', 'callDone'] },
          { target: 'waiting', actions: ['recordAdded', 'callDone'] },
        ],
        onError: [
          { guard: 'worthAnotherTry', target: 'deferred', actions: 'callFailed' },
          { target: '#number.Rejected', actions: 'callFailed' },
        ],
      },
      on: { requestCode: { actions: 'askForCode' }, remove: { actions: 'askForRemoval' } },
    },
    deferred: {
      after: { goOn: 'adding' },
      on: { requestCode: { target: 'adding', actions: 'askForCode' }, remove: '#number.Removed' },
    },
    waiting: {
      entry: ['changeSharing', 'planCode'],
      after: {
        goOnOrDeadline: [
          { guard: 'deadlinePassed', target: '#number.Removed' },
          { target: '#number.CodeRequested', actions: 'beginCodeRound' },
        ],
      },
      on: {
        'xstate.done.actor.readNumber': becomesVerified,
        requestCode: { target: '#number.CodeRequested', actions: 'beginCodeRound' },
        submitCode: lateCode('#number.CodeRequested.verifying'),
        remove: 'removing',
      },
    },
    removing: removing('waiting'),
  },
});

const CodeRequested = chartSetup.createStateConfig({
  initial: 'requesting',
  entry: 'changeSharing',
  states: {
    ...codeRound({ verified: '#number.Verified', back: 'returning', deadline: '#number.Removed' }),
    returning: {
      always: [
        { guard: 'cameFromAdded', target: '#number.Added.waiting' },
        { target: '#number.Unverified.waiting' },
      ],
    },
    removing: removing('returning'),
  },
  on: { remove: '.removing' },
});

const Verified = chartSetup.createStateConfig({
  initial: 'fresh',
  entry: 'changeSharing',
  states: {
    fresh: {
      after: { renewable: 'renewable' },
      on: { 'xstate.done.actor.readNumber': staysVerified },
    },
    renewable: {
      entry: 'planRenewal',
      after: {
        goOnOrDeadline: [
          { guard: 'deadlinePassed', target: '#number.Unverified', actions: 'recordLapse' },
          { target: 'renewing', actions: 'beginCodeRound' },
        ],
      },
      on: {
        requestCode: { target: 'renewing', actions: 'beginCodeRound' },
        submitCode: lateCode('#number.Verified.renewing.verifying'),
        'xstate.done.actor.readNumber': staysVerified,
      },
    },
    renewing: {
      initial: 'requesting',
      states: codeRound({
        verified: '#number.Verified.fresh',
        back: '#number.Verified.renewable',
        deadline: '#number.Verified.lapsing',
      }),
    },
    lapsing: {
      always: { target: '#number.Unverified', actions: 'recordLapse' },
    },
    claiming: {
      invoke: {
        ...calls.claimNumber,
        onDone: { target: '#number.Claimed', actions: ['recordClaimedFor', 'cancelReservation', 'callDone'] },
        onError: { target: 'fresh', actions: ['callFailed', 'endClaimFor'] },
      },
      on: {
        claimFor: [{ guard: 'sameClaimFor', actions: 'join' }, {}],
        requestCode: {},
        reserve: {},
        remove: {},
      },
    },
    removing: removing('fresh'),
  },
  on: {
    claimFor: { guard: 'claimableFor', target: '.claiming', actions: 'beginClaimFor' },
    remove: '.removing',
  },
});

const Unverified = chartSetup.createStateConfig({
  initial: 'waiting',
  entry: 'changeSharing',
  states: {
    waiting: {
      entry: 'planCode',
      after: { goOn: { target: '#number.CodeRequested', actions: 'beginCodeRound' } },
      on: {
        'xstate.done.actor.readNumber': becomesVerified,
        requestCode: { target: '#number.CodeRequested', actions: 'beginCodeRound' },
        submitCode: lateCode('#number.CodeRequested.verifying'),
        remove: 'removing',
      },
    },
    removing: removing('waiting'),
  },
});

export const Claimed = chartSetup.createStateConfig({
  initial: 'confirming',
  states: {
    confirming: {
      invoke: {
        ...calls.confirmClaim,
        onDone: [
          {
            guard: 'claimRegistered',
            target: '#number.Registered',
            actions: ['recordConfirmed', 'recordRegistered', 'callDone'],
          },
          {
            guard: 'claimVerified',
            target: 'verified',
            actions: ['recordConfirmed', 'awaitRegistration', 'callDone'],
          },
          { guard: 'claimLapsed', target: 'lapsed', actions: ['recordConfirmed', 'callDone'] },
          { guard: 'claimUntrue', target: 'untrue', actions: ['noteClaimMissing', 'endClaim'] },
          { target: 'unconfirmed', actions: 'noteClaimMissing' },
        ],
        onError: { target: 'unconfirmed', actions: 'callFailed' },
      },
      on: {
        claim: { guard: 'sameClaim', actions: ['completeClaim', 'join'] },
        register: { actions: ['askForRegistration', 'join'] },
      },
    },
    unconfirmed: {
      after: { goOn: 'confirming' },
      on: {
        claim: [
          { guard: 'sameClaim', target: 'confirming', actions: 'completeClaim' },
          { target: 'confirming', actions: 'recordClaim' },
        ],
      },
    },
    untrue: {
      always: [
        { guard: 'neverAdded', target: '#number.Added' },
        { guard: 'stillVerified', target: '#number.Verified' },
        { guard: 'neverVerified', target: '#number.Added.waiting' },
        { target: '#number.Unverified' },
      ],
    },
    verified: {
      after: {
        goOnOrDeadline: [
          { guard: 'deadlinePassed', target: 'lapsed' },
          { guard: 'registrable', target: 'registering' },
          { target: 'verified', reenter: true, actions: 'awaitBudget' },
        ],
      },
      on: { register: { guard: 'registrable', target: 'registering', actions: 'takePin' } },
    },
    registering: {
      entry: 'countRegistration',
      invoke: {
        ...calls.registerNumber,
        onDone: { target: '#number.Registered', actions: ['recordRegistered', 'callDone'] },
        onError: [
          { guard: 'verifyFirst', target: 'lapsed', actions: 'callFailed' },
          { target: 'verified', actions: 'callFailed' },
        ],
      },
      on: { register: { guard: 'pinAgrees', actions: 'join' } },
    },
    lapsed: {
      entry: 'recordClaimLapse',
      after: { goOn: { target: 'requesting', actions: 'beginCodeRound' } },
      on: { requestCode: { target: 'requesting', actions: 'beginCodeRound' } },
    },
    ...codeRound({ verified: 'verified', back: 'lapsed' }),
  },
  on: {
    claim: { guard: 'sameClaim', actions: ['completeClaim', 'repeat'] },
    claimFor: { guard: 'sameClaimFor', actions: 'repeat' },
  },
});

/** Take the number out of the pool; where Meta refuses, it stays as it was. */
function removing(back: string) {
  return chartSetup.createStateConfig({
    invoke: {
      ...calls.removeNumber,
      onDone: { target: '#number.Removed', actions: 'callDone' },
      onError: { target: back, actions: 'callFailed' },
    },
    on: {
      remove: { actions: 'join' },
      requestCode: {},
      reserve: {},
      share: {},
      unshare: {},
      claimFor: {},
      refresh: {},
    },
  });
}

/** A code that was asked for before the number lapsed, or before something else came between. */
function lateCode(verifying: string) {
  return { guard: 'codeNewAndAlive', target: verifying, actions: 'resumeCodeRound' } as const;
}

export const numberChart = chartSetup.createMachine({
  id: 'number',
  context: ({ input }) => newContext(input),
  output: ({ context }) => context,
  initial: 'Added',
  states: {
    Added,
    CodeRequested,
    Verified,
    Unverified,
    Claimed,
    Registered: { type: 'final' },
    Removed: { type: 'final', entry: 'leavePool' },
    Rejected: { type: 'final', entry: 'leavePool' },
  },
  on: {
    submitCode: { guard: 'codeAccepted', actions: 'repeat' },
    reserve: {
      guard: 'reservable',
      actions: ['recordReservation', 'cancelReservation', 'startReservation'],
    },
    release: { guard: 'releasable', actions: ['endReservation', 'cancelReservation'] },
    reservationExpired: { actions: 'endReservation' },
    claim: {
      guard: 'unclaimed',
      target: '.Claimed',
      actions: ['recordClaim', 'cancelReservation'],
    },
    share: [
      { guard: 'shared', actions: 'repeat' },
      { guard: 'unclaimed', actions: ['queueSharing', 'changeSharing'] },
    ],
    unshare: [
      { guard: 'notShared', actions: 'repeat' },
      { guard: 'unclaimed', actions: ['queueSharing', 'changeSharing'] },
    ],
    refresh: { guard: 'refreshable', actions: 'readNumber' },
    'xstate.done.actor.readNumber': [
      { guard: 'readNothing', actions: ['endReading', 'noteGone'] },
      { actions: ['endReading', 'callDone'] },
    ],
    'xstate.error.actor.readNumber': { actions: ['endReading', 'callFailed'] },
    receiveCode: { guard: 'holdsCode', actions: ['keepCode', 'cancelKeptCode', 'startKeptCode'] },
    keptCodeExpired: { actions: 'forgetKeptCode' },
    takeCode: { guard: 'mayTakeCode', actions: ['forgetKeptCode', 'cancelKeptCode'] },
    'xstate.done.actor.changeSharing': { actions: ['recordSharing', 'callDone', 'changeSharing'] },
    'xstate.error.actor.changeSharing': { actions: ['callFailed', 'dropSharing', 'changeSharing'] },
  },
});
