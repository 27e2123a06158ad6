import { REGISTRATIONS, REGISTRATIONS_SPAN } from '../../../contract/policy';
import type { NumberContext } from '../context';
import { notBefore, registrableFrom, within } from '../deadlines';
import { answer, failureIn, message, timeOf, type ActionArgs } from '../events';
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
  recordRegistered: ({ context, event }: ActionArgs): ContextPatch => {
    const registered = answer(event, 'registerNumber');
    return {
      registeredAt: timeOf(event),
      // Somebody else has registered it where Meta shows it registered.
      pinOurs: registered ? registered.pinOurs : false,
      deadline: null,
      resumeAt: null,
      // What the claim itself has brought to light stands: nobody has seen it yet.
      problem: registered ? null : context.problem,
    };
  },
  countRegistration: ({ context, event }: ActionArgs): ContextPatch => ({
    registeringAt: [...within(context.registeringAt, REGISTRATIONS_SPAN, timeOf(event)), timeOf(event)].slice(
      -REGISTRATIONS,
    ),
  }),
  /** A call that Meta turned away has spent nothing: hours of a bad token must not lock the number for days. */
  takeRegistrationBack: ({ context, event }: ActionArgs): ContextPatch =>
    failureIn(event)?.failure.turnedAway === true
      ? { registeringAt: context.registeringAt.slice(0, -1) }
      : {},
  /** Our own count is full: the tenth last attempt must be 72 hours old before the next one. */
  awaitBudget: ({ context, event }: ActionArgs): ContextPatch => {
    if (staysOnApp(context)) return { resumeAt: null };
    const spent = fail(context, 'registerNumber', timeOf(event), {
      type: 'BudgetSpent',
      code: 'BudgetSpent',
      message: 'Ten registrations of the number in 72 hours are all that Meta allows.',
      whatToDo: 'Nothing: it is registered when the oldest of them is 72 hours old.',
      needsPerson: false,
    });
    return {
      ...spent,
      resumeAt: registrableFrom(context, timeOf(event)),
      // What a person must mend stays to be seen: the tries after the wait would fail as those before it.
      ...(context.problem?.needsPerson === true && { problem: context.problem }),
    };
  },
};

/** 90 days to register count from the claim, or from its new verification (rule 4). @param since epoch milliseconds */
export function registrationDue(context: NumberContext, at: number, since: number): ContextPatch {
  return {
    deadline: { at: since + context.policy.registerWithin, what: 'must be registered' },
    resumeAt:
      context.automation.register && !staysOnApp(context)
        ? Math.max(at, notBefore(context, 'registerNumber'))
        : null,
  };
}
