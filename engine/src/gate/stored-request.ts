// Writes and reads the request that a job stores. A field that came later is completed with the value that means what the
// engine did before there was the field, so that a job goes on as it was submitted; its hash is stored beside it and stays.

import { inOrder } from '../grid/variant.ts';
import { requestJson, type Spec } from '../spec.ts';

/** A request as some version stored it, with the name and priority that are kept outside of it. */
export type StoredRequest = Readonly<Record<string, unknown>> & {
  readonly spec_version?: number;
  /** Names of the parameters in the order of the user, which a database may not keep. */
  readonly params_order?: readonly string[];
};

type Upgrade = (request: StoredRequest) => StoredRequest;

/** Upgrades from each version to the next; a request without a version has version 0. */
const UPGRADES: readonly Upgrade[] = [
  // The first requests of 0.1.0 had no validation. Their warm-up is the number that they store.
  (request) => ({ validation: null, ...request, ...annualizedByDays(request) }),
  // Then there was no luck test. What is left out where there is none came later, too: the plateau of a ranking, and the
  // day of a market, which without one is the UTC day.
  (request) => ({ luck: { permutations: 0, variants: 0 }, ...request }),
];

/** `hv` without a number annualised by 365, in markets of another number of periods too. */
function annualizedByDays({ template, runtime }: StoredRequest): Partial<StoredRequest> {
  if (!isMembers(template) || !isMembers(runtime)) return {};
  const { rules } = template;
  if (rules === undefined || runtime['periods_per_year'] === 365) return {};
  return { runtime: { ...runtime, annualization: 365 } };
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Version of the requests that this program stores. */
const SPEC_VERSION = UPGRADES.length;

/** Returns what a job stores of a spec: its request and the version of it. */
export function storedRequest(spec: Spec): StoredRequest {
  const { template } = spec;
  const order = 'rules' in template ? { params_order: Object.keys(template.params) } : {};
  return { spec_version: SPEC_VERSION, ...order, ...requestJson(spec) };
}

/**
 * Returns the spec of a stored request, complete as a spec of today.
 * @throws {RangeError} when a newer version stored it: this one cannot know what its fields mean.
 */
export function specFromRequest(stored: StoredRequest): Spec {
  const { spec_version = 0, params_order, ...request } = stored;
  if (spec_version > SPEC_VERSION) {
    const rule = `this program reads versions up to ${SPEC_VERSION}`;
    throw new RangeError(
      `the request has spec_version ${spec_version}, and ${rule}: run it with the program that stored it`,
    );
  }
  const complete = UPGRADES.slice(spec_version).reduce<StoredRequest>((older, upgrade) => upgrade(older), request);
  const spec = complete as unknown as Spec;
  if (params_order === undefined || !('rules' in spec.template)) return spec;
  return { ...spec, template: { ...spec.template, params: inOrder(spec.template.params, params_order) } };
}
