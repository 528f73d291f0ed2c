/** Lines of words in columns. */
export const columnsOf = (lines: readonly (readonly string[])[]): string => {
  const widths = (lines[0] ?? []).map((_, n) => Math.max(...lines.map((line) => line[n]?.length ?? 0)));
  const padded = lines.map((line) =>
    line
      .map((word, n) => word.padEnd(widths[n] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return `${padded.join('\n')}\n`;
};
