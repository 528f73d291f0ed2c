/** Part ÷ whole, rounded to six decimals; null when there is nothing to divide by. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : rounded(part / whole));

/** To the nearest of so many parts of one: six decimals unless said otherwise. */
export const rounded = (value: number, parts = 1_000_000): number => Math.round(value * parts) / parts;
