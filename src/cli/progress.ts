import cliProgress from 'cli-progress';
import type { Logger } from '../adapters/log-lines.ts';
import type { Progress } from '../core/rebuild.ts';

/** Shows how long work is on its way: a bar on a terminal, a line now and then elsewhere. Always on the standard error stream. */
export type ProgressDisplay = { show(progress: Progress): void; close(): void };

const LINE_EVERY_MS = 2_000;

export const openProgress = (what: string): ProgressDisplay => (process.stderr.isTTY ? openBar(what) : openLines(what));

const openBar = (what: string): ProgressDisplay => {
  const bar = new cliProgress.SingleBar({
    format: `${what} [{bar}] {percentage}% | {value} of {total} events | {rate}/s | {left} | {phase}`,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let begun = false;
  return {
    show: (progress) => {
      const { events, total, phase, eventsPerSecond } = progress;
      const details = { phase, rate: eventsPerSecond, left: leftOf(progress) };
      if (!begun) bar.start(total ?? events, events, details);
      begun = true;
      if (phase === 'comparing') return bar.update(details);
      bar.setTotal(Math.max(total ?? 0, events));
      bar.update(events, details);
    },
    close: () => bar.stop(),
  };
};

const openLines = (what: string): ProgressDisplay => {
  let last = { at: 0, phase: '' };
  return {
    show: (progress) => {
      const { phase, projections, events, total, eventsPerSecond } = progress;
      const said = phase === 'comparing' ? `${phase} ${projections.join(', ')}` : phase;
      if (said === last.phase && Date.now() - last.at < LINE_EVERY_MS) return;
      last = { at: Date.now(), phase: said };
      const far =
        phase === 'comparing'
          ? ''
          : `: ${events}${total === null ? '' : ` of ${total}`} events, ${eventsPerSecond}/s, ${leftOf(progress)}`;
      process.stderr.write(`${what}, ${said}${far}\n`);
    },
    close: () => {},
  };
};

/** For what runs unattended: lines of the log, so that whoever collects them finds nothing else between them. */
export const progressLines = (logger: Pick<Logger, 'info'>): ProgressDisplay => {
  let last = { at: 0, phase: '' };
  return {
    show: ({ phase, projections, ...figures }) => {
      if (phase === last.phase && Date.now() - last.at < LINE_EVERY_MS) return;
      last = { at: Date.now(), phase };
      logger.info({ phase, ...figures }, 'The read models are being built.');
    },
    close: () => {},
  };
};

const leftOf = ({ etaSeconds }: Progress) => {
  if (etaSeconds === null) return 'time left unknown';
  return etaSeconds < 90 ? `${etaSeconds} s left` : `${Math.ceil(etaSeconds / 60)} min left`;
};
