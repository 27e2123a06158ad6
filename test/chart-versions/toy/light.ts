import { continueAsNew, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import type { ChartVersions } from '../../../workflows/interpreter/chart-versions';
import { DurableChart, runLife } from '../../../workflows/interpreter/durable-chart';
import type { Interpretation } from '../../../workflows/interpreter/interpretation';
import { Interpreter } from '../../../workflows/interpreter/interpreter';

export interface Carried {
  life: Interpretation;
  movedFrom: number;
}

/** A light on a durable chart, as a build with these versions runs it: the least that a number's workflow does, too. */
export const lightOf = (versions: ChartVersions) =>
  async function light(input: { version: number }, carried?: Carried): Promise<unknown> {
    const { version } = input;
    const interpreter = new Interpreter(versions.chartOf(version));
    const at = Date.now();
    let now = carried
      ? interpreter.settle(versions.moveOver(carried.life, { from: carried.movedFrom, to: version, at }), at)
      : interpreter.begin({ at });
    let changed = true;
    const go = (next: Interpretation) => {
      now = next;
      changed = true;
      durable.sync(now);
    };
    const durable = new DurableChart({
      run: () => Promise.reject(new Error('a light calls nobody')),
      timerSummary: (id) => id,
      onTimer: ({ id }, moment) => {
        go(interpreter.fire(now, id, moment));
      },
      onChildEnd: (child, end, moment) => {
        go(interpreter.finishChild(now, child, end, moment));
      },
    });
    durable.sync(now);
    setHandler(defineSignal('ask'), () => {
      go(interpreter.advance(now, { type: 'ask', at: Date.now() }));
    });
    setHandler(defineQuery('look'), () => ({ version, value: now.value, context: now.context }));
    const life = {
      get broken() {
        return durable.broken;
      },
      get ended() {
        return now.done;
      },
      get idle() {
        return Object.keys(now.children).length === 0;
      },
      get portable() {
        return this.idle;
      },
      backlog: 0,
      messages: { signals: 0, updates: 0, unreadable: 0 },
      dismissWaiting: () => undefined,
      publish: () => {
        const published = changed;
        changed = false;
        return published;
      },
    };
    const end = await runLife(life, { version, latest: versions.latest });
    if (end !== 'ended') {
      const next = end === 'outdated' ? versions.latest : version;
      await continueAsNew({ version: next }, { life: now, movedFrom: version } satisfies Carried);
    }
    return { version, value: now.value };
  };
