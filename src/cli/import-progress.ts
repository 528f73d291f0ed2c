import cliProgress from 'cli-progress';

/** Shows one phase after the other of a long work: a bar with rate and time left on a terminal, plain lines elsewhere. */
export type Phases = {
  /** `done` of `total` things in this phase, and what else is to be said of it; the first call of another phase ends the one before. */
  show(phase: Phase, done: number, total: number, note?: string): void;
  close(): void;
};

/** `unit`: what is counted; `per`: how many of what is reported make one of it. */
export type Phase = { readonly name: string; readonly unit: string; readonly per?: number };

const LINE_EVERY_MS = 2_000;

export const openPhases = (stream: NodeJS.WriteStream = process.stderr): Phases => {
  const display = stream.isTTY ? bars(stream) : lines(stream);
  let current: { readonly phase: Phase; readonly began: number; readonly from: number } | undefined;
  let last: Figures | undefined;
  const figures = (done: number, total: number, note = ''): Figures => {
    const { phase, began, from } = current ?? { phase: { name: '', unit: '' }, began: 0, from: 0 };
    const { per = 1 } = phase;
    const rate = (Math.max(0, done - from) / Math.max(1, performance.now() - began)) * 1_000;
    const left = rate > 0 ? `${Math.max(0, Math.ceil((total - done) / rate))} s left` : 'time left unknown';
    return {
      phase,
      done: Math.floor(done / per),
      total: Math.floor(total / per),
      rate: Math.round(rate / per),
      left,
      note,
    };
  };
  return {
    show: (phase, done, total, note) => {
      if (current?.phase.name !== phase.name) {
        if (last) display.end(last);
        current = { phase, began: performance.now(), from: done };
        display.begin(figures(done, total, note));
      }
      last = figures(done, total, note);
      display.show(last);
    },
    close: () => {
      if (last) display.end(last);
      last = undefined;
      current = undefined;
    },
  };
};

type Figures = {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  readonly rate: number;
  readonly left: string;
  readonly note: string;
};
type Display = { begin(at: Figures): void; show(at: Figures): void; end(at: Figures): void };

const bars = (stream: NodeJS.WriteStream): Display => {
  const format = '{name} [{bar}] {percentage}% | {value} of {total} {unit} | {rate}/s | {left}{note}';
  const bar = new cliProgress.SingleBar({ format, hideCursor: true, stream, fps: 5 });
  const payload = ({ phase: { name, unit }, rate, left, note }: Figures) => ({
    ...{ unit, rate, left },
    name: name.padEnd(10),
    note: note && ` | ${note}`,
  });
  return {
    begin: (at) => bar.start(Math.max(1, at.total), at.done, payload(at)),
    show: (at) => {
      bar.setTotal(Math.max(1, at.total));
      bar.update(at.done, payload(at));
    },
    end: (at) => {
      bar.update(at.done, { ...payload(at), left: 'ended' });
      bar.stop();
    },
  };
};

const lines = (stream: NodeJS.WriteStream): Display => {
  let shownAt = 0;
  const write = ({ phase: { name, unit }, done, total, rate, left, note }: Figures, isEnd: boolean) => {
    shownAt = performance.now();
    stream.write(`${name}: ${done} of ${total} ${unit}, ${rate}/s${isEnd ? '' : `, ${left}`}${note && `, ${note}`}\n`);
  };
  return {
    begin: () => {
      shownAt = performance.now();
    },
    show: (at) => {
      if (performance.now() - shownAt >= LINE_EVERY_MS) write(at, false);
    },
    end: (at) => write(at, true),
  };
};
