import type { Outcome } from './scenarios/scenario';

export interface Result {
  name: string;
  title: string;
  outcome: Outcome;
}

export const head = [
  '',
  'scenario',
  'lives',
  'what was done',
  'lost',
  'doubled',
  'other faults',
  'updates',
  'messages',
  's',
];

/** A row of the table at the end. */
export function row({ title, outcome }: Result): string[] {
  const { lifecycles, havoc, delivery, acknowledged, unanswered, faults, seconds } = outcome;
  const lost = count(outcome, 'what was acknowledged is in effect');
  const doubled = count(outcome, 'no call is done twice') + count(outcome, 'no message is taken in twice');
  return [
    faults.length === 0 ? '✓' : '✗',
    title,
    String(lifecycles),
    Object.entries(havoc)
      .map(([what, times]) => `${what}: ${times}`)
      .join('\n'),
    String(lost),
    String(doubled),
    String(faults.length - lost - doubled),
    `${acknowledged} answered\n${unanswered} asked again`,
    `${delivery.messages} sent ${delivery.tries} times\n${delivery.acknowledged} acknowledged\n${delivery.turnedAway} turned away`,
    String(Math.round(seconds)),
  ];
}

const count = ({ faults }: Outcome, rule: string) => faults.filter((fault) => fault.rule === rule).length;
