/** What a field's arguments are, as a client sent them: not yet checked. */
type Asked = Readonly<Record<string, unknown>>;

/**
 * What a field costs where it is not what its type says: a scalar nothing, an object one point, a connection two points and
 * the size of the page times what is asked of an item. See `limits.md`.
 */
export type FieldCost = {
  /** Points for the field itself, in place of the one of an object. */
  readonly points?: number | ((asked: Asked) => number);
  /** How many items a list has, where it is no connection and has no `first`. */
  readonly times?: (asked: Asked) => number;
};

/** Declares a field's cost where it stands: `t.field({ ...charged({ points: 25 }), type, … })`. */
export const charged = (cost: FieldCost) => ({ extensions: { cost } });

/** A figure that is computed from the facts of a window; twice as much with the window before it. */
export const STATISTIC_POINTS = 25;
export const chargedAsStatistic = charged({
  points: ({ previous }) => (previous ? 2 * STATISTIC_POINTS : STATISTIC_POINTS),
});

export const MUTATION_POINTS = 10;
export const SUBSCRIPTION_POINTS = 10;
export const CONNECTION_POINTS = 2;
/** A tool's question for the schema: one field of it, or all. */
export const INTROSPECTION_POINTS = 50;
