import { readCode } from '../../../contract/code';
import type { CodeRound } from '../context';
import { codeDiesAt, codesOfTheDay } from '../deadlines';
import { answer, message, failureIn, timeOf, type ActionArgs } from '../events';
import { mayAskAgain } from '../guards';
import { assertDefined } from '../assert-defined';
import { OWN_CODE_REQUESTS, WRONG_CODES } from '../../../contract/policy';
import { changeCode, fail, type ContextPatch } from './context-patch';

export const codeActions = {
  /** A code that was sent before stays good until Meta has sent another. */
  beginCodeRound: ({ context, event }: ActionArgs): ContextPatch => {
    const asked = message(event, 'requestCode');
    const died = codeDiesAt(context);
    const alive = died !== null && timeOf(event) < died;
    return {
      resumeAt: null,
      code: {
        method: asked?.method ?? context.codeMethod,
        language: asked?.language ?? context.language,
        again: false,
        sentAt: (alive && context.code?.sentAt) || null,
        certain: context.code?.certain ?? true,
        submitted: null,
        held: [],
        doubtful: [],
        wrong: (alive && context.code?.wrong) || [],
        accepted: null,
      },
    };
  },
  /** One more round: by the other method where nothing came, by the same where what came was wrong. */
  askAgain: ({ context }: ActionArgs): ContextPatch => {
    const { method, wrong } = assertDefined(context.code);
    return changeCode(context, {
      method: wrong.length === 0 ? otherMethod(method) : method,
      again: true,
      sentAt: null,
      submitted: null,
      held: [],
      doubtful: [],
      wrong: [],
    });
  },
  recordCodeSent: ({ context, event }: ActionArgs): ContextPatch => ({
    ...changeCode(context, {
      sentAt: timeOf(event),
      certain: answer(event, 'requestCode')?.outcome !== 'unknown',
      wrong: [],
    }),
    resumeAt: null,
    // Budgets ask for the newest ones alone.
    codesSentAt: [...codesOfTheDay(context, timeOf(event)), timeOf(event)].slice(-OWN_CODE_REQUESTS),
  }),
  holdCode: ({ context, event }: ActionArgs): ContextPatch =>
    changeCode(context, {
      held: [...assertDefined(context.code).held, assertDefined(message(event, 'submitCode')).code],
    }),
  /** The first ones, for the last try is none of theirs; strangers can send any number. */
  holdDoubtfulCode: ({ context, event }: ActionArgs): ContextPatch => {
    const code = readCode(assertDefined(message(event, 'receiveCode')).text);
    const { doubtful, held, wrong, submitted } = assertDefined(context.code);
    const known = [...doubtful.map((one) => one.code), ...held, ...wrong, submitted].includes(code);
    if (code === null || known || doubtful.length >= WRONG_CODES - 1) return {};
    return changeCode(context, { doubtful: [...doubtful, { code, at: timeOf(event) }] });
  },
  submitDoubtfulCode: ({ context }: ActionArgs): ContextPatch => {
    const [first, ...doubtful] = assertDefined(context.code).doubtful;
    return changeCode(context, { submitted: assertDefined(first).code, doubtful });
  },
  submitCode: ({ context, event }: ActionArgs): ContextPatch =>
    changeCode(context, { submitted: assertDefined(message(event, 'submitCode')).code }),
  resumeCodeRound: ({ context, event }: ActionArgs): ContextPatch => {
    const submitted = assertDefined(message(event, 'submitCode')).code;
    const held = assertDefined(context.code).held.filter((code) => code !== submitted);
    return { resumeAt: null, ...changeCode(context, { submitted, held }) };
  },
  submitHeldCode: ({ context }: ActionArgs): ContextPatch => {
    const [submitted, ...held] = assertDefined(context.code).held;
    return changeCode(context, { submitted: assertDefined(submitted), held });
  },
  /** Meta could not be asked about it: it may be handed in again, and so may those that waited behind it. */
  takeCodeBack: ({ context }: ActionArgs): ContextPatch => changeCode(context, { submitted: null, held: [] }),
  acceptCode: ({ context }: ActionArgs): ContextPatch =>
    changeCode(context, {
      accepted: assertDefined(context.code).submitted,
      submitted: null,
      held: [],
      doubtful: [],
      sentAt: null,
    }),
  noteWrongCode: ({ context, event }: ActionArgs): ContextPatch => {
    const round = assertDefined(context.code);
    const wrong = [...round.wrong, assertDefined(round.submitted)];
    const left = WRONG_CODES - wrong.length;
    return {
      ...changeCode(context, {
        wrong,
        submitted: null,
        doubtful: round.doubtful.filter(({ code }) => code !== round.submitted),
      }),
      ...fail(context, 'verifyCode', timeOf(event), {
        type: 'WrongCode',
        code: 'WrongCode',
        message: `Meta calls the code wrong or expired (${String(wrong.length)} of ${String(WRONG_CODES)} tries).`,
        whatToDo:
          left > 0
            ? 'Send the code from the newest message with submitCode.'
            : 'Ask for a new code with requestCode.',
        needsPerson: left <= 0 && !mayAskAgain(context, timeOf(event)),
      }),
    };
  },
  noteCodeNotReceived: ({ context, event }: ActionArgs): ContextPatch =>
    fail(context, 'verifyCode', timeOf(event), {
      type: 'CodeExpired',
      code: 'CodeNotReceived',
      message: `No right code came within ten minutes of asking by ${assertDefined(context.code).method}.`,
      whatToDo:
        'Check that the number can receive it, then send requestCode; a landline needs {"method": "VOICE"}.',
      needsPerson: !mayAskAgain(context, timeOf(event)),
    }),
  otherMethodIfNotSent: ({ context, event }: ActionArgs): ContextPatch =>
    failureIn(event)?.failure.handling === 'codeNotSent'
      ? changeCode(context, { method: otherMethod(assertDefined(context.code).method) })
      : {},
  endCodeRound: ({ context }: ActionArgs): ContextPatch =>
    changeCode(context, { sentAt: null, submitted: null, held: [], doubtful: [] }),

  /** One that nobody here asked for. */
  keepCode: ({ event }: ActionArgs): ContextPatch => ({
    keptCode: {
      code: assertDefined(readCode(assertDefined(message(event, 'receiveCode')).text)),
      at: timeOf(event),
    },
  }),
  forgetKeptCode: (): ContextPatch => ({ keptCode: null }),
};

const otherMethod = (method: CodeRound['method']) => (method === 'SMS' ? 'VOICE' : 'SMS');
