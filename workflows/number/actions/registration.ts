import { REGISTRATIONS, REGISTRATIONS_SPAN } from '../../../contract/policy';
import type { NumberContext } from '../context';
import { registrableFrom, within } from '../deadlines';
import { answer, message, timeOf, type ActionArgs } from '../events';
import { staysOnApp } from '../guards';
import { fail, type ContextPatch } from './context-patch';

export const registrationActions = {
  takePin: ({ event }: ActionArgs): ContextPatch => {
    const asked = message(event, 'register');
    return {
      ...(asked?.pin !== undefined && { pin: asked.pin }),
      ...(asked?.dataLocalizationRegion !== undefined && {
        dataLocalizationRegion: asked.dataLocalizationRegion,
      }),
    };
  },
  recordRegistered: ({ event }: ActionArgs): ContextPatch => {
    const registered = answer(event, 'registerNumber');
    return {
      registeredAt: timeOf(event),
      // Somebody else has registered it where Meta shows it registered.
      pinOurs: registered ? registered.pinOurs : false,
      deadline: null,
      resumeAt: null,
      problem: null,
    };
  },
  countRegistration: ({ context, event }: ActionArgs): ContextPatch => ({
    registeringAt: [...within(context.registeringAt, REGISTRATIONS_SPAN, timeOf(event)), timeOf(event)].slice(
      -REGISTRATIONS,
    ),
  }),
  /** Our own count is full: the tenth last attempt must be 72 hours old before the next one. */
  awaitBudget: ({ context, event }: ActionArgs): ContextPatch =>
    staysOnApp(context)
      ? { resumeAt: null }
      : {
          resumeAt: registrableFrom(context, timeOf(event)),
          ...fail(context, 'registerNumber', timeOf(event), {
            type: 'BudgetSpent',
            code: 'BudgetSpent',
            message: 'Ten registrations of the number in 72 hours are all that Meta allows.',
            whatToDo: 'Nothing: it is registered when the oldest of them is 72 hours old.',
            needsPerson: false,
          }),
        },
};

/** 90 days to register count from the claim, or from its new verification (rule 4). @param since epoch milliseconds */
export function registrationDue(context: NumberContext, at: number, since: number): ContextPatch {
  return {
    deadline: { at: since + context.policy.registerWithin, what: 'must be registered' },
    resumeAt: context.automation.register && !staysOnApp(context) ? at : null,
  };
}
