import { setMaxListeners } from 'node:events';
import path from 'node:path';
import pLimit from 'p-limit';
import { Random } from '../../../simulator/random';
import { gather, type Played } from '../judge/evidence';
import { judge } from '../judge/judge';
import { keep } from '../judge/keep';
import { judgeRecords, keepMeanwhile } from '../judge/records';
import { Life, type Around } from '../lives/life';
import { stories, storyOf, type StoryName } from '../lives/stories';
import { Delivery, type DeliveryOptions } from '../people/delivery';
import { Service } from '../people/service';
import { Telephones } from '../people/telephones';
import { ChaosStack, type StackOptions } from '../processes/stack';
import { havocOf, type Outcome, type ScenarioOptions } from './scenario';

export interface Play {
  /** The story of each number. */
  cast: readonly StoryName[];
  /** Lives that are lived at a time, besides the long ones. */
  atATime: number;
  delivery: DeliveryOptions;
  /** Milliseconds after which a life is stuck. */
  longestLife: number;
  before?: Around['before'];
  /** Goes on until `over` aborts: what breaks meanwhile. */
  havoc: (over: AbortSignal, lives: readonly Life[]) => Promise<unknown>;
}

const none = () => Promise.resolve();

/** Plays on a stack that is started for it. */
export async function playOn(
  settings: Pick<StackOptions, 'policyDay' | 'temporal' | 'records'>,
  options: ScenarioOptions,
  make: (stack: ChaosStack) => Play | Promise<Play>,
): Promise<Outcome> {
  const { seed, folder } = options;
  const stack = await ChaosStack.start({ seed, log: path.join(folder, 'log'), ...settings });
  try {
    return await play(stack, await make(stack), options);
  } finally {
    await stack.close();
  }
}

/** Lets numbers live while havoc is wrought, and has them judged when all runs again. */
async function play(
  stack: ChaosStack,
  { cast, atATime, delivery: options, longestLife, before = none, havoc }: Play,
  { seed, folder, report, signal: brokenOff }: ScenarioOptions,
): Promise<Outcome> {
  const begun = Date.now();
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, brokenOff]);
  // Every life listens to it.
  setMaxListeners(0, signal);
  const delivery = new Delivery(stack.gatewayUrl, new Random(seed, 'delivery'), options, signal);
  const telephones = new Telephones(stack.sim, delivery);
  const service = new Service(stack.pool, signal);
  const around = { service, delivery, sim: stack.sim, before };
  const lives = cast.map((_, index) => new Life(numberAt(index), around));

  const over = new AbortController();
  const raging = havoc(AbortSignal.any([over.signal, brokenOff]), lives);
  const keeping = keepMeanwhile(stack, AbortSignal.any([over.signal, brokenOff]));
  let ended = 0;
  const limit = pLimit(atATime);
  const living = lives.map((life, index) => {
    const story = cast[index]!;
    const liveOne = async (): Promise<Played> => {
      const broken = await live(life, story, longestLife, signal);
      if (++ended % 25 === 0 || ended === lives.length) report(`${ended} of ${lives.length} lives are over`);
      return { life, story, broken };
    };
    // Those that sleep for the policy's periods take nobody's turn.
    return storyOf(story).long ? liveOne() : limit(liveOne);
  });
  try {
    const [played] = await Promise.all([
      Promise.all(living).finally(() => {
        over.abort();
      }),
      raging,
    ]);
    await Promise.all(stack.targets.map((part) => part.start()));
    await delivery.drained();
    const evidence = await gather(stack, played, service.acknowledged, telephones.acknowledged);
    await keeping;
    const faults = [...judge(evidence), ...(await judgeRecords(stack))];
    await keep(evidence, faults, folder);
    return {
      lifecycles: lives.length,
      havoc: havocOf(stack.targets),
      delivery: delivery.counts,
      acknowledged: service.acknowledged.length,
      unanswered: service.unanswered,
      faults,
      seconds: (Date.now() - begun) / 1000,
    };
  } finally {
    over.abort();
    ending.abort();
    await telephones.close();
  }
}

/** Why a life was not played to its end, `null` where it was. */
async function live(
  life: Life,
  name: StoryName,
  longestLife: number,
  signal: AbortSignal,
): Promise<string | null> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => {
    timeUp.abort();
  }, longestLife);
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timeUp.signal.addEventListener('abort', () => {
        reject(new Error(`it is not over after ${longestLife / 1000} seconds`));
      });
    });
    const story = storyOf(name);
    await Promise.race([story.play.call(stories[name], life), late]);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** American numbers that nobody has. */
const numberAt = (index: number) => `1555${String(1_000_000 + index)}`;
