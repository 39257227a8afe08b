// Reads two instants. The zone is required: a time without one means another moment on another machine.

import type { Spec } from '../spec.ts';
import { at, isAbsent, isObject, onlyKnown, readText, complain, shown, type Field } from './fields.ts';

export function readTimeRange(field: Field): Spec['time_range'] {
  if (isAbsent(field)) complain(field, 'required', 'is required');
  if (isAbsent(field) || !isObject(field)) return { start: '', end: '' };
  onlyKnown(field, ['start', 'end']);
  const start = readInstant(at(field, 'start'));
  const end = readInstant(at(field, 'end'));
  if (start >= end) complain(field, 'start_not_before_end', `start ${iso(start)} must be before end ${iso(end)}`);
  return { start: iso(start), end: iso(end) };
}

const INSTANT =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3})0*)?)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/** Returns epoch milliseconds; NaN with a problem. */
function readInstant(field: Field): number {
  const text = readText(field);
  if (text === undefined) return NaN;
  const [whole, day, minutes = '00:00', seconds = '00', fraction = '', zone] = INSTANT.exec(text) ?? [];
  const clock = `${day}T${minutes}:${seconds}.${fraction.padEnd(3, '0')}Z`;
  const time = Date.parse(clock);
  // Date.parse takes February 30 for March 1.
  if (whole === undefined || Number.isNaN(time) || iso(time) !== clock) {
    complain(field, 'invalid_time', `must be an instant like 2024-01-31T00:00:00Z, got ${shown(text)}`);
    return NaN;
  }
  if (zone === undefined) {
    complain(field, 'zone_required', `needs a zone, like 2024-01-31T00:00:00Z, got ${shown(text)}`);
    return NaN;
  }
  return time - offset(zone);
}

/** Returns the milliseconds that a zone is ahead of UTC. */
function offset(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function iso(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
