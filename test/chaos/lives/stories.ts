import type { AddOptions } from '../../../client';
import type { NumberState } from '../../../contract/number-record';
import type { Life } from './life';

/** Graph calls that change something at Meta, as the simulator's log names them. */
export type Deed =
  | 'add_phone_numbers'
  | 'verify_code'
  | 'create_phone_number'
  | 'register'
  | 'share_preverified_numbers'
  | 'unshare_preverified_numbers'
  | 'delete_preverified_number';

/**
 * A number's part: what happens to it, and the plain model of what must have come of it, whatever broke on the way. Deeds
 * that are not named must not have been done.
 */
export interface Story {
  options: AddOptions;
  play: (life: Life) => Promise<void>;
  end: NumberState;
  /** How often each deed was done at Meta. */
  deeds: Partial<Record<Deed, number>>;
  /** Takes minutes, for it waits for the policy's periods. */
  long?: true;
  /** Comes to its end only where somebody does the rest: never by chance. */
  apart?: true;
}

const byHand = (automation: AddOptions['automation']): AddOptions => ({ automation: automation ?? {} });
const once = { add_phone_numbers: 1, verify_code: 1 } as const;

/** Everything up to a verified number. */
const verified = (life: Life, options: AddOptions = {}) =>
  life.step('add', async () => {
    await life.add(options);
    await life.verified();
  });

const taken = (life: Life) =>
  life.step('taken', async () => {
    const phoneNumberId = await life.customerPicks();
    await life.send('claim', { wabaId: life.wabaId, phoneNumberId, source: 'signup' });
    await life.registered();
  });

export const stories = {
  registered: {
    options: {},
    async play(life) {
      await verified(life);
      await taken(life);
    },
    end: 'Registered',
    deeds: { ...once, register: 1 },
  },

  'claim that only Meta reports': {
    options: {},
    async play(life) {
      await verified(life);
      await life.customerPicks();
      await life.metaReports();
      await life.registered();
    },
    end: 'Registered',
    deeds: { ...once, register: 1 },
  },

  'claim that nobody reports': {
    options: {},
    async play(life) {
      await verified(life);
      await life.customerPicks();
      await life.step('reconcile', () => life.registered());
    },
    end: 'Registered',
    deeds: { ...once, register: 1 },
    apart: true,
  },

  shared: {
    options: {},
    async play(life) {
      const [first, second] = life.partners;
      await verified(life);
      await life.step('share', async () => {
        await Promise.all(
          [first, second].map((partnerBusinessId) => life.send('share', { partnerBusinessId })),
        );
      });
      await life.step('unshare', () => life.send('unshare', { partnerBusinessId: first }));
      await taken(life);
    },
    end: 'Registered',
    deeds: { ...once, register: 1, share_preverified_numbers: 2, unshare_preverified_numbers: 1 },
  },

  'two customers at once': {
    options: {},
    async play(life) {
      await verified(life);
      const [one, other] = life.customers;
      const held = await Promise.all(
        life.customers.map((customerId) => life.send('reserve', { customerId, ttl: '1 hour' })),
      );
      const [winner, wabaId] = held[0] ? [one, life.wabaId] : [other, life.otherWabaId];
      await life.step('claimFor', async () => {
        await Promise.all([
          life.send('claimFor', { wabaId, verifiedName: 'Lucky Shrub', customerId: winner }),
          life.send('claimFor', {
            wabaId: wabaId === life.wabaId ? life.otherWabaId : life.wabaId,
            verifiedName: 'Wind & Wool',
            customerId: winner === one ? other : one,
          }),
        ]);
        await life.registered();
      });
    },
    end: 'Registered',
    deeds: { ...once, create_phone_number: 1, register: 1 },
  },

  removed: {
    options: {},
    async play(life) {
      await verified(life);
      const [partnerBusinessId] = life.partners;
      await life.send('share', { partnerBusinessId });
      await life.step('remove', async () => {
        await life.send('remove', { reason: 'chaos' });
        await life.until(({ state }) => state === 'Removed');
      });
    },
    end: 'Removed',
    deeds: {
      ...once,
      share_preverified_numbers: 1,
      unshare_preverified_numbers: 1,
      delete_preverified_number: 1,
    },
  },

  'left alone': {
    options: { ...byHand({ requestCode: false }), policy: { removeUnverifiedAfter: '10 days' } },
    async play(life) {
      await life.add(this.options);
      await life.until(({ state }) => state === 'Removed');
    },
    end: 'Removed',
    deeds: { add_phone_numbers: 1 },
  },

  renewed: {
    options: byHand({ reverify: false }),
    async play(life) {
      await verified(life, this.options);
      const { verificationExpiresAt } = await life.until(({ phase }) => phase === 'renewable');
      await life.step('renew', async () => {
        await life.send('requestCode', {});
        await life.verified(
          (now) => now.state === 'Verified' && now.verificationExpiresAt !== verificationExpiresAt,
        );
      });
      await taken(life);
    },
    end: 'Registered',
    deeds: { add_phone_numbers: 1, verify_code: 2, register: 1 },
    long: true,
  },

  lapsed: {
    options: byHand({ reverify: false }),
    async play(life) {
      await verified(life, this.options);
      await life.until(({ state }) => state === 'Unverified');
      await life.step('verify again', () => life.verified());
      await taken(life);
    },
    end: 'Registered',
    deeds: { add_phone_numbers: 1, verify_code: 2, register: 1 },
    long: true,
  },

  'claim lapsed': {
    options: byHand({ register: false }),
    async play(life) {
      await verified(life, this.options);
      const phoneNumberId = await life.customerPicks();
      await life.send('claim', { wabaId: life.wabaId, phoneNumberId, source: 'signup' });
      await life.until(({ phase }) => phase === 'lapsed');
      await life.step('verify the phone', () => life.verified(({ phase }) => phase === 'verified'));
      await life.step('register', async () => {
        await life.send('register', {});
        await life.until(({ state }) => state === 'Registered');
      });
    },
    end: 'Registered',
    deeds: { add_phone_numbers: 1, verify_code: 2, register: 1 },
    long: true,
  },
} satisfies Record<string, Story>;

export type StoryName = keyof typeof stories;

export const storyOf = (name: StoryName): Story => stories[name];
