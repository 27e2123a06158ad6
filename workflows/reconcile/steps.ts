import { ApplicationFailure } from '@temporalio/workflow';
import { graphFailureIn } from '../../contract/graph-failure';
import type { WabaId } from '../../contract/ids';
import { graph, local, patiently } from './calls';
import { compare } from './compare';
import { goOn, type Progress, type Step } from './progress';
import { note, type Difference } from '../../contract/reconciliation';
import { reportClaim, send } from './report-claim';
import type { WabaNumber } from '../../contract/reconcile-activities';

const BY = 'reconcile';

/** Each step does one page of its work and says in the progress where it stands then. */
export const steps: Record<Exclude<Step, 'done'>, (progress: Progress) => Promise<void>> = {
  /** Compares a page of Meta's pool with the numbers that live here. */
  async pool(progress) {
    const { report, after } = progress;
    const { portfolioId } = report;
    const page = await asking(progress, () => graph.readPool({ portfolioId, after }));
    const seen = new Set(progress.seen);
    const news = page.items.filter(({ phoneNumber }) => !seen.has(phoneNumber));
    if (page.items.length > 0 && news.length === 0) {
      throw ApplicationFailure.nonRetryable(
        `The list of portfolio ${portfolioId}'s pool goes in a circle: nothing more was compared.`,
      );
    }
    const phoneNumbers = news.map(({ phoneNumber }) => phoneNumber);
    const ours = new Map(
      (await local.findOurs({ phoneNumbers })).map((number) => [number.phoneNumber, number]),
    );
    const differences = news.flatMap((number) => {
      const difference = compare(number, ours.get(number.phoneNumber), Date.now());
      return difference ? [difference] : [];
    });
    await Promise.all(differences.map((difference) => settle(progress, difference)));
    progress.seen.push(...phoneNumbers);
    report.counts.pool = progress.seen.length;
    goOn(progress, page.after, 'ours');
  },

  /** Looks which of our unclaimed numbers are in the pool no more. */
  async ours(progress) {
    const { report, after } = progress;
    const { portfolioId } = report;
    const page = await local.listUnclaimed({ portfolioId, after });
    const seen = new Set(progress.seen);
    report.counts.ours += page.items.length;
    const gone = await Promise.all(
      page.items
        .filter((phoneNumber) => !seen.has(phoneNumber))
        // The list and the pool were not read at the same moment.
        .map(async (phoneNumber) =>
          (await asking(progress, () => graph.isInPool({ portfolioId, phoneNumber }))) ? [] : [phoneNumber],
        ),
    );
    progress.missing.push(...gone.flat());
    goOn(progress, page.after, progress.missing.length > 0 ? 'wabas' : 'done');
    if (progress.step !== 'ours') progress.seen = [];
  },

  /** Looks for the missing numbers on a page of the WABAs that customers share with us. */
  async wabas(progress) {
    const { portfolioId } = progress.report;
    const page = await asking(progress, () => graph.readClientWabas({ portfolioId, after: progress.after }));
    await Promise.all(page.items.map((wabaId) => searchWaba(progress, wabaId)));
    goOn(progress, progress.missing.length > 0 ? page.after : null, 'missing');
  },

  /** What was found nowhere: the numbers read it at Meta themselves and say what is to be done. */
  async missing(progress) {
    const some = progress.missing.splice(0, 100);
    await Promise.all(
      some.map((phoneNumber) =>
        settle(progress, {
          kind: 'missing',
          phoneNumber,
          what: "is in Meta's pool no more, and on no WABA that is shared with the portfolio",
          done: 'refresh',
        }),
      ),
    );
    if (progress.missing.length === 0) progress.step = 'done';
  },
};

async function searchWaba(progress: Progress, wabaId: WabaId): Promise<void> {
  try {
    for (const number of await numbersOf(wabaId, (call) => asking(progress, call))) {
      if (!progress.missing.includes(number.phoneNumber)) continue;
      progress.missing = progress.missing.filter((phoneNumber) => phoneNumber !== number.phoneNumber);
      if (!progress.report.dryRun) await reportClaim(wabaId, number, BY);
      note(progress.report, claimedBy(wabaId, number, progress.report.dryRun));
    }
  } catch (error) {
    // One customer who took a permission back must not hide all others.
    const failure = graphFailureIn(error);
    if (!failure) throw error;
    note(progress.report, {
      kind: 'unreadable',
      phoneNumber: null,
      what: `WABA ${wabaId} could not be searched (Meta's code ${failure.code}): ${failure.message}`,
      done: null,
    });
  }
  progress.report.counts.wabas++;
}

/** All numbers of a WABA: it holds few. */
export async function numbersOf(
  wabaId: WabaId,
  ask: <Answer>(call: () => Promise<Answer>) => Promise<Answer>,
): Promise<WabaNumber[]> {
  const numbers: WabaNumber[] = [];
  let after: string | null = null;
  do {
    const page = await ask(() => graph.readWaba({ wabaId, after }));
    numbers.push(...page.items);
    after = page.after;
  } while (after !== null);
  return numbers;
}

const claimedBy = (wabaId: WabaId, { phoneNumber }: WabaNumber, dryRun: boolean): Difference => ({
  kind: 'claimed',
  phoneNumber,
  what: `was taken by a customer: it is on WABA ${wabaId}`,
  done: dryRun ? null : 'claim',
});

/** Does what a difference asks for, and notes it. */
async function settle({ report }: Progress, difference: Difference): Promise<void> {
  const { phoneNumber, done } = difference;
  if (report.dryRun || phoneNumber === null || done === null) {
    note(report, { ...difference, done: null });
  } else if (done === 'refresh') {
    const told = await send(phoneNumber, 'refresh', { by: BY });
    note(report, { ...difference, done: told ? done : null });
  } else {
    const adopted = await local.adoptNumber({ portfolioId: report.portfolioId, phoneNumber });
    if (adopted.outcome === 'refused') {
      note(report, { ...difference, what: `${difference.what}; ${adopted.why}`, done: null });
    } else if (adopted.outcome === 'added') {
      note(report, difference);
    }
    // `exists`: it was added while its page was compared.
  }
}

async function asking<Answer>({ report }: Progress, call: () => Promise<Answer>): Promise<Answer> {
  const answer = await patiently(call);
  report.counts.graphCalls++;
  return answer;
}
