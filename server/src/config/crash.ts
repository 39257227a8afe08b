// Crash points: named places where a test lets this process die, stop or go mad. CRASH_AT=name:nth[:how] means the nth
// time it comes by. Read with ROEHUB_ENV=test only: everywhere else a crash point is nothing.

const inTest = process.env['ROEHUB_ENV'] === 'test';
const [wanted, nth = '1', how = 'SIGKILL'] = inTest ? (process.env['CRASH_AT'] ?? '').split(':') : [];

const DEEDS: Readonly<Record<string, () => unknown>> = {
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  SIGSTOP: () => process.kill(process.pid, 'SIGSTOP'),
  abort: () => process.abort(),
  exit: () => process.exit(0),
  disconnect: () => process.disconnect(),
  loop: () => {
    for (;;);
  },
  memory: () => {
    for (let eaten: object | null = null; ;) eaten = { eaten };
  },
};

let passed = 0;

export function crashPoint(name: string): void {
  if (name !== wanted) return;
  passed += 1;
  if (passed === Number(nth)) DEEDS[how]?.();
}

/** After how long without progress a child counts as stalled; STALL_MS shortens it for a test. */
export const STALL_MS = (inTest && Number(process.env['STALL_MS'])) || 120_000;
