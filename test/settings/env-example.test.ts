import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import { needs, readSettings } from '../../settings';
import { variables } from '../../settings/sections';

const root = path.resolve(__dirname, '../..');
const example = parse(readFileSync(path.join(root, '.env.example')));

test('.env.example holds every variable that is read, and no other', () => {
  const ours = Object.keys(example).filter((name) => !name.startsWith('TEMPORAL_'));
  expect(ours.sort()).toEqual([...variables].sort());
});

test('.env.example states the defaults', () => {
  const env = { ...example, GRAPH_ACCESS_TOKEN: 'EAAB', TEMPORAL_CONFIG_FILE: '/nowhere' };
  const bare = { GRAPH_ACCESS_TOKEN: 'EAAB', TEMPORAL_CONFIG_FILE: '/nowhere' };
  for (const names of [needs.worker, needs.codec, needs.simulator, ['gateway']] as const) {
    expect(readSettings(names, env)).toEqual(readSettings(names, bare));
  }
});
