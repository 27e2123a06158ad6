import { answer, looked, read, shared } from './rules/answers';
import { send } from './rules/messages';
import { askByItself, nextDue, pass } from './rules/time';
import { answerTo, look, reading } from './meta';
import { ChartLife } from './chart-life';
import type { Beside, Command } from './commands';
import type { Ended, LifeCall, Rules } from './rules/facts';
import { DAY, NumberModel } from './rules/number';
import { heard } from './said';
import type { MessageName } from '../../contract/messages';

const START = Date.parse('2026-01-01T00:00:00Z');

/** Leads a number through the commands on the chart and by the model. Throws where they disagree. */
export function agree(rules: Rules, commands: readonly Command[]): void {
  const { automation, ...policy } = rules;
  const model = new NumberModel(rules, START);
  const life = new ChartLife(
    {
      automation,
      policy: Object.fromEntries(Object.entries(policy).map(([name, span]) => [name, `${String(span)}ms`])),
    },
    START,
  );
  compare(life, model);
  const trail: { state: string; phase: string; command: Command }[] = [];
  for (const command of commands) {
    trail.push({ ...life.standing, command });
    try {
      run(command, life, model);
      compare(life, model);
    } catch (error) {
      const steps = trail.map(({ state, phase, command }) => `${state}.${phase} ${JSON.stringify(command)}`);
      throw new Error([(error as Error).message, ...steps].join('\n'), { cause: error });
    }
  }
}

function run(command: Command, life: ChartLife, model: NumberModel): void {
  if ('message' in command) say(command.message as MessageName, command.payload, life, model);
  else if ('besides' in command) finishBesides(command.besides, command.answer, life, model);
  else if ('answer' in command) finish(command.answer, life, model);
  else if ('pass' in command) passTo(life.at + command.pass, command.late, life, model);
  else if ('due' in command) {
    const dues = Object.values(life.now.timers)
      .map(({ dueAt }) => dueAt)
      .sort((a, b) => a - b);
    const due = dues[command.due % dues.length];
    if (due !== undefined) passTo(Math.max(life.at, due + command.offset), command.late, life, model);
  } else if ('leave' in command) leave(command.leave, command.alike, life, model);
  else if ('lateAnswer' in command) life.finishLate('verifyCode', 0);
  else goOn(life, model);
}

/** Amid a request for a code its answer is given up: a second code would make the first one void. */
function goOn(life: ChartLife, model: NumberModel): void {
  const { call } = life;
  if (life.continueAsNew() && call === 'requestCode') answer(model, call, { outcome: 'unknown' });
}

function say(name: MessageName, payload: object, life: ChartLife, model: NumberModel): void {
  const said = heard(name, payload);
  const refused = life.send(name, payload);
  same(`the answer to ${name}`, refused, said ? send(model, said) : 'InvalidMessage');
}

function finish(choice: number, life: ChartLife, model: NumberModel): void {
  const { call } = life;
  if (call === null) return;
  const ended = answerTo(call, choice, life.at);
  if (call === 'registerNumber')
    same('the PIN', (life.now.children[call]!.input as { pin: string }).pin, model.pin);
  life.finish(call, ended.refused ? { error: refusal(ended.refused) } : { output: outputOf(call, ended) });
  answer(model, call, ended);
}

function outputOf(call: LifeCall, ended: Ended): unknown {
  if (call === 'addNumber')
    return { preverifiedId: '106540352242922', adopted: false, policyDay: DAY, sharedWith: [], ...ended };
  return call === 'registerNumber' || call === 'removeNumber' ? null : { message: 'wrong', ...ended };
}

const refusal = (refused: object) => ({ code: '100', message: 'no', whatToDo: 'look', ...refused });

function leave(steps: number, alike: number, life: ChartLife, model: NumberModel): void {
  for (let step = 0; step < steps; step++) {
    if (life.call) finish(alike, life, model);
    else if ('confirmClaim' in life.now.children) finishBesides('confirmClaim', alike, life, model);
    else if (life.nextTimer < Infinity) passTo(life.nextTimer, false, life, model);
    else return;
    compare(life, model);
  }
}

function finishBesides(call: Beside, choice: number, life: ChartLife, model: NumberModel): void {
  if (!(call in life.now.children)) return;
  if (call === 'confirmClaim') {
    const ended = look(choice, life.at, life.context.preverifiedId !== null);
    life.finish(call, ended.refused ? { error: refusal(ended.refused) } : { output: ended });
    looked(model, ended);
  } else if (choice % 4 === 3) {
    life.finish(call, { error: refusal({ handling: 'number', retryAfter: null }) });
    if (call === 'changeSharing') shared(model, true);
    else read(model, 'refused');
  } else if (call === 'changeSharing') {
    life.finish(call, { output: null });
    shared(model, false);
  } else {
    const verification = reading(choice, life.at);
    life.finish(call, { output: verification });
    read(model, verification);
  }
}

/** One timer at a time, each at its moment, or, where the worker was away, all at the end. */
function passTo(moment: number, late: boolean, life: ChartLife, model: NumberModel): void {
  for (;;) {
    const next = late ? moment : Math.min(moment, life.nextTimer, nextDue(model));
    life.passTo(next);
    pass(model, next, late);
    if (next >= moment) return;
    compare(life, model);
  }
}

function compare(life: ChartLife, model: NumberModel): void {
  if (life.call === 'requestCode' && model.call === null) askByItself(model);
  const { context } = life;
  const { state, phase } = life.standing;
  same('state', state, model.state);
  same('phase', phase, model.phase);
  same('call', life.call, model.call);
  same('a look', 'confirmClaim' in life.now.children, model.looking);
  same(
    'reports',
    context.reportedClaims.map(({ wabaId }) => wabaId).join(),
    model.reports.map(({ wabaId }) => wabaId).join(),
  );
  same('deadline', context.deadline?.at ?? null, model.deadline);
  if (state === 'Verified') same('expiry', context.verificationExpiresAt, model.expiry);
  same('WABA', context.claim?.wabaId, model.claim?.wabaId);
  same('phone number ID', context.claim?.phoneNumberId, model.claim?.phoneNumberId);
  same('customer', context.claim?.customerId, model.claim?.customerId);
  same('holder', context.reservation?.customerId, model.reservation?.customerId);
  same('hold', context.reservation?.until, model.reservation?.until);
  if (state !== 'Removed' && state !== 'Rejected' && state !== 'Registered')
    same('kept code', context.keptCode?.code, model.keptCode?.code);
  same('partners', context.sharedWith.join(), model.sharedWith.join());
}

function same(what: string, chart: unknown, model: unknown): void {
  if (chart !== model)
    throw new Error(`${what}: the chart says ${String(chart)}, the model ${String(model)}`);
}
