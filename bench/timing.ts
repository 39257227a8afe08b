// Measuring in rounds: what is compared takes turns within each round, so that a machine that slows down slows both. The
// first round warms caches and compilers and does not count. Works for one core are timed by the CPU their thread used,
// which other programs on the machine disturb far less than the clock on the wall.

/** Does the work once and answers the seconds it took, by the clock that fits it. */
export type Timed = () => number | Promise<number>;

const BUDGET_SECONDS = 20;
const MOST_ROUNDS = 15;

/** Seconds of each counted round, by work. At least two rounds count, more while they are cheap. */
export async function rounds(...works: readonly Timed[]): Promise<readonly (readonly number[])[]> {
  const taken = works.map((): number[] => []);
  const began = performance.now();
  for (let round = -1; round < MOST_ROUNDS; round += 1) {
    for (const [at, work] of works.entries()) {
      const seconds = await work();
      if (round >= 0) taken[at].push(seconds);
    }
    if (round >= 1 && (performance.now() - began) / 1000 > BUDGET_SECONDS) break;
  }
  return taken;
}

export function cpu(work: () => void): number {
  const before = cpuSeconds();
  work();
  return cpuSeconds() - before;
}

export async function wall(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Of two works that took turns: the median over the rounds of a / b. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((seconds, round) => seconds / b[round]));
}

function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
