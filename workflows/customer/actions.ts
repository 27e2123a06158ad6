import type { NumberAtMeta, TokenState } from '../../contract/customer-activities';
import { utcMinute } from '../../contract/times';
import { nextAttempt } from '../../contract/retry-timing';
import {
  noProblems,
  pending,
  type CustomerCall,
  type CustomerContext,
  type CustomerProblem,
  type KnownNumber,
  type StepContext,
  type Topic,
} from './context';
import { answer, failureIn, message, timeOf, type ActionArgs } from './events';
import {
  DEPARTURE_LOOKS,
  LOOKS_FOR_CONNECTED,
  nextToRegister,
  registrableFrom,
  TOKEN_WARNING,
} from './guards';
import { nameProblem } from './names';

type Patch = Partial<CustomerContext>;

/** What a connecting call is for. */
const stepOf = {
  subscribeCustomer: 'subscribe',
  assignSystemUser: 'assignSystemUser',
  shareCreditLine: 'creditLine',
} as const;

/** What the chart remembers of an event. Each is a pure assignment: the old context and the event in, the changes out. */
export const assignments = {
  takeConnect: ({ context, event }: ActionArgs): Patch => {
    const said = message(event, 'connect');
    const { codeProblem } = said ?? {};
    const { creditLine: funding } = context.steps;
    const exchange: StepContext =
      codeProblem !== undefined && !context.token.held
        ? { status: 'failed', at: timeOf(event), problem: codeProblem }
        : context.steps.exchange;
    return {
      businessId: said?.businessId ?? context.businessId,
      customerId: said?.customerId ?? context.customerId,
      currency: said?.currency ?? context.currency,
      paysThemselves:
        said?.creditLine === undefined
          ? context.paysThemselves
          : !said.creditLine && funding.status !== 'done',
      steps: { ...context.steps, exchange, creditLine: fundedBy(said?.creditLine, funding, timeOf(event)) },
      ...(said?.creditLine === false &&
        funding.status === 'failed' && { problems: without(context, topicOf.shareCreditLine) }),
      resumeAt: null,
    };
  },
  recordSubscribed: ({ context, event }: ActionArgs): Patch => {
    const told = answer(event, 'subscribeCustomer');
    if (!told) return {};
    const at = timeOf(event);
    const { systemUser, creditLine } = told.missing;
    const unless = (step: StepContext, missing: string | null): StepContext =>
      missing === null || step.status === 'done' ? step : { status: 'skipped', at, problem: missing };
    const { steps, paysThemselves } = context;
    return {
      ...tokenPatch(context, told.token, at),
      steps: {
        exchange: exchanged(steps.exchange, told.token, at),
        subscribe: { status: 'done', at, problem: null },
        assignSystemUser: unless(steps.assignSystemUser, systemUser),
        creditLine: paysThemselves ? steps.creditLine : unless(steps.creditLine, creditLine),
      },
    };
  },
  recordAssigned: ({ context, event }: ActionArgs): Patch => ({
    steps: {
      ...context.steps,
      assignSystemUser: { status: 'done', at: timeOf(event), problem: null },
    },
  }),
  recordShared: ({ context, event }: ActionArgs): Patch => {
    const shared = answer(event, 'shareCreditLine');
    return {
      allocationConfigId: shared?.allocationConfigId ?? null,
      currency: shared?.currency ?? context.currency,
      steps: { ...context.steps, creditLine: { status: 'done', at: timeOf(event), problem: null } },
    };
  },
  /** A call that worked ends the problem that it had. */
  callDone: ({ context, event }: ActionArgs): Patch => {
    const call = event.type.slice('xstate.done.actor.'.length) as CustomerCall;
    return {
      problems: without(context, topicOf[call]),
      ended: {
        ...context.ended,
        [call]: { at: timeOf(event), failure: null, failures: 0, nextAttemptAt: null },
      },
      resumeAt: holdsUp.includes(call) ? null : context.resumeAt,
    };
  },
  callFailed: ({ context, event }: ActionArgs): Patch => {
    const failed = failureIn(event);
    if (!failed) return {};
    const { call, failure } = failed;
    const at = timeOf(event);
    const problem: CustomerProblem = {
      code: failure.code,
      message: failure.message,
      whatToDo: failure.whatToDo,
      needsPerson: failure.handling !== 'wait',
    };
    const failures = (context.ended[call]?.failures ?? 0) + 1;
    const nextAttemptAt = nextAttempt(failure, failures, at);
    const step = call in stepOf ? stepOf[call as keyof typeof stepOf] : null;
    return {
      problems: standing(context, topicOf[call], problem, at),
      ended: { ...context.ended, [call]: { at, failure: problem, failures, nextAttemptAt } },
      ...(holdsUp.includes(call) && { resumeAt: nextAttemptAt }),
      ...(step && {
        steps: {
          ...context.steps,
          [step]: { status: 'failed', at, problem: `${failure.message} ${failure.whatToDo}` },
        },
      }),
    };
  },

  recordConnected: ({ context, event }: ActionArgs): Patch => ({
    connectedAt: context.connectedAt ?? timeOf(event),
    looks: 0,
    toRead: [null],
  }),
  askToRead: ({ context, event }: ActionArgs): Patch => {
    const { phoneNumber = null } = message(event, 'refresh') ?? {};
    return { toRead: [...new Set([...context.toRead, phoneNumber])] };
  },
  askToReadAll: (): Patch => ({ toRead: [null] }),
  /** The reading that begins is of these; what is asked for meanwhile is read after it. */
  beginReading: ({ context: { toRead } }: ActionArgs): Patch =>
    toRead.includes(null)
      ? { nowReading: null, toRead: [] }
      : { nowReading: toRead[0] ?? null, toRead: toRead.slice(1) },
  /** An hour later at least, and not before Meta wants another call. All is read then, and so is what was asked for. */
  readAgainLater: ({ context, event }: ActionArgs): Patch => ({
    readAgainAt: Math.max(timeOf(event) + HOUR, context.ended.readCustomer?.nextAttemptAt ?? 0),
  }),
  recordReading: ({ context, event }: ActionArgs): Patch => {
    const read = answer(event, 'readCustomer');
    if (!read) return {};
    const at = timeOf(event);
    const known = merged(context, read, at);
    const token = tokenPatch(context, read.token, at);
    const unconnected = known.find(
      (each) => each.registered && each.status !== null && each.status !== 'CONNECTED',
    );
    const looks = unconnected ? context.looks + 1 : 0;
    const name = nameProblem(known, looks >= LOOKS_FOR_CONNECTED);
    const soon = expiresSoon(read.token, at);
    const changed = { ...context, ...token };
    const { resubscribedAt } = context;
    // Of an app that Meta does not show as subscribed right after it was, people hear; it is not subscribed on and on.
    const again = !read.subscribed && (resubscribedAt === null || at - resubscribedAt > HOUR);
    return {
      ...token,
      numbers: known,
      looks,
      customerId: context.customerId ?? read.numbers.find((each) => each.customerId)?.customerId ?? null,
      problems: {
        ...(soon ? standing(changed, 'token', soon, at) : changed.problems),
        // A reading of one number does not ask.
        ...(read.all && {
          subscription:
            read.subscribed || again
              ? null
              : standing(context, 'subscription', notSubscribed, at).subscription,
        }),
        name: name ? standing(context, 'name', name, at).name : null,
        // Somebody else has registered it, or it is gone.
        ...(read.all && !read.numbers.some(isApproved) && { register: null }),
      },
      toRegister: toRegister(context, read, at),
      readAgainAt: read.all ? null : context.readAgainAt,
      steps: {
        ...context.steps,
        exchange: exchanged(context.steps.exchange, read.token, at),
        assignSystemUser: onceConfigured(context.steps.assignSystemUser, read.missing.systemUser),
        ...(!context.paysThemselves && {
          creditLine: onceConfigured(context.steps.creditLine, read.missing.creditLine),
        }),
        ...(again && { subscribe: { status: 'pending' as const, at, problem: null } }),
      },
      resubscribedAt: again ? at : resubscribedAt,
    };
  },
  beginRegistration: ({ context, event }: ActionArgs): Patch => {
    const phoneNumber = nextToRegister(context, timeOf(event)) ?? null;
    return {
      nowRegistering: phoneNumber,
      toRegister: context.toRegister.filter((each) => each.phoneNumber !== phoneNumber),
    };
  },
  /** Only what reached Meta's register counts in its budget. */
  countRegistration: ({ context, event }: ActionArgs): Patch => {
    const { nowRegistering: phoneNumber } = context;
    const turnedAway = failureIn(event)?.failure.turnedAway ?? false;
    const skipped = answer(event, 'registerAgain')?.skipped ?? null;
    if (phoneNumber === null || turnedAway || skipped !== null) return {};
    return {
      registeredAgain: [...context.registeredAgain, { phoneNumber, at: timeOf(event) }].slice(-100),
    };
  },
  /** Where Meta showed the name otherwise than the reading just before, it may do so on and on: no reading at once. */
  readAfterRegistration: ({ event }: ActionArgs): Patch =>
    answer(event, 'registerAgain')?.skipped == null
      ? { toRead: [null] }
      : { readAgainAt: timeOf(event) + HOUR },
  /** At the time at which another attempt may help; where none does, the next reading decides. */
  registerAgainLater: ({ context }: ActionArgs): Patch => {
    const { nowRegistering: phoneNumber, ended } = context;
    const nextAttemptAt = ended.registerAgain?.nextAttemptAt ?? null;
    if (phoneNumber === null || nextAttemptAt === null) return {};
    const from = Math.max(nextAttemptAt, registrableFrom(context, phoneNumber));
    return { toRegister: [...context.toRegister, { phoneNumber, from }] };
  },

  reportTokenRefused: ({ context, event }: ActionArgs): Patch => {
    const told = message(event, 'reportToken');
    if (!told) return {};
    const token = { ...context.token, problem: told.message };
    return {
      token,
      problems: standing(context, 'token', refusedToken(told.code, told.message), timeOf(event)),
    };
  },

  askToLeave: ({ context, event }: ActionArgs): Patch => {
    const asked = message(event, 'offboard');
    const at = timeOf(event);
    const leaving = asked
      ? { reason: asked.reason ?? 'offboarded', by: asked.by ?? null, at }
      : { reason: context.report?.event ?? 'left', by: context.report?.by ?? null, at };
    return { leaving: context.leaving ?? leaving, report: null, toRead: [], toRegister: [] };
  },
  recordReport: ({ context, event }: ActionArgs): Patch => {
    const told = message(event, 'reportDeparture');
    if (!told) return {};
    const { report } = context;
    // Only that the app was uninstalled makes a WABA that can still be read count as left: no other report takes it away.
    const { event: what, by = null } = report?.event === 'PARTNER_APP_UNINSTALLED' ? report : told;
    return {
      businessId: context.businessId ?? told.businessId ?? null,
      report: { event: what, by, looks: 0, lookAt: timeOf(event) },
    };
  },
  countLook: ({ context, event }: ActionArgs): Patch => {
    if (!context.report) return {};
    const looks = context.report.looks + 1;
    const wait = DEPARTURE_LOOKS[looks - 1] ?? 0;
    return { report: { ...context.report, looks, lookAt: timeOf(event) + wait } };
  },
  dropReport: (): Patch => ({ report: null }),
  recordRevoked: ({ context }: ActionArgs): Patch => ({
    allocationConfigId: null,
    steps: { ...context.steps, creditLine: { status: 'pending', at: null, problem: null } },
  }),
  recordLeft: ({ event }: ActionArgs): Patch => ({
    leftAt: timeOf(event),
    token: { held: false, expiresAt: null, problem: null },
    problems: noProblems,
  }),
};

/** Calls after which it waits and goes on by itself. */
const holdsUp: readonly CustomerCall[] = [
  'subscribeCustomer',
  'assignSystemUser',
  'shareCreditLine',
  'revokeCreditLine',
  'closeCustomer',
];

/** Whether our credit line is shared, as somebody says; one that is shared already stays. */
function fundedBy(ours: boolean | undefined, step: StepContext, at: number): StepContext {
  if (ours === false && step.status !== 'done')
    return { status: 'skipped', at, problem: 'The customer pays Meta themselves.' };
  return ours === true && step.status === 'skipped' ? pending : step;
}

/** A step that was skipped for a missing setting is done after all, once a worker that reads the customer has it. */
const onceConfigured = (step: StepContext, missing: string | null): StepContext =>
  step.status === 'skipped' && missing === null ? pending : step;

const topicOf: Record<CustomerCall, Topic> = {
  subscribeCustomer: 'step',
  assignSystemUser: 'step',
  shareCreditLine: 'step',
  readCustomer: 'reading',
  registerAgain: 'register',
  confirmDeparture: 'reading',
  revokeCreditLine: 'leaving',
  closeCustomer: 'leaving',
};

/** A problem stands from when it began, whatever is said of it since. */
function standing(
  { problems }: CustomerContext,
  topic: Topic,
  problem: CustomerProblem,
  at: number,
): CustomerContext['problems'] {
  const before = problems[topic];
  const since = before?.code === problem.code ? before.since : at;
  return { ...problems, [topic]: { ...problem, since } };
}

function without({ problems }: CustomerContext, topic: Topic): CustomerContext['problems'] {
  return { ...problems, [topic]: null };
}

function tokenPatch(
  context: CustomerContext,
  token: TokenState,
  at: number,
): Pick<CustomerContext, 'token' | 'problems'> {
  if (token.problem === null) return { token, problems: without(context, 'token') };
  const code = context.problems.token?.code ?? 'TokenInvalid';
  const problem = token.unreadable ? unreadableToken(token.problem) : refusedToken(code, token.problem);
  return { token, problems: standing(context, 'token', problem, at) };
}

const exchanged = (step: StepContext, { held }: TokenState, at: number): StepContext => {
  if (held) return step.status === 'done' ? step : { status: 'done', at, problem: null };
  if (step.status === 'failed') return step;
  return { status: 'skipped', at, problem: 'No token of theirs came: our system token is used.' };
};

const HOUR = 60 * 60 * 1000;

const notSubscribed: CustomerProblem = {
  code: 'NotSubscribed',
  message: 'Meta does not show our app as subscribed to the WABA, though it was subscribed.',
  whatToDo: 'Look whether the customer has removed the app; then try again with connect.',
  needsPerson: true,
};

const signUpAgain =
  'Our system token is used meanwhile. Have the customer sign up again, which brings a new token.';

const refusedToken = (code: string, words: string): CustomerProblem => ({
  code: ['TokenExpires', UNREADABLE].includes(code) ? 'TokenInvalid' : code,
  message: `Meta refuses the customer's own token: ${words}`,
  whatToDo: signUpAgain,
  needsPerson: true,
});

const UNREADABLE = 'TokenUnreadable';

const unreadableToken = (words: string): CustomerProblem => ({
  code: UNREADABLE,
  message: `The customer's own token cannot be opened: ${words}`,
  whatToDo: signUpAgain,
  needsPerson: true,
});

const expiresSoon = ({ held, expiresAt, problem }: TokenState, at: number): CustomerProblem | null =>
  held && problem === null && expiresAt !== null && expiresAt - at <= TOKEN_WARNING
    ? {
        code: 'TokenExpires',
        message: `The customer's own token expires on ${utcMinute(expiresAt)}.`,
        whatToDo: 'Have the customer sign up again before, which brings a new token.',
        needsPerson: true,
      }
    : null;

const isApproved = ({ registered, newNameStatus }: NumberAtMeta) =>
  registered && newNameStatus === 'APPROVED';

/** Those that have an approved new name: one that waits goes on waiting, one whose name is not shown any more is done. */
function toRegister(
  context: CustomerContext,
  { numbers, all }: { numbers: NumberAtMeta[]; all: boolean },
  at: number,
): CustomerContext['toRegister'] {
  const approved = numbers.filter(isApproved).map(({ phoneNumber }) => phoneNumber);
  const wasRead = (digits: string) => all || numbers.some(({ phoneNumber }) => phoneNumber === digits);
  const waiting = context.toRegister.filter(
    ({ phoneNumber }) => approved.includes(phoneNumber) || !wasRead(phoneNumber),
  );
  const more = approved.filter(
    (digits) =>
      !waiting.some(({ phoneNumber }) => phoneNumber === digits) && registrableFrom(context, digits) <= at,
  );
  return [...waiting, ...more.map((phoneNumber) => ({ phoneNumber, from: at }))];
}

/** What was read in the place of what was known; numbers that were not read stay, unless all were. */
function merged(
  { numbers }: CustomerContext,
  { numbers: read, all }: { numbers: NumberAtMeta[]; all: boolean },
  at: number,
): KnownNumber[] {
  const fresh = read.map(({ customerId: _, newNameStatus: __, ...number }) => ({ ...number, readAt: at }));
  const others = numbers.filter(({ phoneNumber }) => !read.some((each) => each.phoneNumber === phoneNumber));
  return all ? fresh : [...others, ...fresh];
}
