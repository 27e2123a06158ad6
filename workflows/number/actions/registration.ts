import type { NumberContext } from '../context';
import { registrableFrom, within } from '../deadlines';
import { message, timeOf, type Moment, type NumberEvent } from '../events';
import { staysOnApp } from '../guards';
import { known } from '../known';
import { REGISTRATIONS_SPAN } from '../../../contract/policy';
import { fail, type Change } from './change';

export const registrationActions = {
  expectRegistration: ({ context }: Moment): Change => expectedRegistration(context),
  askForRegistration: ({ context, event }: Moment): Change => ({
    ...registrationAsked(event),
    asked: { ...context.asked, registration: true },
  }),
  takePin: ({ event }: Moment): Change => registrationAsked(event),
  recordRegistered: ({ event }: Moment): Change => ({
    registeredAt: timeOf(event),
    deadline: null,
    goOnAt: null,
    problem: null,
  }),
  countRegistration: ({ context, event }: Moment): Change => ({
    registeringAt: [...within(context.registeringAt, REGISTRATIONS_SPAN, timeOf(event)), timeOf(event)],
  }),
  /** Our own count is full: the tenth last try must be 72 hours old before the next one. */
  awaitBudget: ({ context, event }: Moment): Change =>
    staysOnApp(context)
      ? { goOnAt: null }
      : {
          goOnAt: registrableFrom(context, timeOf(event)),
          ...fail(context, 'registerNumber', timeOf(event), {
            type: 'BudgetSpent',
            code: 'BudgetSpent',
            message: 'Ten registrations of the number in 72 hours are all that Meta allows.',
            whatToDo: 'Nothing: it goes on by itself when the oldest of them is 72 hours old.',
            needsPerson: false,
          }),
        },
};

/** What a claim makes due before it is confirmed: 90 days count from it (rule 4). */
export const expectedRegistration = (context: NumberContext): Change => ({
  deadline: registerBy(context, known(context.claim).claimedAt),
});

const registerBy = ({ policy }: NumberContext, since: number) => ({
  at: since + policy.registerWithin,
  what: 'must be registered',
});

export function dueRegistration(context: NumberContext, at: number, since = at): Change {
  return {
    deadline: registerBy(context, since),
    goOnAt: (context.automation.register && !staysOnApp(context)) || context.asked.registration ? at : null,
  };
}

function registrationAsked(event: NumberEvent): Change {
  const asked = message(event, 'register');
  return {
    ...(asked?.pin === undefined ? {} : { pin: asked.pin }),
    ...(asked?.dataLocalizationRegion === undefined
      ? {}
      : { dataLocalizationRegion: asked.dataLocalizationRegion }),
  };
}
