/** The value below which the given share of the values lies, by nearest rank; NaN of nothing. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Fails a bench whose subject does not do what it should: a fast wrong system has no figures. */
export const assertTrue = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise);
};
