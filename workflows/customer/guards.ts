import type { BusinessId } from '../../contract/ids';
import { CLAIM_LOOKS, REGISTRATIONS_SPAN } from '../../contract/policy';
import type { CustomerContext } from './context';
import { answer, message, timeOf, type ActionArgs, type CustomerEvent } from './events';

const HOUR = 60 * 60 * 1000;

/** Of the ten registrations in 72 hours that Meta allows, these; the number's own life may have had others. */
const AGAIN = 3;

/** From when a number may be registered again. */
export function registrableFrom({ registeredAgain }: CustomerContext, phoneNumber: string): number {
  const times = registeredAgain.filter((each) => each.phoneNumber === phoneNumber).map(({ at }) => at);
  const [last, firstOfBudget] = [times.at(-1), times.at(-AGAIN)];
  return Math.max(
    // Meta may show the name as waiting for a while.
    last === undefined ? 0 : last + HOUR,
    firstOfBudget === undefined ? 0 : firstOfBudget + REGISTRATIONS_SPAN,
  );
}

/** A message names another business than the one that is on record. */
const namesAnother = ({ businessId }: CustomerContext, event: CustomerEvent) => {
  const named = (event as { businessId?: BusinessId }).businessId;
  return named !== undefined && businessId !== null && named !== businessId;
};

/** Guards of the chart. A guard that throws fails the workflow task: each is total. */
export const guards = {
  otherBusiness: ({ context, event }: ActionArgs) => namesAnother(context, event),
  leavingAsked: ({ context }: ActionArgs) => context.leaving !== null,
  toSubscribe: ({ context }: ActionArgs) => isOpen(context, 'subscribe'),
  toAssign: ({ context }: ActionArgs) => isOpen(context, 'assignSystemUser'),
  toFund: ({ context }: ActionArgs) => isOpen(context, 'creditLine'),
  stepsOpen: ({ context }: ActionArgs) =>
    isOpen(context, 'subscribe') || isOpen(context, 'assignSystemUser') || isOpen(context, 'creditLine'),
  readingDue: ({ context }: ActionArgs) =>
    context.connectedAt !== null && context.leaving === null && context.toRead.length > 0,
  registrationDue: ({ context, event }: ActionArgs) =>
    context.leaving === null && nextToRegister(context, timeOf(event)) !== undefined,
  departureFound: ({ event }: ActionArgs) => answer(event, 'confirmDeparture')?.left === true,
  /** By which alone a WABA that can still be read counts as left. */
  uninstallReported: ({ context, event }: ActionArgs) =>
    context.report !== null &&
    context.report.event !== 'PARTNER_APP_UNINSTALLED' &&
    message(event, 'reportDeparture')?.event === 'PARTNER_APP_UNINSTALLED',
  /** The report stayed untrue for as long as one waits for Meta to show it. */
  reportUntrue: ({ context }: ActionArgs) =>
    context.report === null || context.report.looks > DEPARTURE_LOOKS.length,
};

/** The number that is to be registered again now. */
export const nextToRegister = ({ toRegister }: CustomerContext, at: number) =>
  toRegister.find(({ from }) => from <= at)?.phoneNumber;

const isOpen = ({ steps }: CustomerContext, step: 'subscribe' | 'assignSystemUser' | 'creditLine') =>
  steps[step].status === 'pending' || steps[step].status === 'failed';

/** How long to wait after each look that did not show a departure; Meta may tell of it before it acts on it. */
export const DEPARTURE_LOOKS = CLAIM_LOOKS;

/** A registered number that Meta does not show as connected is looked at again so often, so many milliseconds later. */
export const LOOKS_FOR_CONNECTED = 3;
const LOOK_AGAIN = 60_000;
/** A token that is about to expire is told of so long before. */
export const TOKEN_WARNING = 7 * 24 * 60 * 60 * 1000;

export const delays = {
  signingEnd: ({ context, event }: ActionArgs) => context.signingUntil - timeOf(event),
  resume: ({ context, event }: ActionArgs) =>
    context.resumeAt === null ? Infinity : context.resumeAt - timeOf(event),
  nextLook: ({ context, event }: ActionArgs) => (context.report?.lookAt ?? Infinity) - timeOf(event),
  /**
   * The next of: another look at a number that is not connected yet, the warning of a token that expires. A reading that
   * failed has changed neither, so both wait until it is made again: they would have it repeated at once, for ever.
   */
  nextReading: ({ context, event }: ActionArgs) => {
    if (context.connectedAt === null || context.leaving !== null) return Infinity;
    const now = timeOf(event);
    if (context.readAgainAt !== null) return context.readAgainAt - now;
    if (context.looks > 0 && context.looks < LOOKS_FOR_CONNECTED) return LOOK_AGAIN;
    const { expiresAt } = context.token;
    if (expiresAt === null || context.problems.token) return Infinity;
    return Math.max(0, expiresAt - TOKEN_WARNING - now);
  },
  nextRegistration: ({ context, event }: ActionArgs) =>
    context.leaving !== null
      ? Infinity
      : Math.min(Infinity, ...context.toRegister.map(({ from }) => from)) - timeOf(event),
};
