import { calls } from './calls';
import { and, chartSetup, not, rejects } from './chart-setup';
import { newContext } from './context';

/**
 * The life of a pre-verified phone number, version 1, whole. The region `life` holds the states that people see, and
 * their phases; beside it stand the concerns that do not depend on them. What the chart names (guards, delays, actions,
 * calls) is defined in the files of those names; "rule n" is a rule of time in docs/rules.md.
 *
 * A message is rejected if any transition that it would take says so (`rejects`), or if it would take none.
 */

/** While a call is under way, codes wait for its end. */
const codeArrives = {
  requestCode: { actions: 'join' },
  submitCode: [
    { guard: 'codeKnown', actions: 'join' },
    { guard: 'codesHeldFull', ...rejects('codesWaiting') },
    { guard: 'codeNew', actions: 'holdCode' },
  ],
  receiveCode: { guard: 'codeDoubtful', actions: 'holdDoubtfulCode' },
} as const;

/**
 * The phases of a requested code, which three states share: ask Meta for it, wait for it, hand it in. `to` names the
 * states that follow; a round without a deadline ends by its code alone (rules 2 to 4). `unless`: what has it given up
 * before Meta is asked again.
 */
const codeRound = (to: { verified: string; back: string; deadline?: string; unless?: 'staysOnApp' }) => ({
  requesting: chartSetup.createStateConfig({
    invoke: {
      ...calls.requestCode,
      onDone: [
        {
          guard: 'alreadyVerified',
          target: to.verified,
          actions: ['recordVerification', 'endCodeRound', 'callDone'],
        },
        { guard: 'verifiedBefore', target: 'deferred', actions: ['callDone', 'awaitLapse'] },
        { guard: 'codeHeld', target: 'verifying', actions: ['recordCodeSent', 'submitHeldCode', 'callDone'] },
        { target: 'waiting', actions: ['recordCodeSent', 'callDone'] },
      ],
      onError: [
        // Meta sends no other code now, but the one before is still good.
        {
          guard: and(['codeHeld', 'codeAlive']),
          target: 'verifying',
          actions: ['callFailed', 'submitHeldCode'],
        },
        { guard: 'codeAlive', target: 'waiting', actions: ['callFailed', 'otherMethodIfNotSent'] },
        { guard: 'neitherMethodSends', target: to.back, actions: ['callFailed', 'endCodeRound'] },
        { guard: 'worthAnotherTry', target: 'deferred', actions: ['callFailed', 'otherMethodIfNotSent'] },
        { target: to.back, actions: ['callFailed', 'endCodeRound'] },
      ],
    },
    on: {
      ...codeArrives,
      receiveCode: [codeArrives.receiveCode, { guard: 'textWithoutCode', actions: 'noteEarlyText' }],
    },
  }),
  /** Meta asked to wait, could not be asked, or has not noticed yet that the number lapsed. */
  deferred: chartSetup.createStateConfig({
    after: {
      resumeOrDeadline: [
        ...atDeadline(to.deadline),
        ...(to.unless ? [{ guard: to.unless, target: to.back, actions: 'endCodeRound' } as const] : []),
        { target: 'requesting', actions: 'goOnAsking' },
      ],
    },
    on: { requestCode: { target: 'requesting', actions: 'beginCodeRound' } },
  }),
  waiting: chartSetup.createStateConfig({
    after: {
      codeStaleMissedOrDeadline: [
        ...atDeadline(to.deadline),
        { guard: 'doubtfulCodeDue', target: 'verifying', actions: 'submitDoubtfulCode' },
        { guard: 'putOff', target: 'deferred' },
        {
          guard: and(['checkingWaits', 'mayAskAgain']),
          target: 'deferred',
          actions: ['noteCodeNotReceived', 'askAgain'],
        },
        { guard: 'mayAskAgain', target: 'requesting', actions: ['noteCodeNotReceived', 'askAgain'] },
        { target: to.back, actions: ['noteCodeNotReceived', 'endCodeRound'] },
      ],
    },
    on: {
      submitCode: { guard: 'codeNew', target: 'verifying', actions: 'submitCode' },
      requestCode: { target: 'requesting', actions: 'beginCodeRound' },
      receiveCode: [
        { guard: 'codeDoubtful', target: 'waiting', reenter: true, actions: 'holdDoubtfulCode' },
        { guard: 'asksSooner', target: 'waiting', reenter: true, actions: 'noteTextWithoutCode' },
        { guard: 'textWithoutCode', actions: 'noteTextWithoutCode' },
      ],
    },
  }),
  verifying: chartSetup.createStateConfig({
    invoke: {
      ...calls.verifyCode,
      onDone: [
        {
          guard: 'codeRight',
          target: to.verified,
          actions: ['recordVerification', 'acceptCode', 'callDone'],
        },
        {
          guard: and(['attemptsSpent', 'mayAskAgain']),
          target: 'requesting',
          actions: ['noteWrongCode', 'askAgain'],
        },
        { guard: 'attemptsSpent', target: to.back, actions: ['noteWrongCode', 'endCodeRound'] },
        {
          guard: 'codeHeld',
          target: 'verifying',
          reenter: true,
          actions: ['noteWrongCode', 'submitHeldCode'],
        },
        { target: 'waiting', actions: 'noteWrongCode' },
      ],
      onError: [
        // It may be handed in again.
        {
          guard: and(['worthAnotherTry', 'codeAlive']),
          target: 'waiting',
          actions: ['callFailed', 'takeCodeBack'],
        },
        // It died while Meta was being asked about it.
        {
          guard: and(['worthAnotherTry', 'statesWait', 'mayAskAgain']),
          target: 'deferred',
          actions: ['callFailed', 'takeCodeBack', 'askAgain'],
        },
        { target: to.back, actions: ['callFailed', 'endCodeRound'] },
      ],
    },
    on: codeArrives,
  }),
});

const atDeadline = (target: string | undefined) =>
  target === undefined ? [] : [{ guard: 'deadlinePassed', target } as const];

/** A code that was requested before the number lapsed, or before something else came between. */
const lateCode = (verifying: string) =>
  ({ guard: and(['codeNew', 'codeAlive']), target: verifying, actions: 'resumeCodeRound' }) as const;

const whileItLeaves = {
  remove: { actions: 'join' },
  requestCode: rejects('notNow'),
  reserve: rejects('notNow'),
  share: rejects('notNow'),
  unshare: rejects('notNow'),
  claimFor: rejects('notNow'),
  refresh: rejects('notNow'),
} as const;

/**
 * Taking the number out of the pool; where Meta refuses, it stays as it was. Meta answers alike for a number that it has
 * deleted and for one that a customer has taken, so a claim that is reported meanwhile is looked for before the life ends.
 */
const removal = (back: string) => ({
  removing: chartSetup.createStateConfig({
    invoke: {
      ...calls.removeNumber,
      onDone: { target: 'leaving', actions: 'callDone' },
      onError: { target: back, actions: 'callFailed' },
    },
    on: whileItLeaves,
  }),
  leaving: chartSetup.createStateConfig({
    always: { guard: not('claimReported'), target: '#Removed' },
    on: whileItLeaves,
  }),
});

/** Nobody takes a number out of the pool that a customer is said to have: its life would end unregistered. */
const removedBy = (target: string) => [
  { guard: 'mayBeClaimed', ...rejects('claimReported') } as const,
  { target },
];

const Added = chartSetup.createStateConfig({
  id: 'Added',
  initial: 'adding',
  states: {
    adding: {
      invoke: {
        ...calls.addNumber,
        onDone: [
          {
            guard: and(['removalAsked', 'addedVerified']),
            target: '#Verified.removing',
            actions: ['recordAdded', 'callDone'],
          },
          {
            guard: and(['removalAsked', 'addedLapsed']),
            target: '#Unverified.removing',
            actions: ['recordAdded', 'callDone'],
          },
          { guard: 'removalAsked', target: 'removing', actions: ['recordAdded', 'callDone'] },
          { guard: 'addedVerified', target: '#Verified', actions: ['recordAdded', 'callDone'] },
          {
            guard: 'codeAsked',
            target: '#CodeRequested',
            actions: ['recordAdded', 'beginCodeRound', 'callDone'],
          },
          { guard: 'addedLapsed', target: '#Unverified', actions: ['recordAdded', 'callDone'] },
          { target: 'waiting', actions: ['recordAdded', 'callDone'] },
        ],
        onError: [
          // Nothing was added, so there is nothing to remove.
          {
            guard: and(['removalAsked', 'worthAnotherTry', not('unanswered'), not('claimReported')]),
            target: '#Removed',
          },
          { guard: 'worthAnotherTry', target: 'deferred', actions: 'callFailed' },
          { target: 'refused', actions: 'callFailed' },
        ],
      },
      on: {
        requestCode: { actions: 'askForCode' },
        remove: [
          { guard: 'removalAsked', actions: 'join' },
          { guard: 'mayBeClaimed', ...rejects('claimReported') },
          { actions: 'askForRemoval' },
        ],
      },
    },
    deferred: {
      after: { resume: 'adding' },
      on: { requestCode: { target: 'adding', actions: 'askForCode' }, remove: removedBy('#Removed') },
    },
    waiting: {
      entry: 'planCode',
      after: {
        resumeOrDeadline: [
          { guard: 'deadlinePassed', target: 'overdue' },
          { target: '#CodeRequested', actions: 'beginCodeRound' },
        ],
      },
      on: {
        'xstate.done.actor.readNumber': {
          guard: 'readVerified',
          target: '#Verified',
          actions: 'recordVerification',
        },
        requestCode: { target: '#CodeRequested', actions: 'beginCodeRound' },
        submitCode: lateCode('#CodeRequested.verifying'),
        remove: removedBy('removing'),
      },
    },
    ...removal('waiting'),
    /** A life does not end while a customer may have the number. */
    overdue: { always: { guard: not('claimReported'), target: '#Removed' } },
    refused: { always: { guard: not('claimReported'), target: '#Rejected' } },
  },
});

const CodeRequested = chartSetup.createStateConfig({
  id: 'CodeRequested',
  initial: 'requesting',
  states: {
    ...codeRound({ verified: '#Verified', back: 'returning', deadline: '#Added.overdue' }),
    returning: {
      always: [{ guard: 'cameFromAdded', target: '#Added.waiting' }, { target: '#Unverified.waiting' }],
    },
    ...removal('returning'),
  },
  on: { remove: removedBy('.removing') },
});

/** The status that was read again shows it lapsed, or verified until another time. */
const statusRead = [
  { guard: 'readLapsed', target: '#Unverified', actions: 'recordLapse' },
  { guard: 'readAsKnown' },
  { guard: 'readVerified', target: '#Verified.fresh', reenter: true, actions: 'recordVerification' },
] as const;

const Verified = chartSetup.createStateConfig({
  id: 'Verified',
  initial: 'fresh',
  states: {
    fresh: {
      after: { renewable: 'renewable' },
      on: { 'xstate.done.actor.readNumber': statusRead, requestCode: rejects('tooEarly') },
    },
    renewable: {
      entry: 'planRenewal',
      after: {
        resumeOrDeadline: [
          { guard: 'deadlinePassed', target: '#Unverified', actions: 'recordLapse' },
          { target: 'renewing', actions: 'beginCodeRound' },
        ],
      },
      on: {
        requestCode: { target: 'renewing', actions: 'beginCodeRound' },
        submitCode: lateCode('#Verified.renewing.verifying'),
        'xstate.done.actor.readNumber': statusRead,
      },
    },
    renewing: {
      initial: 'requesting',
      states: codeRound({
        verified: '#Verified.fresh',
        back: '#Verified.renewable',
        deadline: '#Verified.lapsing',
      }),
    },
    lapsing: { always: { target: '#Unverified', actions: 'recordLapse' } },
    claiming: {
      invoke: {
        ...calls.claimNumber,
        // The region `reportedClaim` takes it from here.
        onDone: { target: 'fresh', actions: 'callDone' },
        onError: [
          { guard: 'unanswered', target: 'fresh', actions: 'callFailed' },
          { target: 'fresh', actions: ['callFailed', 'endClaimFor'] },
        ],
      },
      on: {
        claimFor: [{ guard: 'sameClaimFor', actions: 'join' }, rejects('notNow')],
        requestCode: rejects('notNow'),
        reserve: rejects('notNow'),
        remove: rejects('notNow'),
      },
    },
    ...removal('fresh'),
  },
  on: {
    claimFor: [
      { guard: 'heldByAnother', ...rejects('reserved') },
      { guard: 'reportedForAnother', ...rejects('claimReported') },
      { target: '.claiming', actions: 'beginClaimFor' },
    ],
    remove: removedBy('.removing'),
  },
});

const Unverified = chartSetup.createStateConfig({
  id: 'Unverified',
  initial: 'waiting',
  states: {
    waiting: {
      entry: 'planCode',
      after: { resume: { target: '#CodeRequested', actions: 'beginCodeRound' } },
      on: {
        'xstate.done.actor.readNumber': {
          guard: 'readVerified',
          target: '#Verified',
          actions: 'recordVerification',
        },
        requestCode: { target: '#CodeRequested', actions: 'beginCodeRound' },
        submitCode: lateCode('#CodeRequested.verifying'),
        remove: removedBy('removing'),
      },
    },
    ...removal('waiting'),
  },
});

const Claimed = chartSetup.createStateConfig({
  id: 'Claimed',
  initial: 'verified',
  states: {
    verified: {
      after: {
        resumeOrDeadline: [
          { guard: 'deadlinePassed', target: 'lapsed' },
          { guard: and([not('staysOnApp'), 'budgetLeft']), target: 'registering' },
          { target: 'verified', reenter: true, actions: 'awaitBudget' },
        ],
      },
      on: {
        register: [
          { guard: 'staysOnApp', ...rejects('staysOnApp') },
          { guard: not('budgetLeft'), ...rejects('registrationsSpent') },
          { target: 'registering', actions: 'takePin' },
        ],
      },
    },
    registering: {
      entry: 'countRegistration',
      invoke: {
        ...calls.registerNumber,
        onDone: { target: '#Registered', actions: ['recordRegistered', 'callDone'] },
        onError: [
          { guard: 'verifyFirst', target: 'lapsed', actions: 'callFailed' },
          { target: 'verified', actions: ['callFailed', 'takeRegistrationBack'] },
        ],
      },
      on: {
        register: [
          { guard: and(['pinAgrees', 'regionAgrees']), actions: 'join' },
          { guard: 'pinAgrees', ...rejects('otherRegion') },
          rejects('otherPin'),
        ],
        // Nobody may register it: the call is given up, whether Meta has done it or not.
        claim: {
          guard: and(['sameClaim', 'saysOnApp']),
          target: 'verified',
          actions: 'completeClaim',
        },
      },
    },
    lapsed: {
      entry: 'recordClaimLapse',
      // It may have been said since that it stays on the app: then nobody needs its code.
      after: { resume: { guard: not('staysOnApp'), target: 'requesting', actions: 'beginCodeRound' } },
      on: { requestCode: { target: 'requesting', actions: 'beginCodeRound' } },
    },
    ...codeRound({ verified: 'verified', back: 'lapsed', unless: 'staysOnApp' }),
  },
  on: {
    claim: [{ guard: 'sameClaim', actions: ['completeClaim', 'repeat'] }, rejects('alreadyClaimed')],
    claimFor: [{ guard: 'sameClaimFor', actions: 'repeat' }, rejects('alreadyClaimed')],
    register: rejects('claimLapsed'),
    requestCode: rejects('verifiedClaim'),
    reserve: rejects('alreadyClaimed'),
    release: rejects('alreadyClaimed'),
    share: rejects('alreadyClaimed'),
    unshare: rejects('alreadyClaimed'),
    refresh: rejects('alreadyClaimed'),
    remove: rejects('alreadyClaimed'),
    // Nothing that is under way with a WABA that has left us is of use to anybody.
    endClaim: [{ guard: 'claimOfWaba', target: '#Removed', actions: 'endClaim' }, rejects('otherClaim')],
  },
});

const life = chartSetup.createStateConfig({
  initial: 'Added',
  states: { Added, CodeRequested, Verified, Unverified, Claimed },
  on: {
    // The business number that Meta shows decides: newer versions of signup hand over unverified ones.
    'xstate.done.actor.confirmClaim': [
      {
        guard: 'claimRegistered',
        target: '#Registered',
        actions: ['recordClaim', 'recordRegistered', 'callDone'],
      },
      { guard: 'claimVerified', target: '.Claimed.verified', actions: 'recordClaim' },
      { guard: 'claimFound', target: '.Claimed.lapsed', actions: 'recordClaim' },
    ],
  },
});

/** What is said for a reservation counts while that reservation stands. */
const endedReservation = { guard: 'reservationEnded', ...rejects('reservationEnded') } as const;

/** One customer at a time may have the number kept for them. */
const reservation = chartSetup.createStateConfig({
  initial: 'free',
  states: {
    free: { on: { release: [endedReservation, { actions: 'repeat' }] } },
    held: {
      after: { reservationEnd: { target: 'free', actions: 'endReservation' } },
      on: {
        release: [
          endedReservation,
          { guard: and([not('namesNobody'), 'heldByAnother']), ...rejects('reserved') },
          { target: 'free', actions: 'endReservation' },
        ],
        'xstate.done.actor.confirmClaim': { guard: 'claimFound', target: 'free' },
      },
    },
  },
  on: {
    reserve: [
      { guard: 'heldByAnother', ...rejects('reserved') },
      { guard: 'goneFromPool', ...rejects('notInPool') },
      { guard: 'reportedForAnother', ...rejects('claimReported') },
      { target: '.held', actions: 'recordReservation' },
    ],
    claim: [endedReservation, { guard: 'reportsSpent', ...rejects('reportsSpent') }],
    takeCode: endedReservation,
    refresh: endedReservation,
  },
});

/** Meta has made the claim that was asked for through the API, or may have: its answer was lost. */
const ownClaimMade = {
  'xstate.done.actor.claimNumber': { target: 'looking', actions: 'reportOwnClaim' },
  'xstate.error.actor.claimNumber': { guard: 'unanswered', target: 'looking', actions: 'reportOwnClaim' },
} as const;

/** Somebody reported a claim: a hint, until Meta shows the number on the WABA. */
const reportedClaim = chartSetup.createStateConfig({
  initial: 'none',
  states: {
    none: {
      on: {
        claim: { guard: 'unclaimed', target: 'looking', actions: 'reportClaim' },
        ...ownClaimMade,
      },
    },
    looking: {
      entry: 'chooseReport',
      invoke: {
        ...calls.confirmClaim,
        onDone: [
          { guard: 'claimFound', target: 'none', actions: 'callDone' },
          { target: 'waiting', actions: 'countLook' },
        ],
        onError: { target: 'waiting', actions: 'countLook' },
      },
      on: {
        claim: [{ guard: 'reportsFull', ...rejects('reportsWaiting') }, { actions: 'reportClaim' }],
        'xstate.done.actor.claimNumber': { actions: 'reportOwnClaim' },
        'xstate.error.actor.claimNumber': { guard: 'unanswered', actions: 'reportOwnClaim' },
      },
    },
    waiting: {
      always: { guard: not('claimReported'), target: 'none' },
      after: { nextLook: 'looking' },
      on: {
        claim: { target: 'looking', actions: 'reportClaim' },
        ...ownClaimMade,
      },
    },
  },
});

/** Which partners may offer the number: one change at a time, in the order in which they were asked for. */
const sharing = chartSetup.createStateConfig({
  initial: 'settled',
  states: {
    settled: { always: { guard: 'sharingToDo', target: 'changing' } },
    changing: {
      invoke: {
        ...calls.changeSharing,
        onDone: { target: 'settled', actions: ['recordSharing', 'callDone'] },
        onError: { target: 'settled', actions: ['callFailed', 'dropSharing'] },
      },
    },
  },
  on: {
    share: [
      { guard: 'sharedAlready', actions: 'repeat' },
      { guard: 'sharingFull', ...rejects('sharingWaits') },
      { actions: 'queueSharing' },
    ],
    unshare: [
      { guard: 'unsharedAlready', actions: 'repeat' },
      { guard: 'sharingFull', ...rejects('sharingWaits') },
      { actions: 'queueSharing' },
    ],
  },
});

/** The status, read again at Meta because somebody asked: `life` goes by the answer where nothing else is under way. */
const status = chartSetup.createStateConfig({
  initial: 'known',
  states: {
    known: {
      on: { refresh: [{ guard: not('inPool'), ...rejects('notAddedYet') }, { target: 'reading' }] },
    },
    reading: {
      invoke: {
        ...calls.readNumber,
        onDone: [
          { guard: 'readNothing', target: 'known', actions: 'noteGone' },
          { target: 'known', actions: ['callDone', 'noteFound'] },
        ],
        onError: { target: 'known', actions: 'callFailed' },
      },
      on: { refresh: { actions: 'join' } },
    },
  },
});

/** A code of WhatsApp's that nobody here asked for is kept for the customer who takes a number that lapsed, and shown once. */
const keptCode = chartSetup.createStateConfig({
  initial: 'none',
  states: {
    none: {},
    kept: {
      always: { guard: not('codeKept'), target: 'none' },
      after: { keptCodeEnd: { target: 'none', actions: 'forgetKeptCode' } },
      on: { takeCode: { guard: 'codeForSender', target: 'none', actions: 'forgetKeptCode' } },
    },
  },
  on: {
    receiveCode: [
      // The round that waits for a code takes it.
      { guard: 'codeDoubtful' },
      { guard: and(['textHoldsCode', 'needsCode', 'fromWhatsApp']), target: '.kept', actions: 'keepCode' },
      { guard: 'textHoldsCode', ...rejects('codeNotNeeded') },
    ],
    takeCode: [{ guard: 'codeKept', ...rejects('codeForAnother') }, rejects('noCodeKept')],
  },
});

export const numberChart = chartSetup.createMachine({
  id: 'number',
  context: ({ input }) => newContext(input),
  output: ({ context }) => context,
  initial: 'living',
  states: {
    living: {
      type: 'parallel',
      states: { life, reservation, reportedClaim, sharing, status, keptCode },
      on: {
        submitCode: [
          { guard: 'codeAccepted', actions: 'repeat' },
          { guard: 'codeWrong', ...rejects('codeWrong') },
          { guard: 'codeStale', ...rejects('codeStale') },
          rejects('noCodeRequested'),
        ],
        receiveCode: [{ guard: 'partOfText', actions: 'keepPart' }, rejects('noCodeInText')],
        claimFor: rejects('notVerified'),
        register: rejects('notClaimed'),
      },
    },
    Registered: { id: 'Registered', type: 'final' },
    Removed: { id: 'Removed', type: 'final', entry: 'leavePool' },
    Rejected: { id: 'Rejected', type: 'final', entry: 'leavePool' },
  },
});
