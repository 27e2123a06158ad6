import { benchTimeout, shortRun } from './bench';

interface Figures {
  measured: { database: string; lives: number; bytesEach: number; appendedPerSecond: number }[];
}

interface CatchUp {
  made: number;
  caught: { database: string; writerRuns: number; longestHistory: number; told: string[] }[];
}

test(
  'the records bench: lives are kept, verified and asked for on both databases, and none takes more room with more of them',
  async () => {
    const { measured } = await shortRun<Figures>('records');
    expect(measured.map(({ database, lives }) => [database, lives])).toEqual([
      ['SQLite', 100],
      ['SQLite', 200],
      ['PostgreSQL', 100],
      ['PostgreSQL', 200],
    ]);
    for (const { bytesEach } of measured) {
      expect(bytesEach).toBeGreaterThan(5_000);
      expect(bytesEach).toBeLessThan(50_000);
    }
  },
  benchTimeout,
);

test(
  'the catch-up bench: records find every run that had closed before they began, and tell how far they are',
  async () => {
    const { made, caught } = await shortRun<CatchUp>('catch-up');
    expect(made).toBe(250);
    expect(caught.map(({ database }) => database)).toEqual(['SQLite', 'PostgreSQL']);
    // Three events before, six for each page of a hundred runs, and the end.
    for (const { longestHistory } of caught) expect(longestHistory).toBeLessThan(40);
  },
  benchTimeout,
);
