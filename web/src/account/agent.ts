// The program of a session in words: what it calls itself is long and says little.

const PROGRAMS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iOS'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** Names a program by its user agent. */
export function agentWords(agent: string | null): string {
  if (agent === null || agent === '') return 'a program that does not say its name';
  const find = (known: typeof PROGRAMS | typeof SYSTEMS) => known.find(([mark]) => agent.includes(mark))?.[1];
  const program = find(PROGRAMS) ?? agent.split(' ', 1)[0] ?? agent;
  const system = find(SYSTEMS);
  return system === undefined ? program : `${program} on ${system}`;
}
