import { calls } from './calls';
import { chartSetup, rejects } from './chart-setup';
import { newContext } from './context';

/**
 * The life of a customer with us, version 1, whole. The region `life` holds the states that people see, and their phases;
 * beside it stand what is read at Meta of a connected customer, and a departure that somebody reported. What the chart names
 * is defined in the files of those names.
 *
 * A message is rejected if any transition that it would take says so (`rejects`), or if it would take none.
 */

const otherBusiness = { guard: 'otherBusiness', ...rejects('otherBusiness') } as const;

/** The customer leaves: the credit line goes first, for it costs us money. No call of connecting is under way any more. */
const leaving = () =>
  chartSetup.createStateConfig({
    initial: 'revoking',
    states: {
      revoking: {
        invoke: {
          ...calls.revokeCreditLine,
          onDone: { target: 'closing', actions: ['recordRevoked', 'callDone'] },
          onError: { target: 'waiting', actions: 'callFailed' },
        },
      },
      closing: {
        invoke: {
          ...calls.closeCustomer,
          onDone: { target: '#Left', actions: ['callDone', 'recordLeft'] },
          onError: { target: 'waiting', actions: 'callFailed' },
        },
      },
      waiting: { after: { resume: 'revoking' }, on: { offboard: 'revoking' } },
    },
    on: { offboard: { actions: 'join' }, connect: rejects('leaving'), refresh: rejects('leaving') },
  });

const Signing = chartSetup.createStateConfig({
  id: 'Signing',
  initial: 'waiting',
  states: {
    /** Their token may come: it has its own permissions, and Meta wants it used. */
    waiting: {
      always: { guard: 'leavingAsked', target: '#Connecting.leaving' },
      after: { signingEnd: '#Connecting' },
      on: { connect: [otherBusiness, { target: '#Connecting', actions: 'takeConnect' }] },
    },
  },
  on: { offboard: { actions: 'askToLeave' }, refresh: { actions: 'join' } },
});

const Connecting = chartSetup.createStateConfig({
  id: 'Connecting',
  initial: 'next',
  states: {
    next: {
      always: [
        { guard: 'leavingAsked', target: 'leaving' },
        { guard: 'toSubscribe', target: 'subscribing' },
        { guard: 'toAssign', target: 'assigning' },
        { guard: 'toFund', target: 'funding' },
        { target: '#Connected' },
      ],
    },
    subscribing: {
      invoke: {
        ...calls.subscribeCustomer,
        onDone: { target: 'next', actions: ['recordSubscribed', 'callDone'] },
        onError: { target: 'waiting', actions: 'callFailed' },
      },
    },
    assigning: {
      invoke: {
        ...calls.assignSystemUser,
        onDone: { target: 'next', actions: ['recordAssigned', 'callDone'] },
        onError: { target: 'waiting', actions: 'callFailed' },
      },
    },
    funding: {
      invoke: {
        ...calls.shareCreditLine,
        onDone: { target: 'next', actions: ['recordShared', 'callDone'] },
        onError: { target: 'waiting', actions: 'callFailed' },
      },
    },
    waiting: {
      always: { guard: 'leavingAsked', target: 'leaving' },
      after: { resume: 'next' },
      on: { connect: [otherBusiness, { target: 'next', actions: 'takeConnect' }] },
    },
    leaving: leaving(),
  },
  on: {
    // They leave once the call that is under way has ended, and what the message asks for would be taken back again.
    connect: [{ guard: 'leavingAsked', ...rejects('leaving') }, otherBusiness, { actions: 'takeConnect' }],
    offboard: { actions: 'askToLeave' },
    // The entry to Connected reads everything.
    refresh: { actions: 'join' },
  },
});

const Connected = chartSetup.createStateConfig({
  id: 'Connected',
  entry: 'recordConnected',
  initial: 'settled',
  states: {
    settled: {
      always: [
        { guard: 'leavingAsked', target: 'leaving' },
        { guard: 'stepsOpen', target: '#Connecting' },
      ],
    },
    leaving: leaving(),
  },
  on: {
    // A token may have come.
    connect: [otherBusiness, { actions: ['takeConnect', 'askToReadAll'] }],
    offboard: { actions: 'askToLeave' },
    refresh: { actions: 'askToRead' },
  },
});

const life = chartSetup.createStateConfig({
  initial: 'Signing',
  states: { Signing, Connecting, Connected },
});

/** What Meta says of a connected customer: token, subscription, numbers and their names. */
const reading = chartSetup.createStateConfig({
  initial: 'idle',
  states: {
    idle: {
      always: [
        { guard: 'readingDue', target: 'reading' },
        { guard: 'registrationDue', target: 'registering' },
      ],
      after: {
        nextReading: { target: 'idle', reenter: true, actions: 'askToReadAll' },
        nextRegistration: { target: 'idle', reenter: true },
      },
    },
    reading: {
      entry: 'beginReading',
      invoke: {
        ...calls.readCustomer,
        onDone: { target: 'idle', actions: ['recordReading', 'callDone'] },
        onError: { target: 'idle', actions: ['callFailed', 'readAgainLater'] },
      },
    },
    /** A changed name takes effect with another registration (docs/rules.md, Embedded Signup). */
    registering: {
      entry: 'beginRegistration',
      invoke: {
        ...calls.registerAgain,
        onDone: { target: 'idle', actions: ['countRegistration', 'callDone', 'readAfterRegistration'] },
        onError: { target: 'idle', actions: ['countRegistration', 'callFailed', 'registerAgainLater'] },
      },
    },
  },
  // Of one who leaves, Meta takes no token any more.
  on: { reportToken: [{ guard: 'leavingAsked', actions: 'join' }, { actions: 'reportTokenRefused' }] },
});

/** Somebody reported that the customer has left: a hint, until Meta shows it. */
const departure = chartSetup.createStateConfig({
  initial: 'none',
  states: {
    none: {
      on: {
        reportDeparture: [
          otherBusiness,
          { guard: 'leavingAsked', actions: 'join' },
          { target: 'looking', actions: 'recordReport' },
        ],
      },
    },
    looking: {
      invoke: {
        ...calls.confirmDeparture,
        onDone: [
          { guard: 'departureFound', target: 'none', actions: ['askToLeave', 'callDone'] },
          { target: 'waiting', actions: ['countLook', 'callDone'] },
        ],
        onError: { target: 'waiting', actions: ['countLook', 'callFailed'] },
      },
      on: {
        reportDeparture: [
          otherBusiness,
          { guard: 'uninstallReported', target: 'looking', reenter: true, actions: 'recordReport' },
          { actions: 'join' },
        ],
      },
    },
    waiting: {
      always: { guard: 'reportUntrue', target: 'none', actions: 'dropReport' },
      after: { nextLook: 'looking' },
      on: { reportDeparture: [otherBusiness, { target: 'looking', actions: 'recordReport' }] },
    },
  },
});

export const customerChart = chartSetup.createMachine({
  id: 'customer',
  context: ({ input }) => newContext(input),
  output: ({ context }) => context,
  initial: 'living',
  states: {
    living: { type: 'parallel', states: { life, reading, departure } },
    Left: { id: 'Left', type: 'final' },
  },
});
