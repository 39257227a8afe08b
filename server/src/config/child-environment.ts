// The environment of a child process that computes: a list of what it needs, and no DSN or password. Candles come from
// settings that are sent, and such a child never talks to the queue.

// Where programs, time zones and temporary files are, how Node runs, and what tests set.
const NEEDED =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|TZ|LANG|LC_[A-Z]+|SSL_CERT_FILE|SSL_CERT_DIR|NODE_OPTIONS|NODE_COMPILE_CACHE|NODE_EXTRA_CA_CERTS|UV_THREADPOOL_SIZE|LD_LIBRARY_PATH|LD_PRELOAD|MALLOC_[A-Z_]+|SYSTEMROOT|ROEHUB_ENV|BACKTEST_HOME|CRASH_AT|STALL_MS)$/i;

export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.test(name)));
}
