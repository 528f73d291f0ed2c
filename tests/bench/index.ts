import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run bench` runs every bench of this folder, `npm run bench -- query live` these two. Each is a process of its own, so that
// none inherits the heap of another, and prints one line of JSON.

const here = new URL('.', import.meta.url);
const root = fileURLToPath(new URL('../..', here));

const known = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const run = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const bench = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(`${name}.ts`, here))], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    bench.stdout.on('data', (text) => {
      printed += text;
      process.stdout.write(text);
    });
    bench.once('close', (code) => {
      const whole = code === 0 && isOneLineOfJson(printed);
      if (!whole) process.stderr.write(`bench ${name}: no figures (exit code ${code}).\n`);
      resolve(whole);
    });
  });

const isOneLineOfJson = (text: string) => {
  try {
    return JSON.parse(text) !== null && text.trimEnd().split('\n').length === 1;
  } catch {
    return false;
  }
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown.join('", "')}": there are ${known.join(', ')}.\n`);
  process.exit(2);
}

// What is measured is what is shipped: the compiled server, made from the sources as they stand.
const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
if (built.status !== 0) process.exit(1);

let failed = 0;
for (const name of asked.length > 0 ? asked : known) if (!(await run(name))) failed += 1;
process.exitCode = failed > 0 ? 1 : 0;
