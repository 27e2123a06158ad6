import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { needs, readSettings } from '../../settings';
import { variables } from '../../settings/sections';

const root = path.resolve(__dirname, '../..');
const example = parseEnv(readFileSync(path.join(root, '.env.example'), 'utf8')) as Record<string, string>;

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
