import type { AnyStateNode } from 'xstate';
import { numberChart } from '../../workflows/number/chart';
import { messageNames } from '../../contract/messages';
import { refusals, samples, table } from './message-table';
import { phases } from './phases';

const leaves = (node: AnyStateNode): string[] => {
  const children = Object.values(node.states);
  // Below the region `life`; what a chart leaves at once is no phase.
  if (children.length === 0)
    return (node.always?.length ?? 0) > 0 ? [] : [node.path.join('.').replace('living.life.', '')];
  return children.flatMap(leaves);
};

test('the table has a row for every phase of the chart', () => {
  const { living, ...final } = numberChart.root.states as Record<string, AnyStateNode>;
  const phasesOfChart = [living!.states['life']!, ...Object.values(final)].flatMap(leaves);
  expect(Object.keys(table).sort()).toEqual(phasesOfChart.sort());
  expect(Object.keys(phases).sort()).toEqual(Object.keys(table).sort());
});

describe.each(Object.entries(table))('%s', (phase, row) => {
  test.each(messageNames.map((name, column) => [name, row[column] as keyof typeof refusals] as const))(
    '%s: %s',
    (name, expected) => {
      const walk = phases[phase]!();
      expect(walk.state).toBe(phase);
      const before = walk.now;
      expect(walk.send(name, samples[name])).toBe(refusals[expected]);
      if (refusals[expected] !== null) expect(walk.now).toBe(before);
    },
  );
});
