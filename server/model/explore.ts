// Breadth-first search over every state a system can reach. Breadth-first, so that the first broken rule comes with one
// of its shortest traces. Two kinds of rule: one that a single step breaks, and "from here it can still complete", which
// needs the whole graph and is judged backwards from the states that are done.

export interface Step<S> {
  readonly label: string;
  readonly next: S;
  /** Something the world does to us. What can complete must be able to do so without any. */
  readonly fault: boolean;
}

export interface System<S, T extends Step<S> = Step<S>, R extends string = string> {
  readonly start: S;
  readonly steps: (state: S) => readonly T[];
  /** The rule that this step breaks. */
  readonly broken: (before: S, step: T) => R | null;
  /** States with one key are the same to the search. */
  readonly key: (state: S) => string;
  readonly done: (state: S) => boolean;
  /** The name of the rule that every state can still become done. */
  readonly completes: R;
}

export interface Visit<S> {
  readonly label: string;
  readonly state: S;
}

export interface Counterexample<S, R extends string = string> {
  readonly rule: R;
  /** From the start state, which has no label, to the state that breaks the rule. */
  readonly trace: readonly Visit<S>[];
}

export interface Exploration<S, R extends string = string> {
  readonly states: number;
  readonly broken: Counterexample<S, R> | null;
}

/** A system that outgrows this is wrong, or its bounds are. */
const MAX_STATES = 2_000_000;

export function explore<S, T extends Step<S>, R extends string>(
  system: System<S, T, R>,
  maxStates: number = MAX_STATES,
): Exploration<S, R> {
  const graph = new Graph<S>(system.start, system.key);
  for (let at = 0; at < graph.states.length; at += 1) {
    const before = graph.states[at]!;
    for (const step of system.steps(before)) {
      const rule = system.broken(before, step);
      if (rule !== null) {
        const trace = [...graph.trace(at), { label: step.label, state: step.next }];
        return { states: graph.states.length, broken: { rule, trace } };
      }
      graph.add(at, step);
      if (graph.states.length > maxStates) throw new Error(`more than ${maxStates} states: bound the system`);
    }
  }
  const stuck = graph.firstThatCannotReach(system.done);
  const broken = stuck === -1 ? null : { rule: system.completes, trace: graph.trace(stuck) };
  return { states: graph.states.length, broken };
}

class Graph<S> {
  readonly states: S[] = [];
  #parents: number[] = [];
  #labels: string[] = [];
  #seen = new Map<string, number>();
  /** Steps that are no fault, as pairs of places: what is left of the system when the world behaves. */
  #from: number[] = [];
  #to: number[] = [];

  #key: (state: S) => string;

  constructor(start: S, key: (state: S) => string) {
    this.#key = key;
    this.#place(start, -1, '');
  }

  add(from: number, { label, next, fault }: Step<S>): void {
    const to = this.#place(next, from, label);
    if (fault || to === from) return;
    this.#from.push(from);
    this.#to.push(to);
  }

  trace(at: number): Visit<S>[] {
    const visits: Visit<S>[] = [];
    for (let place = at; place !== -1; place = this.#parents[place]!) {
      visits.push({ label: this.#labels[place]!, state: this.states[place]! });
    }
    return visits.reverse();
  }

  /** In the order of discovery, so the nearest to the start; -1: all can. */
  firstThatCannotReach(done: (state: S) => boolean): number {
    const before = this.#predecessors();
    const can = this.states.map(done);
    const open = can.flatMap((yes, place) => (yes ? [place] : []));
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const earlier of before[place]!) {
        if (can[earlier]) continue;
        can[earlier] = true;
        open.push(earlier);
      }
    }
    return can.indexOf(false);
  }

  #predecessors(): number[][] {
    const before: number[][] = this.states.map(() => []);
    for (const [edge, to] of this.#to.entries()) before[to]!.push(this.#from[edge]!);
    return before;
  }

  #place(state: S, parent: number, label: string): number {
    const key = this.#key(state);
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const place = this.states.length;
    this.#seen.set(key, place);
    this.states.push(state);
    this.#parents.push(parent);
    this.#labels.push(label);
    return place;
  }
}
