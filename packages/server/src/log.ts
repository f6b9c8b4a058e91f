import { destination, type Logger, pino } from 'pino';

/** Log as JSON lines on stderr, written at once, with every secret struck out. */
export function createLog(level = 'info'): Logger {
  return pino(
    {
      level,
      base: { name: 'sentinel-server', pid: process.pid },
      redact: {
        paths: [
          'authorization',
          'cookie',
          'token',
          'password',
          'credential',
          'signInUrl',
          '*.authorization',
          '*.cookie',
          '*.token',
          '*.password',
          '*.credential',
          '*.headers',
        ],
        censor: '[redacted]',
      },
    },
    destination({ dest: 2, sync: true }),
  );
}
