import type { AddOptions, NumberRecord, NumberState } from '../../client';
import type { Life } from './life';

/** One number's part in the demo: how it is added, what happens to it, and where it must be at the end. */
export interface Plan {
  title: string;
  options?: AddOptions;
  /** The simulator refuses it. */
  rejected?: true;
  play: (life: Life) => Promise<unknown>;
  end: NumberState;
  /** What the record must show besides. */
  proof?: (record: NumberRecord) => boolean;
}

const byHand = (automation: AddOptions['automation']): AddOptions => ({ automation: automation ?? {} });
const times = (record: NumberRecord, to: NumberState) =>
  record.transitions.filter((transition) => transition.to === to).length;
const reportedBy = (source: string) => (record: NumberRecord) => record.claim?.source === source;
const bySignup = reportedBy('signup FINISH');

const signedUpOn = (day: number): Plan => ({
  title: `claimed on day ${String(day)}`,
  play: async (life) => {
    await life.reaches('Verified');
    await life.day(day);
    await life.customerTakesIt();
  },
  end: 'Registered',
  proof: bySignup,
});

/** A hundred days, one plan for each number of the example file. */
export const plans: readonly Plan[] = [
  {
    title: 'renewed in its window, then claimed',
    play: async (life) => {
      const { verificationExpiresAt } = await life.reaches('Verified');
      await life.is(`renewed`, (record) => record.verificationExpiresAt !== verificationExpiresAt);
      await life.day(95);
      await life.customerTakesIt();
    },
    end: 'Registered',
    // Verified for longer than one verification lasts, without a lapse.
    proof: (record) =>
      bySignup(record) && times(record, 'Verified') === 1 && times(record, 'Unverified') === 0,
  },
  {
    title: 'refused by Meta',
    rejected: true,
    play: (life) => life.reaches('Rejected'),
    end: 'Rejected',
  },
  {
    title: 'lapses, is verified again, then claimed',
    options: byHand({ reverify: false }),
    play: async (life) => {
      await life.reaches('Unverified');
      await life.operator((pool, number) => pool.requestCode(number, { by: 'operator' }));
      await life.reaches('Verified');
      await life.customerTakesIt();
    },
    end: 'Registered',
    proof: (record) =>
      bySignup(record) && times(record, 'Unverified') === 1 && times(record, 'Verified') === 2,
  },
  {
    title: 'claimed, not registered in 90 days, verified as a business number',
    options: byHand({ register: false }),
    play: async (life) => {
      await life.reaches('Verified');
      await life.day(5);
      await life.customerTakesIt();
      await life.is('lapsed', ({ phase }) => phase === 'lapsed');
      await life.operator((pool, number) => pool.requestCode(number, { by: 'operator' }));
      await life.is('verified', ({ phase }) => phase === 'verified');
      await life.operator((pool, number) => pool.register(number, { by: 'operator' }));
    },
    end: 'Registered',
    proof: bySignup,
  },
  {
    title: 'never verified, leaves the pool',
    options: byHand({ requestCode: false }),
    play: (life) => life.reaches('Removed'),
    end: 'Removed',
  },
  signedUpOn(12),
  {
    title: 'one customer cancels, the next takes it',
    play: async (life) => {
      await life.reaches('Verified');
      await life.day(15);
      await life.customerCancels();
      await life.is('released', ({ reservation }) => reservation === null);
      await life.customerTakesIt();
    },
    end: 'Registered',
    proof: bySignup,
  },
  {
    title: "claimed, and only Meta's webhook reports it",
    play: async (life) => {
      await life.reaches('Verified');
      await life.day(22);
      await life.customerTakesItUnreported();
      await life.metaReports();
    },
    end: 'Registered',
    proof: (record) => ['findClaims', 'reconcile'].includes(record.claim?.source ?? ''),
  },
  {
    title: 'claimed, and nobody reports it: reconciliation finds it',
    play: async (life) => {
      await life.reaches('Verified');
      await life.day(30);
      await life.customerTakesItUnreported();
    },
    end: 'Registered',
    proof: reportedBy('reconcile'),
  },
  signedUpOn(38),
  signedUpOn(60),
];
