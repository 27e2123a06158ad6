import type { NumberContext } from '../context';
import { registrableFrom, within } from '../deadlines';
import { message, timeOf, type ActionArgs, type NumberEvent } from '../events';
import { staysOnApp } from '../guards';
import { assertDefined } from '../assert-defined';
import { REGISTRATIONS_SPAN } from '../../../contract/policy';
import { fail, type ContextPatch } from './context-patch';

export const registrationActions = {
  expectRegistration: ({ context }: ActionArgs): ContextPatch => expectedRegistration(context),
  askForRegistration: ({ context, event }: ActionArgs): ContextPatch => ({
    ...registrationAsked(event),
    asked: { ...context.asked, registration: true },
  }),
  takePin: ({ event }: ActionArgs): ContextPatch => registrationAsked(event),
  recordRegistered: ({ event }: ActionArgs): ContextPatch => ({
    registeredAt: timeOf(event),
    deadline: null,
    resumeAt: null,
    problem: null,
  }),
  countRegistration: ({ context, event }: ActionArgs): ContextPatch => ({
    registeringAt: [...within(context.registeringAt, REGISTRATIONS_SPAN, timeOf(event)), timeOf(event)],
  }),
  /** Our own count is full: the tenth last try must be 72 hours old before the next one. */
  awaitBudget: ({ context, event }: ActionArgs): ContextPatch =>
    staysOnApp(context)
      ? { resumeAt: null }
      : {
          resumeAt: registrableFrom(context, timeOf(event)),
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
export const expectedRegistration = (context: NumberContext): ContextPatch => ({
  deadline: registerBy(context, assertDefined(context.claim).claimedAt),
});

const registerBy = ({ policy }: NumberContext, since: number) => ({
  at: since + policy.registerWithin,
  what: 'must be registered',
});

export function dueRegistration(context: NumberContext, at: number, since = at): ContextPatch {
  return {
    deadline: registerBy(context, since),
    resumeAt: (context.automation.register && !staysOnApp(context)) || context.asked.registration ? at : null,
  };
}

function registrationAsked(event: NumberEvent): ContextPatch {
  const asked = message(event, 'register');
  return {
    ...(asked?.pin === undefined ? {} : { pin: asked.pin }),
    ...(asked?.dataLocalizationRegion === undefined
      ? {}
      : { dataLocalizationRegion: asked.dataLocalizationRegion }),
  };
}
