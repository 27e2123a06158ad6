import type { Fact } from '../../../audit/recorded';
import { REGISTRATIONS, scaled } from '../../../contract/policy';
import { storyOf, type Deed } from '../lives/stories';
import type { LoggedCall } from '../../../simulator/client';
import type { Evidence } from './evidence';

/** What a rule found wrong with a life; nothing where it holds. */
export type Rule = (evidence: Evidence) => string[];

const DAY = 24 * 60 * 60 * 1000;
const done = ({ calls }: Evidence, call: string) =>
  calls.filter((one) => one.call === call && one.status === 200);
const facts = <Kind extends Fact['kind']>({ history }: Evidence, kind: Kind) =>
  history.filter(
    (one): one is typeof one & { event: Extract<Fact, { kind: Kind }> } => one.event.kind === kind,
  );

export const ending = {
  'every lifecycle ends where its story says'({ broken, record, story }) {
    const { end } = storyOf(story);
    if (!record) return [`it is lost: Temporal does not know it (${String(broken)})`];
    const where = `${record.state} (${record.phase}${record.problem ? `, ${record.problem.message}` : ''})`;
    if (broken !== null) return [`it is ${where}: ${broken}`];
    return record.state === end ? [] : [`it is ${where}, not ${end}`];
  },
} satisfies Record<string, Rule>;

/** The judge's rules: a plain model of what must hold, whatever was killed, stopped, repeated or late. */
export const rules = {
  ...ending,

  'what was acknowledged is in effect': (evidence) => [
    ...evidence.acknowledged.flatMap((one) => {
      const missing = missingOf(evidence, one);
      return missing === null ? [] : [`${one.name} was acknowledged, yet ${missing}`];
    }),
    ...[...evidence.messages].flatMap((sid) =>
      received(evidence, sid) === 0 ? [`message ${sid} was acknowledged and is not in the history`] : [],
    ),
  ],

  'no call is done twice'(evidence) {
    const { deeds } = storyOf(evidence.story);
    const counted = Object.entries(activities).flatMap(([call, activity]) => {
      const times = done(evidence, call).length;
      const asked = facts(evidence, 'callScheduled').filter(
        ({ event }) => event.activity === activity,
      ).length;
      return times > asked ? [`${call} was done ${times} times, and asked for ${asked} times`] : [];
    });
    const planned = deedNames.flatMap((deed) => {
      const times = done(evidence, deed).length;
      const plan = deeds[deed] ?? 0;
      // A number that lapsed while all was down has been verified once more.
      const right = deed === 'verify_code' ? times >= plan : times === plan;
      return right ? [] : [`${deed} was done ${times} times, not ${plan}`];
    });
    return [...counted, ...planned];
  },

  'no message is taken in twice': (evidence) =>
    [...evidence.messages].flatMap((sid) => {
      const times = received(evidence, sid);
      return times > 1 ? [`message ${sid} is ${times} times in the history`] : [];
    }),

  'no number is in two hands'(evidence) {
    const { life, atMeta, record } = evidence;
    const places = atMeta.filter(({ place }) => place === 'pool' || place === 'waba');
    const [here] = places;
    const holders = new Set(
      evidence.acknowledged.flatMap(({ name, payload }) =>
        name === 'reserve' || name === 'claimFor' ? [(payload as { customerId?: string }).customerId] : [],
      ),
    );
    return [
      ...(places.length > 1 ? [`Meta has it at ${places.length} places`] : []),
      ...(holders.size > 1 ? [`customers ${[...holders].join(' and ')} were both given it`] : []),
      ...(record?.claim && record.claim.wabaId !== here?.phone?.wabaId
        ? [`it is said to be on WABA ${record.claim.wabaId}, and is on ${String(here?.phone?.wabaId)}`]
        : []),
      ...(record?.claim?.customerId && !life.customers.includes(record.claim.customerId)
        ? [`it went to a stranger, ${record.claim.customerId}`]
        : []),
    ];
  },

  'no timer is early'(evidence) {
    const { record, history, atMeta, policyDay, calls } = evidence;
    const times = new Map(history.map(({ id, at }) => [id, at]));
    const durations = new Map(facts(evidence, 'timerStarted').map(({ id, event }) => [id, event.duration]));
    const early = facts(evidence, 'timerFired').flatMap(({ at, event: { timer } }) => {
      const span = at - (times.get(timer) ?? 0);
      return span + 1 < (durations.get(timer) ?? 0)
        ? [`a timer of ${durations.get(timer)} ms fired after ${span} ms`]
        : [];
    });
    const deadlines = (record?.transitions ?? []).flatMap(({ at, to, event }) => {
      if (event !== 'deadline') return [];
      const from =
        to === 'Removed'
          ? Date.parse(atMeta[0]?.addedAt ?? '') + removalSpan(evidence)
          : to === 'Unverified'
            ? lastVerified(calls, at) + 90 * policyDay
            : -Infinity;
      return Date.parse(at) < from ? [`${to} at ${at}, not before ${new Date(from).toISOString()}`] : [];
    });
    const tooEarly = calls.filter(
      ({ errorCode, errorSubcode }) => errorCode === 136024 && errorSubcode === null,
    );
    return [...early, ...deadlines, ...tooEarly.map(({ at }) => `a code was asked for too early, at ${at}`)];
  },

  'no registration goes beyond the budget'({ calls }) {
    const tries = calls.filter(({ call, status }) => call === 'register' && status !== null);
    const refused = tries.filter(({ errorCode }) => errorCode === 133016);
    return tries.length > REGISTRATIONS || refused.length > 0
      ? [`${tries.length} registrations were tried`]
      : [];
  },

  'every history can be replayed': ({ unreplayable }) => (unreplayable === null ? [] : [unreplayable]),

  'nothing is in an impossible state'({ record, atMeta, disagreement }) {
    const [number] = atMeta.slice(-1);
    const registered = number?.phone?.registered === true;
    return [
      ...(disagreement === null ? [] : [`its history does not agree with the chart: ${disagreement}`]),
      ...(record && (record.state === 'Registered') !== registered
        ? [`it is ${record.state} here, and ${registered ? '' : 'not '}registered at Meta`]
        : []),
      ...(record?.state === 'Removed' && number?.place === 'waba'
        ? ['it is Removed here, and on a WABA at Meta']
        : []),
    ];
  },
} satisfies Record<string, Rule>;

/** The activity that does each deed, where one activity alone does it. */
const activities = {
  add_phone_numbers: 'addNumber',
  request_code: 'requestCode',
  verify_code: 'verifyCode',
  create_phone_number: 'claimNumber',
  register: 'registerNumber',
  share_preverified_numbers: 'shareNumber',
  delete_preverified_number: 'removeNumber',
} as const;

const deedNames: readonly Deed[] = [
  'add_phone_numbers',
  'verify_code',
  'create_phone_number',
  'register',
  'share_preverified_numbers',
  'unshare_preverified_numbers',
  'delete_preverified_number',
];

/** What an acknowledged update should have brought about and did not; `null` where it did. */
function missingOf(evidence: Evidence, { name, payload }: Evidence['acknowledged'][number]): string | null {
  const { record, atMeta } = evidence;
  const asked = payload as { partnerBusinessId?: string; wabaId?: string; customerId?: string };
  switch (name) {
    case 'requestCode':
      return done(evidence, 'request_code').length > 0 ? null : 'no code was requested';
    case 'share':
    case 'unshare': {
      const calls = done(evidence, `${name}_preverified_numbers`);
      const one = calls.some(({ params }) => params['partner_business_id'] === asked.partnerBusinessId);
      return one ? null : `Meta was not asked for ${String(asked.partnerBusinessId)}`;
    }
    case 'reserve':
      return record?.claim?.customerId === asked.customerId ? null : 'the number went to somebody else';
    case 'claim':
    case 'claimFor':
      return atMeta.some(({ phone }) => phone?.wabaId === asked.wabaId) ? null : 'the WABA does not have it';
    case 'register':
      return record?.state === 'Registered' ? null : `it is ${String(record?.state)}`;
    case 'remove':
      return atMeta.some(({ place }) => place === 'deleted') ? null : 'Meta still has it in the pool';
    default:
      return record ? null : 'Temporal does not know the number';
  }
}

/** How often a message of this ID stands in the history. */
function received(evidence: Evidence, sid: string): number {
  return facts(evidence, 'signal').filter(({ event }) =>
    String((event.payload as { by?: unknown } | null)?.by).endsWith(` ${sid}`),
  ).length;
}

const removalSpan = ({ story, policyDay }: Evidence) =>
  storyOf(story).options.policy?.removeUnverifiedAfter === '10 days'
    ? scaled(
        { removeUnverifiedAfter: 10 * DAY, verifiedFor: 1, reverifyWindow: 1, registerWithin: 1 },
        policyDay,
      ).removeUnverifiedAfter
    : 90 * policyDay;

/** When Meta last took a code before a moment, on whole seconds as Meta counts. */
function lastVerified(calls: readonly LoggedCall[], before: string): number {
  const verified = calls.filter(
    ({ call, status, at }) => call === 'verify_code' && status === 200 && at < before,
  );
  return Math.floor(Date.parse(verified.at(-1)?.at ?? '') / 1000) * 1000;
}
