import { isatty } from 'node:tty';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from '.';

export type { Logger };

/**
 * Where secrets would stand if one ever got into a logged object, at its top or one level down. Not `code`: that is where
 * errors say which they are.
 */
const secrets = [
  'accessToken',
  'appSecret',
  'verifyToken',
  'apiKey',
  'token',
  'authorization',
  'pin',
  'keys',
];

/**
 * The logger of a command: for people on a terminal, JSON lines elsewhere. It writes to standard error, since standard
 * output belongs to what the command answers.
 */
export function createLogger({ log }: Settings<'log'>, fd = 2): Logger {
  const options = {
    level: log.level,
    base: null,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return isatty(fd)
    ? pino(options, pretty({ destination: fd, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss' }))
    : pino(options, pino.destination({ dest: fd, sync: true }));
}
