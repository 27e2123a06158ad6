import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '../../settings/logger';

function written(level: 'info' | 'warn', log: (logger: ReturnType<typeof createLogger>) => void): unknown[] {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'log');
  log(createLogger({ log: { level } }, openSync(file, 'w')));
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

test('secrets are hidden wherever a logged object holds them', () => {
  const lines = written('info', (logger) => {
    logger.info(
      { token: 's3cret', graph: { accessToken: 's3cret', baseUrl: 'http://x' }, pin: 's3cret' },
      'hello',
    );
  });
  expect(lines).toEqual([
    expect.objectContaining({
      msg: 'hello',
      token: '[hidden]',
      graph: { accessToken: '[hidden]', baseUrl: 'http://x' },
      pin: '[hidden]',
    }),
  ]);
});

test('LOG_LEVEL says what is worth a line; an error keeps its code', () => {
  const lines = written('warn', (logger) => {
    logger.info('not this');
    logger.warn({ err: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }, 'but this');
  });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 40,
      msg: 'but this',
      err: expect.objectContaining({ code: 'ECONNREFUSED' }) as unknown,
    }),
  ]);
});
