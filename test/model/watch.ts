import type { Interpretation, TimedEvent } from '../../workflows/interpreter/interpretation';
import { contextOf, stateOf } from '../../workflows/number/number-record';

const DAY = 24 * 60 * 60 * 1000;

/** Looks over the shoulder of a chart, step by step, for what must never be, whatever a model says. */
export class Watch {
  readonly #registrations: number[] = [];
  readonly #codesSent: number[] = [];
  /** Codes that Meta called wrong since it last sent one. */
  #wrong: string[] = [];
  /** Every code that was ever handed in, and when one of them last was right. */
  readonly handedIn: string[] = [];
  verifiedAt = -Infinity;

  step(before: Interpretation, after: Interpretation, event: TimedEvent): void {
    this.#standing(after);
    this.#time(before, after, event);
    this.#claims(before, after, event);
    this.#answered(before, event);
    for (const [id, { serial, input }] of Object.entries(after.children)) {
      if (serial > before.started) this.#started(id, input, event);
    }
  }

  /** Nothing in an impossible state. */
  #standing(now: Interpretation): void {
    const { state, phase } = stateOf(now);
    const { claim, preverifiedId, verificationExpiresAt, deadline, reservation } = contextOf(now);
    const beside = ['changeSharing', 'readNumber', 'confirmClaim'];
    const calls = Object.keys(now.children).filter((id) => !beside.includes(id));
    must(calls.length <= 1, `${String(calls)} are under way together`);
    must(
      !now.done || calls.length + Object.keys(now.timers).length === 0,
      `${state} still waits for something`,
    );
    const endedClaimed = state === 'Registered' || (state === 'Removed' && claim !== null);
    must((state === 'Claimed') === (claim !== null) || endedClaimed, `${state} and claim disagree`);
    if (state === 'Verified')
      must(deadline !== null && deadline.at === verificationExpiresAt, 'Verified without an end');
    if (state === 'Unverified' || phase === 'lapsed') must(deadline === null, `${state} has a deadline`);
    if (state !== 'Added' && !claim && state !== 'Removed' && state !== 'Rejected')
      must(preverifiedId !== null, `${state} was never added`);
    if (claim) must(reservation === null, 'claimed and reserved');
  }

  /** Nothing early. */
  #time(before: Interpretation, after: Interpretation, { type, at }: TimedEvent): void {
    const was = contextOf(before);
    const [from, to] = [stateOf(before), stateOf(after)];
    if (type === 'reservationExpired') must(at >= was.reservation!.until, 'a reservation ended early');
    if (type === 'keptCodeExpired') must(at >= was.keptCode!.at + 600_000, 'a code was forgotten early');
    if (!type.startsWith('xstate.after')) return;
    const ends =
      to.state === 'Removed' ||
      (from.state === 'Verified' && to.state === 'Unverified') ||
      (to.phase === 'lapsed' && from.phase === 'verified');
    if (ends) must(was.deadline !== null && at >= was.deadline.at, `${from.state} ended early`);
    if (to.phase === 'renewable' && from.phase === 'fresh')
      must(at >= was.verificationExpiresAt! - was.policy.reverifyWindow, 'the window opened early');
  }

  /** No claim lost, one holder at a time. */
  #claims(before: Interpretation, after: Interpretation, event: TimedEvent): void {
    const [was, is] = [contextOf(before), contextOf(after)];
    if (was.claim)
      must(is.claim?.wabaId === was.claim.wabaId, 'a claim that Meta showed was lost or replaced');
    if (was.claim && stateOf(after).state === 'Removed')
      must(event.type === 'endClaim', 'a claimed number left the pool');
    if (!was.claim && is.claim) {
      const { output } = event as { output?: { found: boolean } };
      must(output?.found === true, 'a claim stands that Meta has not shown');
    }
    // A report ends when Meta shows a claim, when it was looked for six times, or with the number's life.
    if (is.reportedClaims.length < was.reportedClaims.length && !is.claim && !after.done)
      must(was.reportedClaims[0]!.looks === 5, 'a report was dropped');
    if (was.reservation && is.reservation && event.at < was.reservation.until)
      must(was.reservation.customerId === is.reservation.customerId, 'two customers hold the number');
  }

  #answered(before: Interpretation, event: TimedEvent): void {
    const { output, error } = event as { output?: { outcome?: string }; error?: { turnedAway?: boolean } };
    if (event.type === 'xstate.error.actor.registerNumber' && error?.turnedAway) this.#registrations.pop();
    if (event.type === 'xstate.done.actor.requestCode' && output?.outcome !== 'alreadyVerified') {
      this.#codesSent.push(event.at);
      this.#wrong = [];
    }
    if (event.type !== 'xstate.done.actor.verifyCode') return;
    if (output?.outcome === 'verified') this.verifiedAt = event.at;
    else this.#wrong.push(contextOf(before).code!.submitted!);
  }

  /** Budgets, and nothing done twice. */
  #started(call: string, input: unknown, event: TimedEvent): void {
    if (call === 'registerNumber') {
      this.#registrations.push(event.at);
      must(within(this.#registrations, 3 * DAY, event.at) <= 10, 'eleven registrations in 72 hours');
    }
    if (call === 'verifyCode') {
      const { code } = input as { code: string };
      must(!this.#wrong.includes(code), 'a wrong code was handed in again');
      must(this.#wrong.length < 5, 'a sixth code was handed in');
      this.handedIn.push(code);
    }
    // By itself: neither asked for by a message, nor a request that was put off.
    const own =
      event.type === 'xstate.done.actor.verifyCode' ||
      /^xstate\.after\.(?!resumeOrDeadline\..*deferred)/.test(event.type);
    if (call === 'requestCode' && own)
      must(within(this.#codesSent, DAY, event.at) < 6, 'a seventh code of its own in a day');
  }
}

const within = (moments: readonly number[], span: number, at: number) =>
  moments.filter((moment) => moment > at - span).length;

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
