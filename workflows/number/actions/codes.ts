import { readCode } from '../../../contract/code';
import type { CodeRound } from '../context';
import { codeDiesAt, codesOfTheDay } from '../deadlines';
import { message, refusalIn, timeOf, type Moment } from '../events';
import { mayAskAgain } from '../guards';
import { known } from '../known';
import { WRONG_CODES } from '../../../contract/policy';
import { changeCode, fail, type Change } from './change';

export const codeActions = {
  /** A code that was sent before stays good until Meta has sent another. */
  beginCodeRound: ({ context, event }: Moment): Change => {
    const asked = message(event, 'requestCode');
    const died = codeDiesAt(context);
    const alive = died !== null && timeOf(event) < died;
    return {
      goOnAt: null,
      code: {
        method: asked?.method ?? context.codeMethod,
        language: asked?.language ?? context.language,
        again: false,
        sentAt: (alive && context.code?.sentAt) || null,
        submitted: null,
        held: [],
        wrong: (alive && context.code?.wrong) || [],
        accepted: null,
      },
    };
  },
  /** One more round: by the other method where nothing came, by the same where what came was wrong. */
  askAgain: ({ context }: Moment): Change => {
    const { method, wrong } = known(context.code);
    return changeCode(context, {
      method: wrong.length === 0 ? otherMethod(method) : method,
      again: true,
      sentAt: null,
      submitted: null,
      held: [],
      wrong: [],
    });
  },
  recordCodeSent: ({ context, event }: Moment): Change => ({
    ...changeCode(context, { sentAt: timeOf(event), wrong: [] }),
    goOnAt: null,
    codesSentAt: [...codesOfTheDay(context, timeOf(event)), timeOf(event)],
  }),
  holdCode: ({ context, event }: Moment): Change =>
    changeCode(context, { held: [...known(context.code).held, known(message(event, 'submitCode')).code] }),
  submitCode: ({ context, event }: Moment): Change =>
    changeCode(context, { submitted: known(message(event, 'submitCode')).code }),
  resumeCodeRound: ({ context, event }: Moment): Change => {
    const submitted = known(message(event, 'submitCode')).code;
    const held = known(context.code).held.filter((code) => code !== submitted);
    return { goOnAt: null, ...changeCode(context, { submitted, held }) };
  },
  submitHeldCode: ({ context }: Moment): Change => {
    const [submitted, ...held] = known(context.code).held;
    return changeCode(context, { submitted: known(submitted), held });
  },
  /** Meta could not be asked about it: it may be handed in again, and so may those that waited behind it. */
  takeCodeBack: ({ context }: Moment): Change => changeCode(context, { submitted: null, held: [] }),
  acceptCode: ({ context }: Moment): Change =>
    changeCode(context, {
      accepted: known(context.code).submitted,
      submitted: null,
      held: [],
      sentAt: null,
    }),
  noteWrongCode: ({ context, event }: Moment): Change => {
    const round = known(context.code);
    const wrong = [...round.wrong, known(round.submitted)];
    const left = WRONG_CODES - wrong.length;
    return {
      ...changeCode(context, { wrong, submitted: null }),
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
  noteCodeNotReceived: ({ context, event }: Moment): Change =>
    fail(context, 'verifyCode', timeOf(event), {
      type: 'CodeExpired',
      code: 'CodeNotReceived',
      message: `No right code came within ten minutes of asking by ${known(context.code).method}.`,
      whatToDo:
        'Check that the number can receive it, then send requestCode; a landline needs {"method": "VOICE"}.',
      needsPerson: !mayAskAgain(context, timeOf(event)),
    }),
  otherMethodIfNotSent: ({ context, event }: Moment): Change =>
    refusalIn(event)?.refusal.handling === 'codeNotSent'
      ? changeCode(context, { method: otherMethod(known(context.code).method) })
      : {},
  endCodeRound: ({ context }: Moment): Change =>
    changeCode(context, { sentAt: null, submitted: null, held: [] }),

  /** One that nobody here asked for. */
  keepCode: ({ event }: Moment): Change => ({
    keptCode: { code: known(readCode(known(message(event, 'receiveCode')).text)), at: timeOf(event) },
  }),
  forgetKeptCode: (): Change => ({ keptCode: null }),
};

const otherMethod = (method: CodeRound['method']) => (method === 'SMS' ? 'VOICE' : 'SMS');
