import { readCode } from '../../../contract/code';
import { PARTS_WITHIN, withoutFigures } from '../../../contract/code-parts';
import type { Message } from '../../../contract/messages';
import { utcMinute } from '../../../contract/times';
import type { CodeRound, NumberContext } from '../context';
import { codeDiesAt, codesOfTheDay } from '../deadlines';
import { answer, message, failureIn, timeOf, type ActionArgs, type NumberEvent } from '../events';
import { isPart, mayAskAgain } from '../guards';
import { assertDefined } from '../assert-defined';
import { OWN_CODE_REQUESTS, WRONG_CODES } from '../../../contract/policy';
import { changeCode, fail, stand, type ContextPatch } from './context-patch';

export const codeActions = {
  /** A code that was sent before stays good until Meta has sent another. */
  beginCodeRound: ({ context, event }: ActionArgs): ContextPatch => {
    const asked = message(event, 'requestCode');
    const died = codeDiesAt(context);
    const alive = died !== null && timeOf(event) < died;
    return {
      resumeAt: null,
      code: {
        method: asked?.method ?? context.codeMethod ?? 'SMS',
        language: asked?.language ?? context.language,
        notSentBy: null,
        again: false,
        sentAt: (alive && context.code?.sentAt) || null,
        certain: context.code?.certain ?? true,
        submitted: null,
        held: [],
        doubtful: [],
        wrong: (alive && context.code?.wrong) || [],
        uncheckedUntil: null,
        accepted: null,
        missed: null,
      },
    };
  },
  /** One more round: by the other method where nothing came, by the same where what came was wrong or not checked. */
  askAgain: ({ context, event }: ActionArgs): ContextPatch => {
    const { uncheckedUntil } = assertDefined(context.code);
    return {
      // Meta's wait, where it would not check the last code.
      resumeAt: uncheckedUntil !== null && uncheckedUntil > timeOf(event) ? uncheckedUntil : null,
      ...changeCode(context, {
        method: nextMethod(context),
        again: true,
        sentAt: null,
        submitted: null,
        held: [],
        doubtful: [],
        wrong: [],
        uncheckedUntil: null,
        missed: null,
      }),
    };
  },
  recordCodeSent: ({ context, event }: ActionArgs): ContextPatch => {
    const at = timeOf(event);
    // Budgets ask for the newest ones alone.
    const codesSentAt = [...codesOfTheDay(context, at), at].slice(-OWN_CODE_REQUESTS);
    const { missed } = assertDefined(context.code);
    const asksAgain = missed && mayAskAgain({ ...context, resumeAt: null, codesSentAt }, at);
    return {
      ...changeCode(context, {
        sentAt: at,
        notSentBy: null,
        certain: answer(event, 'requestCode')?.outcome !== 'unknown',
        wrong: [],
        uncheckedUntil: null,
        ...(asksAgain && { missed: { ...missed, askAt: askAfter(missed, at) } }),
      }),
      resumeAt: null,
      codesSentAt,
    };
  },
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
  takeCodeBack: ({ context, event }: ActionArgs): ContextPatch =>
    changeCode(context, {
      submitted: null,
      held: [],
      uncheckedUntil: timeOf(event) + (failureIn(event)?.failure.retryAfter ?? 0),
    }),
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
        uncheckedUntil: null,
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
  noteCodeNotReceived: ({ context, event }: ActionArgs): ContextPatch => {
    const { missed, method, uncheckedUntil } = assertDefined(context.code);
    // One came, and Meta would not check it: that problem stands.
    if (uncheckedUntil !== null) return {};
    return fail(context, 'verifyCode', timeOf(event), {
      type: 'CodeExpired',
      code: 'CodeNotReceived',
      message: missed?.what ?? `No right code came within ten minutes of asking by ${method}.`,
      whatToDo: mayAskAgain(context, timeOf(event))
        ? `Nothing yet: a code is asked for by ${nextMethod(context)} now.`
        : 'Check that the number can receive it, then send requestCode; a landline needs {"method": "VOICE"}.',
      needsPerson: !mayAskAgain(context, timeOf(event)),
    });
  },
  /** Something came that is no code: if none comes in a minute, another is asked for; at once where none will come. */
  noteTextWithoutCode: ({ context, event }: ActionArgs): ContextPatch => {
    const received = assertDefined(message(event, 'receiveCode'));
    const at = timeOf(event);
    const what = describeReceived(received, at);
    const known = context.code?.missed?.askAt ?? null;
    const askAt = mayAskAgain(context, at) ? Math.min(known ?? Infinity, askAfter(received, at)) : known;
    const missed = { what, undelivered: received.undelivered !== undefined, askAt };
    const change = changeCode(context, { missed });
    // The other part may be on its way.
    if (isPart(received)) return { ...change, ...keep(context, event) };
    // That Meta would not check a code that came is worth more than what came besides.
    if (context.code?.uncheckedUntil != null) return change;
    const other = otherMethod(assertDefined(context.code).method);
    return {
      ...change,
      ...stand(context, 'verifyCode', at, {
        type: 'CodeExpired',
        code: 'CodeNotReceived',
        message: what,
        whatToDo:
          askAt === null
            ? 'Look at what the number receives, then send requestCode; {"method": "VOICE"} asks for a call.'
            : `Nothing yet: if no code comes within a minute, one is asked for by ${other}.`,
        needsPerson: askAt === null,
      }),
    };
  },
  /** The same before Meta has answered the request: the minute begins with the answer. */
  noteEarlyText: ({ context, event }: ActionArgs): ContextPatch => {
    const received = assertDefined(message(event, 'receiveCode'));
    const what = describeReceived(received, timeOf(event));
    const missed = { what, undelivered: received.undelivered !== undefined, askAt: null };
    return { ...changeCode(context, { missed }), ...(isPart(received) ? keep(context, event) : {}) };
  },
  awaitLapse: ({ context, event }: ActionArgs): ContextPatch => ({
    resumeAt: timeOf(event) + LAPSE_SHOWS,
    ...changeCode(context, { sentAt: null, held: [], doubtful: [] }),
  }),
  /** Meta's wait is over. */
  goOnAsking: ({ context }: ActionArgs): ContextPatch => ({
    resumeAt: null,
    ...changeCode(context, { missed: null }),
  }),
  keepPart: ({ context, event }: ActionArgs): ContextPatch => keep(context, event),
  otherMethodIfNotSent: ({ context, event }: ActionArgs): ContextPatch => {
    if (failureIn(event)?.failure.handling !== 'codeNotSent') return {};
    const { method } = assertDefined(context.code);
    return changeCode(context, { method: otherMethod(method), notSentBy: method });
  },
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

const MINUTE = 60 * 1000;
/** How long Meta is given to show that a verification is over. */
const LAPSE_SHOWS = 5 * MINUTE;

/** For a text a minute later: the code may be right behind it. */
const askAfter = ({ undelivered }: { undelivered?: string | boolean | undefined }, at: number) =>
  undelivered === undefined || undelivered === false ? at + MINUTE : at;

/** The last few: a stranger's texts push nobody's out. */
function keep({ parts }: NumberContext, event: NumberEvent): ContextPatch {
  const { text, from = '' } = assertDefined(message(event, 'receiveCode'));
  const at = timeOf(event);
  const others = parts.filter((part) => part.from !== from && at - part.at < PARTS_WITHIN);
  return { parts: [...others, { text, from, at }].slice(-5) };
}

/** What came, from whom and when, without a digit of its text. */
function describeReceived({ text, from, method, undelivered }: Message<'receiveCode'>, at: number): string {
  const what = `${method === 'VOICE' ? 'A call' : method === 'SMS' ? 'An SMS' : 'A message'}${from ? ` from ${from}` : ''}`;
  const when = utcMinute(at);
  if (undelivered !== undefined) return `${what} of ${when} did not come through: ${undelivered}.`;
  const words = withoutFigures(text);
  return `${what} of ${when} holds no code${words === '' ? '.' : `: "${words}".`}`;
}

function nextMethod(context: NumberContext): CodeRound['method'] {
  const { method, wrong, uncheckedUntil } = assertDefined(context.code);
  return wrong.length === 0 && uncheckedUntil === null ? otherMethod(method) : method;
}

const otherMethod = (method: CodeRound['method']) => (method === 'SMS' ? 'VOICE' : 'SMS');
