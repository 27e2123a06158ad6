import { buildSignupConfig, deprecationOf } from '../../client/signup/signup-config';
import { signup, type Records } from '../../client/signup/signup';
import type { NumberPool } from '../../client';
import type { NumberRecord } from '../../contract/number-record';
import { PreverifiedId } from '../../contract/ids';
import * as v from 'valibot';
import { Laptop, waba } from './laptop';

const ids = ['106540352242922', '105954558954427'].map((id) => v.parse(PreverifiedId, id));

describe('the configuration has the shape that each version takes', () => {
  const business = { name: 'Acme Inc.', email: 'johndoe@acme.com' };
  const phone = { displayName: 'Acme Inc.', category: 'ENTERTAIN' };

  test("Meta's document", () => {
    expect(buildSignupConfig(ids, { version: 'document', business, phone })).toEqual({
      scope: 'business_management,whatsapp_business_management',
      extras: {
        feature: 'whatsapp_embedded_signup',
        version: 2,
        setup: { business, phone, preVerifiedPhone: { ids: ['106540352242922', '105954558954427'] } },
      },
    });
  });

  test('v2 with a login configuration', () => {
    const whatsAppBusinessAccount = { ids: ['1'] };
    expect(
      buildSignupConfig(ids, { version: 'v2', configId: '99', business, whatsAppBusinessAccount }),
    ).toEqual({
      config_id: '99',
      response_type: 'code',
      override_default_response_type: true,
      extras: {
        setup: { business, preVerifiedPhone: { ids }, whatsAppBusinessAccount },
        featureType: '',
        sessionInfoVersion: '3',
      },
    });
  });

  describe("v4 with a login configuration, as Meta's builder emits it", () => {
    const login = { config_id: '99', response_type: 'code', override_default_response_type: true };

    test.each([{ version: 'v4' as const, configId: '99' }, { configId: '99' }])(
      'by default: %j',
      (options) => {
        expect(buildSignupConfig(ids, options)).toEqual({
          ...login,
          extras: { version: 'v4', setup: { preVerifiedPhone: { ids } }, featureType: '' },
        });
      },
    );

    test('with forms filled, a feature, and no pre-verified numbers', () => {
      const featureType = 'whatsapp_business_app_onboarding';
      const options = { configId: '99', business, phone, featureType, preVerifiedPhone: false };
      expect(buildSignupConfig(ids, options)).toEqual({
        ...login,
        extras: { version: 'v4', setup: { business, phone }, featureType },
      });
    });
  });

  test.each([
    [undefined, null],
    ['v4', null],
    ['v2', expect.stringMatching(/deprecated .* 15 October 2026: use v4/)],
    ['document', expect.stringMatching(/deprecated .* 15 October 2026: use v4/)],
  ] as const)('a notice says which version Meta has deprecated: %s', (version, notice) => {
    expect(deprecationOf(version)).toEqual(notice);
  });
});

/** As long as a phone number of Korea's may be. */
const likeANumber = '822306653895116';

test('a pre-verified ID that could be a phone number is read as the ID that it is', async () => {
  const record = {
    phoneNumber: '15550500001',
    preverifiedId: likeANumber,
    state: 'Verified',
    reportedClaims: [] as unknown[],
    reservation: { customerId: 'c1' },
  } as NumberRecord;
  const reserved: unknown[] = [];
  const pool: Records = {
    get: (number) => Promise.resolve(number === record.phoneNumber ? record : null),
    unclaimed: async function* () {
      yield await Promise.resolve(record.phoneNumber);
    },
    reserveOne: ({ among }) => {
      reserved.push(among);
      return Promise.resolve(record);
    },
  };
  const options = { version: 'v2', configId: '99', includeUnverified: true, customerId: 'c1' } as const;
  const { offered } = await signup(pool, [likeANumber, record.phoneNumber, '+1 555 050 0001'], options);
  expect(reserved).toEqual([Array(3).fill(record.phoneNumber)]);
  expect(offered).toEqual([{ phoneNumber: record.phoneNumber, preverifiedId: likeANumber }]);
});

describe('of the numbers that are named', () => {
  let laptop: Laptop;
  let pool: NumberPool;
  const verified = ['15550500001', '15550500002', '15550500003', '15550500004'];
  const quiet = { automation: { requestCode: false, reverify: false, register: false } };
  beforeAll(async () => {
    laptop = await Laptop.start();
    pool = laptop.pool();
    for (const number of [...verified, '15550500005']) {
      await pool.add(number, quiet);
      await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
    }
    for (const number of verified) {
      await pool.requestCode(number);
      await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
    }
    const { preverifiedId } = await pool.get('15550500003');
    await laptop.sim.claim(preverifiedId!, waba);
    await pool.claim('15550500003', { wabaId: waba, source: 'test' });
    await pool.reserve('15550500004', { customerId: 'c1' });
  });
  afterAll(() => laptop.close());

  const v2 = { version: 'v2', configId: '99' } as const;
  const idOf = async (number: string) => (await pool.get(number)).preverifiedId;

  test('only verified, unclaimed and unreserved ones are offered, and for each other it is said why not', async () => {
    const named = ['+1 555 050 0001', ...verified.slice(1), '15550500005', '15559999999', likeANumber];
    const { config, offered, leftOut, notice } = await pool.signupConfig(named, v2);
    expect(notice).toMatch(/deprecated/);
    expect(offered.map(({ phoneNumber }) => phoneNumber)).toEqual(['15550500001', '15550500002']);
    const ids = [await idOf('15550500001'), await idOf('15550500002')];
    expect(config).toMatchObject({ extras: { setup: { preVerifiedPhone: { ids } } } });
    expect(leftOut).toEqual([
      { number: '15550500003', reason: `claimed by WABA ${waba}: Meta has replaced its pre-verified ID` },
      { number: '15550500004', reason: expect.stringMatching(/^reserved for another customer until /) },
      { number: '15550500005', reason: 'not verified: it is Added' },
      ...['15559999999', likeANumber].map((number) => ({
        number,
        reason: 'not in the pool, neither as a number nor as a pre-verified ID',
      })),
    ]);
  });

  test('a reserved one is offered to its holder', async () => {
    const { offered } = await pool.signupConfig(['15550500004'], { ...v2, customerId: 'c1' });
    expect(offered).toEqual([{ phoneNumber: '15550500004', preverifiedId: await idOf('15550500004') }]);
  });

  test('unverified ones are offered when they are asked for', async () => {
    const { offered } = await pool.signupConfig(['15550500005'], { ...v2, includeUnverified: true });
    expect(offered).toEqual([{ phoneNumber: '15550500005', preverifiedId: await idOf('15550500005') }]);
  });

  test('a number can be named by its pre-verified ID', async () => {
    const id = (await idOf('15550500002'))!;
    // Search is a moment behind, and by ID it is searched for.
    const { offered } = await pool.signupConfig(['15550500001', id], v2);
    expect(offered.map(({ phoneNumber }) => phoneNumber)).toEqual(['15550500001', '15550500002']);
  });

  test('a configuration that would offer none is refused with the reasons', async () => {
    await expect(pool.signupConfig(['15550500005'], v2)).rejects.toMatchObject({
      type: 'WrongState',
      message: 'No number can be offered: 15550500005 is not verified: it is Added.',
    });
    await expect(pool.signupConfig([], v2)).rejects.toMatchObject({
      message: expect.stringMatching(/none was named/),
    });
  });
});
