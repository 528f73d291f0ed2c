import type { RawBuilder } from 'kysely';
import type { Db, OpenScope } from '../scope.ts';
import { share } from '../share.ts';
import type { Window } from '../window.ts';

/**
 * What a statistic is asked for. `until` is where the window ends for whatever takes time to happen: `to`, or the
 * moment up to which the log is known, where that is earlier.
 */
export type Asked<S = OpenScope> = { readonly scope: S; readonly window: Window; readonly until: Date };

/** One part of a figure that has parts. */
export type Cell = {
  readonly key: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Withheld, because it is about too few people. */
  readonly suppressed?: true;
};

/** A point of a survival curve: the share still waiting after `at` seconds, and how many had waited that long. */
export type CurvePoint = { readonly at: number; readonly survival: number; readonly atRisk: number };

/** A computed figure. A plain figure has a value, a rate its numerator and denominator too, a curve median and p90. */
export type Computed = {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly curve: readonly CurvePoint[];
  readonly cells: readonly Cell[];
  /** Withheld, because it is about too few people. */
  readonly suppressed?: true;
};

/** What was counted: the place of an event in the log, and the stream that it stands in. */
export type Counted = { readonly position: bigint; readonly stream: string };

/** A figure by its definition: what it means in words, how it is computed, and which events it counts. */
export type Statistic = {
  readonly key: string;
  /** Raised whenever the definition changes: two versions are never compared. */
  readonly version: number;
  readonly definition: string;
  readonly compute: (db: Db, asked: Asked) => Promise<Computed>;
  /** A query of `position` and `stream`: one event for each thing in the numerator, or in a plain count's value. */
  readonly counted: (db: Db, asked: Asked) => RawBuilder<Counted>;
};

const NONE = { value: null, numerator: null, denominator: null, median: null, p90: null, curve: [], cells: [] };

export const figure = (value: number | null, parts: Partial<Computed> = {}): Computed => ({ ...NONE, value, ...parts });

/** Numerator ÷ denominator, null when there is nothing to divide by. */
export const rate = (numerator: number, denominator: number, parts: Partial<Computed> = {}): Computed => ({
  ...NONE,
  value: share(numerator, denominator),
  numerator,
  denominator,
  ...parts,
});

export const countCell = (key: string, value: number | null): Cell => ({
  key,
  value,
  numerator: null,
  denominator: null,
});

export const rateCell = (key: string, numerator: number, denominator: number): Cell => ({
  key,
  value: share(numerator, denominator),
  numerator,
  denominator,
});

const DAY_MS = 86_400_000;

/** So many times 86,400 seconds earlier. */
export const daysBefore = (at: Date, days: number): Date => new Date(at.getTime() - days * DAY_MS);
