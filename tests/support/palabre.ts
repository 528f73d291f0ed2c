import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMPILED = `${ROOT}dist/src/cli.js`;

/** Whether what `npm ci` or `npm run build` compiled is newer than every source. */
const isFresh = (): boolean => {
  const made = statSync(COMPILED, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'schema', 'projections'].every((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, withFileTypes: true }).every(
      (entry) => !entry.name.endsWith('.ts') || statSync(`${entry.parentPath}/${entry.name}`).mtimeMs < made,
    ),
  );
};

/** How node is told to run the command line: compiled, which starts in a third of the time, or else as it stands. */
export const CLI: readonly string[] = isFresh() ? [`${ROOT}src/palabre.mjs`] : ['--import', 'tsx', `${ROOT}src/cli.ts`];

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A `palabre` process and what it said so far. */
export type Running = {
  readonly process: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  /** Waits until a pattern stands in what it said; fails if it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
};

/** Starts the command line as a process of its own, with these variables and none of this run's. */
export const palabre = (
  words: readonly string[],
  variables: NodeJS.ProcessEnv,
  options: { detached?: boolean } = {},
): Running => {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...CLI, ...words], {
    cwd: ROOT,
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const hear = (name: 'stdout' | 'stderr') =>
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  hear('stdout');
  hear('stderr');
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));

  return {
    process: child,
    said,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.stdout) ?? pattern.exec(said.stderr);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(({ code }) => reject(new Error(`It ended with ${code}:\n${said.stdout}\n${said.stderr}`)));
      }),
  };
};

/** Runs the command line to its end. */
export const run = (words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  palabre(words, variables).ended;
