import type { PhoneNumberId } from '../../contract/ids';
import { ScriptedGraph } from './scripted-graph';

async function pinSet(fields: object) {
  await using graph = await ScriptedGraph.start({ json: { success: true, ...fields } });
  return (await graph.client().registerPhoneNumber('1' as PhoneNumberId, '424242', null)).pinSet;
}

test.each([
  {},
  { pin_reset: true },
  { pinReset: 'true' },
  { pin_not_reset: false },
  { pin_unchanged: 0 },
  { message: 'The PIN was reset.' },
  { message: 'The number was not registered before.' },
  { pin_status: 'SET' },
  { details: { is_pin_set: true } },
])('%j: the PIN is the one that was sent', async (fields) => {
  expect(await pinSet(fields)).toBe(true);
});

test.each([
  { pin_reset: false },
  { pin_was_reset: 'false' },
  { pinReset: 0 },
  { pin_not_reset: true },
  { pin_unchanged: '1' },
  { pin_status: 'NOT_RESET' },
  { pin: 'unchanged' },
  { message: 'The number is registered already. Its PIN was not reset.' },
  { warning: "The two-step PIN wasn't changed" },
  { details: { pin_updated: false } },
  { warnings: [{ message: 'Existing PIN kept' }] },
])('%j: the number keeps the PIN that it has', async (fields) => {
  expect(await pinSet(fields)).toBe(false);
});
