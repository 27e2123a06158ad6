import { ApplicationFailure } from '@temporalio/workflow';
import { graphFailureIn } from '../../contract/graph-failure';
import type { WabaId } from '../../contract/ids';
import type { WabaNumber } from '../../contract/reconcile-activities';
import { canonicalDigits, sameNumber } from '../../contract/phone-number';
import type { Difference } from '../../contract/reconciliation';
import { graph, local, numbersOf, reportClaim, signalNumber, withStatedWaits } from './calls';
import { compare } from './compare';
import { addDifference, advance, type Progress, type Step } from './progress';

const BY = 'reconcile';

/** Each step handles one page and records in the progress how to go on. */
export const steps: Record<Exclude<Step, 'done'>, (progress: Progress) => Promise<void>> = {
  /** Compares a page of Meta's pool with our numbers. */
  async pool(progress) {
    const { report, after } = progress;
    const { portfolioId } = report;
    const page = await counted(progress, () => graph.readPool({ portfolioId, after }));
    const seen = new Set(progress.seen);
    const unseen = page.items.filter(({ phoneNumber }) => !seen.has(canonicalDigits(phoneNumber)));
    if (page.items.length > 0 && unseen.length === 0) {
      throw ApplicationFailure.nonRetryable(
        `Meta repeats a page in the list of portfolio ${portfolioId}'s pool: the rest was not compared.`,
      );
    }
    const phoneNumbers = unseen.map(({ phoneNumber }) => phoneNumber);
    const ours = new Map(
      (await local.findOurs({ phoneNumbers })).map((number) => [canonicalDigits(number.phoneNumber), number]),
    );
    const differences = unseen.flatMap((number) => {
      const our = ours.get(canonicalDigits(number.phoneNumber));
      // Under our written form, for by that it is reached.
      const named = { ...number, phoneNumber: our?.phoneNumber ?? number.phoneNumber };
      const difference = compare(named, our, Date.now());
      return difference ? [difference] : [];
    });
    await Promise.all(differences.map((difference) => correct(progress, difference)));
    progress.seen.push(...phoneNumbers.map(canonicalDigits));
    report.counts.pool = progress.seen.length;
    advance(progress, page.after, 'ours');
  },

  /** Finds those of a page of our unclaimed numbers that have left the pool. */
  async ours(progress) {
    const { report, after } = progress;
    const { portfolioId } = report;
    const page = await local.listUnclaimed({ portfolioId, after });
    const seen = new Set(progress.seen);
    report.counts.ours += page.items.length;
    for (const { phoneNumber, keyId } of page.unreadable ?? []) {
      const what = `cannot be read: it is encrypted with the key ${keyId}, which the workers lack`;
      addDifference(report, { kind: 'unreadable', phoneNumber, what, done: null });
    }
    const gone = await Promise.all(
      page.items
        .filter((phoneNumber) => !seen.has(canonicalDigits(phoneNumber)))
        // Asked again, because the pool was read before our list: the number may have been added in between.
        .map(async (phoneNumber) =>
          (await counted(progress, () => graph.isInPool({ portfolioId, phoneNumber }))) ? [] : [phoneNumber],
        ),
    );
    progress.missing.push(...gone.flat());
    advance(progress, page.after, 'lost');
    if (progress.step !== 'ours') progress.seen = [];
  },

  /** Finds our numbers whose workflow was ended from outside: what Meta shows of them nobody here knows. */
  async lost(progress) {
    const page = await local.listLost({ portfolioId: progress.report.portfolioId, after: progress.after });
    progress.lost = [...new Set([...progress.lost, ...page.items])];
    const wanted = progress.missing.length + progress.lost.length > 0;
    advance(progress, page.after, wanted ? 'wabas' : 'done');
  },

  /** Searches a page of the WABAs that customers share with us for the missing and the lost numbers. */
  async wabas(progress) {
    const { portfolioId } = progress.report;
    const page = await counted(progress, () => graph.readClientWabas({ portfolioId, after: progress.after }));
    await Promise.all(page.items.map((wabaId) => searchWaba(progress, wabaId)));
    advance(progress, progress.missing.length + progress.lost.length > 0 ? page.after : null, 'missing');
  },

  /** Has the numbers that are on no WABA read their status at Meta: each then says itself what has to be done. */
  async missing(progress) {
    const some = progress.missing.splice(0, 100);
    await Promise.all(
      some.map((phoneNumber) =>
        correct(progress, {
          kind: 'missing',
          phoneNumber,
          what: "has left Meta's pool, and is on no WABA that is shared with the portfolio",
          done: 'refresh',
        }),
      ),
    );
    if (progress.missing.length === 0) progress.step = 'done';
  },
};

async function searchWaba(progress: Progress, wabaId: WabaId): Promise<void> {
  try {
    for (const number of await numbersOf(wabaId, (call) => counted(progress, call))) {
      const isIt = (ours: string) => sameNumber(ours, number.phoneNumber);
      const missing = progress.missing.find(isIt);
      const lost = progress.lost.find(isIt);
      if (missing !== undefined) {
        progress.missing = progress.missing.filter((phoneNumber) => phoneNumber !== missing);
        const ours = { ...number, phoneNumber: missing };
        const taken = !progress.report.dryRun && (await reportClaim(wabaId, ours, BY));
        addDifference(progress.report, claimedBy(wabaId, ours, taken));
      } else if (lost !== undefined) {
        progress.lost = progress.lost.filter((phoneNumber) => phoneNumber !== lost);
        await adopt(progress, wabaId, { ...number, phoneNumber: lost });
      }
    }
  } catch (error) {
    // One customer who withdrew a permission must not hide the claims of all others.
    const failure = graphFailureIn(error);
    if (!failure) throw error;
    addDifference(progress.report, {
      kind: 'unreadable',
      phoneNumber: null,
      what: `WABA ${wabaId} could not be searched (Meta's code ${failure.code}): ${failure.message}`,
      done: null,
    });
  }
  progress.report.counts.wabas++;
}

/** @param taken whether the number has the report of its claim: its life may have ended since it was listed */
const claimedBy = (wabaId: WabaId, { phoneNumber }: WabaNumber, taken: boolean): Difference => ({
  kind: 'claimed',
  phoneNumber,
  what: `was claimed by a customer: it is on WABA ${wabaId}`,
  done: taken ? 'claim' : null,
});

/** A customer has a number whose life here was ended from outside: it lives on from its claim. */
async function adopt({ report }: Progress, wabaId: WabaId, number: WabaNumber): Promise<void> {
  const { portfolioId, dryRun } = report;
  const { outcome } = dryRun
    ? { outcome: null }
    : await local.adoptClaimed({ portfolioId, wabaId, ...number });
  // It has come to its end since it was listed, so nothing differs any more.
  if (outcome === 'ended') return;
  const { then, done } = outcome === null ? { then: '', done: null } : adoptions[outcome];
  addDifference(report, {
    kind: 'lost',
    phoneNumber: number.phoneNumber,
    what: `is on WABA ${wabaId}, and its workflow here was ended from outside${then}`,
    done,
  });
}

const adoptions = {
  added: { then: ': it goes on as claimed, and registers when somebody says so', done: 'added' },
  exists: { then: ': it runs again, and has the report of its claim', done: 'claim' },
  left: { then: ': it is left so, for its customer has left', done: null },
} as const;

/** Does what the difference proposes, and reports it. */
async function correct({ report }: Progress, difference: Difference): Promise<void> {
  const { phoneNumber, done } = difference;
  if (report.dryRun || phoneNumber === null || done === null) {
    addDifference(report, { ...difference, done: null });
  } else if (done === 'refresh') {
    const sent = await signalNumber(phoneNumber, 'refresh', { by: BY });
    addDifference(report, { ...difference, done: sent ? done : null });
  } else {
    const adopted = await local.adoptNumber({ portfolioId: report.portfolioId, phoneNumber });
    if (adopted.outcome === 'refused') {
      addDifference(report, { ...difference, what: `${difference.what}; ${adopted.reason}`, done: null });
    } else if (adopted.outcome === 'added') {
      addDifference(report, difference);
    }
    // `exists`: somebody added it while its page was compared, so nothing differs any more.
  }
}

async function counted<Answer>({ report }: Progress, call: () => Promise<Answer>): Promise<Answer> {
  const answer = await withStatedWaits(call);
  report.counts.graphCalls++;
  return answer;
}
