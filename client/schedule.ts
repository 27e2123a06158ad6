import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';

/** Something that is done again and again, never twice at a time. */
export interface Plan<Type extends Workflow> {
  scheduleId: string;
  note: string;
  /** Milliseconds. */
  every: number;
  /** The first time at once. */
  atOnce?: boolean;
  action: ScheduleOptionsStartWorkflowAction<Type>;
}

/** Has it done, unless it is done already at times that somebody chose; those stay. */
export async function ensure<Type extends Workflow>(client: Client, plan: Plan<Type>): Promise<void> {
  if (await create(client, plan)) return;
  await client.schedule.getHandle(plan.scheduleId).update(({ spec, state, policies }) => ({
    spec,
    state,
    policies,
    action: plan.action,
  }));
}

/** Has it done at this interval from now on. */
export async function setInterval<Type extends Workflow>(client: Client, plan: Plan<Type>): Promise<void> {
  if (await create(client, plan)) return;
  await client.schedule.getHandle(plan.scheduleId).update(({ state, policies }) => ({
    spec: spec(plan.every),
    state,
    policies,
    action: plan.action,
  }));
}

/** `false` where there is one. */
async function create<Type extends Workflow>(client: Client, plan: Plan<Type>): Promise<boolean> {
  const { scheduleId, note, every, atOnce = false, action } = plan;
  try {
    await client.schedule.create({
      scheduleId,
      spec: spec(every),
      action,
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { note, triggerImmediately: atOnce },
    });
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** Counted from now: Temporal counts intervals from the epoch, so that all pools would be read on the hour. */
const spec = (every: number) => ({ intervals: [{ every, offset: Date.now() % every }] });
