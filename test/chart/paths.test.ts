import { getAdjacencyMap } from 'xstate/graph';
import { numberChart } from '../../workflows/number/chart';
import { Arrows } from './arrows';
import { besides, inLife } from './happenings';
import { numberGraph, serializeState } from './number-graph';

const byHand = { requestCode: false, reverify: false, register: false };

const lives = [
  { automation: byHand, happenings: inLife },
  { automation: {}, happenings: inLife },
  { automation: byHand, happenings: besides },
];

test('every arrow of the chart can be taken: the latest version has none that is dead', () => {
  const arrows = new Arrows(numberChart);
  for (const { automation, happenings } of lives) {
    getAdjacencyMap(numberGraph(numberChart, { automation }), {
      events: ({ now, at }) => happenings(now, at),
      serializeState,
      // Three times as many as there are: a fact that grows without end in it is found out.
      limit: 60_000,
    });
  }
  expect(arrows.neverTaken).toEqual([]);
}, 300_000);
