/**
 * The style that can be checked is checked here (STYLE.md): borders between folders, sizes, parameters, purity of
 * the core, and words that do not belong into files. An exception has a name and a reason.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Node, type ParameterDeclaration, SyntaxKind } from 'typescript/unstable/ast';
import {
  isArrowFunction,
  isConstructorDeclaration,
  isEnumDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isIdentifier,
  isMethodDeclaration,
  isMethodSignatureDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
} from 'typescript/unstable/ast/is';
import { importsOf, lineOf, readSources, readTexts, type Source, sourcePaths, walk } from '../tidy-source.ts';

const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 400;
const PARAMETERS_MAX = 3;

/** Longer than they should be, and why that is the lesser evil. Named `file name`. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  'src/engine/ledger-writer.ts openLedgerWriter':
    'a closure: queue and lanes belong to the functions inside alone',
  'test/simulation/load.ts createLoad': 'a closure: the books of one simulated load',
  'test/world.ts openWorld': 'a closure: the table of what a test may ask of its world',
};
const LONG_FILES: Readonly<Record<string, string>> = {};

const sources = readSources();

function none(findings: readonly string[]): void {
  assert.deepEqual(findings, []);
}

test('every file is one the type checker knows', () => {
  const known = new Set(sources.map((source) => source.path));
  none(sourcePaths().filter((path) => !known.has(path)));
});

// ---- borders --------------------------------------------------------------------------------------------------

const API_FOLDERS = ['xt', 'studio', 'kbook', 'backoffice'];
const isPackage = (name: string) => !/^(src|games|sim|bench|test|web)\//.test(name);

/** Why a file may not import that; null = it may. */
function broken(path: string, target: string): string | null {
  const [top, folder] = path.split('/');
  const [targetTop, targetFolder] = target.split('/');
  if (path.startsWith('src/core/'))
    return target.startsWith('src/core/') ? null : 'the core imports only the core';
  if (isPackage(target)) return null;
  if (top === 'src' && targetTop !== 'src')
    return 'the hub knows nothing of games, stand-ins, tests and bench';
  if ((top === 'games' || top === 'sim') && targetTop !== top) return 'a program of its own';
  if (top === 'src' && folder === 'db' && targetFolder !== 'db' && targetFolder !== 'core')
    return 'the SQL knows only the core';
  const apis =
    folder !== targetFolder && API_FOLDERS.includes(folder!) && API_FOLDERS.includes(targetFolder!);
  return apis && top === 'src' ? 'API folders do not import each other' : null;
}

test('imports keep to the borders', () => {
  const findings = sources.flatMap((source) =>
    importsOf(source).flatMap((target) => {
      const why = broken(source.path, target);
      return why === null ? [] : [`${source.path} imports ${target}: ${why}`];
    }),
  );
  none(findings);
});

test('the borders can be broken', () => {
  const table: [path: string, target: string, allowed: boolean][] = [
    ['src/core/a.ts', 'src/core/b.ts', true],
    ['src/core/a.ts', 'node:fs', false],
    ['src/core/a.ts', 'src/db/b.ts', false],
    ['src/xt/a.ts', 'src/studio/b.ts', false],
    ['src/studio/a.ts', 'src/db/b.ts', true],
    ['src/db/a.ts', 'src/engine/b.ts', false],
    ['src/db/a.ts', 'postgres', true],
    ['src/main.ts', 'games/main.ts', false],
    ['games/a.ts', 'src/core/money.ts', false],
    ['sim/a.ts', 'games/b.ts', false],
    ['test/a.ts', 'src/core/money.ts', true],
  ];
  for (const [path, target, allowed] of table)
    assert.equal(broken(path, target) === null, allowed, `${path} ${target}`);
  assert.ok(sources.some((source) => importsOf(source).includes('src/core/money.ts')));
});

const IMPURE_NAMES = [
  'process',
  'fetch',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'console',
];

function impurity(node: Node): string | null {
  if (node.kind === SyntaxKind.AwaitExpression || node.kind === SyntaxKind.AsyncKeyword) return 'waits';
  if (isIdentifier(node) && IMPURE_NAMES.includes(node.text)) return node.text;
  if (isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date')
    return 'new Date';
  if (!isPropertyAccessExpression(node) || !isIdentifier(node.expression)) return null;
  const called = `${node.expression.text}.${node.name.text}`;
  return called === 'Date.now' || called === 'Math.random' ? called : null;
}

test('the core has no clock, no random, no waiting, no outside', () => {
  none(found((source, node) => (source.path.startsWith('src/core/') ? impurity(node) : null)));
});

/** Every node that a rule has something to say about. */
function found(rule: (source: Source, node: Node) => string | null): string[] {
  const findings: string[] = [];
  for (const source of sources) {
    walk(source.tree, (node) => {
      const what = rule(source, node);
      if (what !== null) findings.push(`${source.path}:${lineOf(source, node)}: ${what}`);
    });
  }
  return findings;
}

// ---- sizes ----------------------------------------------------------------------------------------------------

test(`files have at most ${FILE_LINES_MAX} lines`, () => {
  const long = sources.filter(({ lines }) => lines.length - 1 > FILE_LINES_MAX).map(({ path }) => path);
  none(long.filter((path) => LONG_FILES[path] === undefined));
  none(Object.keys(LONG_FILES).filter((path) => !long.includes(path)));
});

type FunctionNode = Node & { parameters: readonly ParameterDeclaration[]; name?: Node; body?: Node };

function asFunction(node: Node): FunctionNode | null {
  const isOne =
    isFunctionDeclaration(node) ||
    isMethodDeclaration(node) ||
    isArrowFunction(node) ||
    isFunctionExpression(node) ||
    isConstructorDeclaration(node) ||
    isMethodSignatureDeclaration(node);
  return isOne ? (node as FunctionNode) : null;
}

function nameOf(source: Source, node: FunctionNode): string {
  const named = node.name ?? (node.parent as { name?: Node } | undefined)?.name;
  return `${source.path} ${named?.getText(source.tree) ?? `line ${lineOf(source, node)}`}`;
}

test(`functions have at most ${FUNCTION_LINES_MAX} lines`, () => {
  const long = new Set<string>();
  for (const source of sources) {
    walk(source.tree, (node) => {
      const one = asFunction(node);
      if (one === null) return;
      const lines = source.text.slice(node.getStart(source.tree), node.end).split('\n').length;
      if (lines > FUNCTION_LINES_MAX) long.add(nameOf(source, one));
    });
  }
  none([...long].filter((name) => LONG_FUNCTIONS[name] === undefined));
  none(Object.keys(LONG_FUNCTIONS).filter((name) => !long.has(name)));
});

// ---- parameters and types -------------------------------------------------------------------------------------

/** A function of the product whose parameters are ours to choose: a callback's are its caller's. */
function asChosen(source: Source, node: Node): FunctionNode | null {
  const one = source.path.startsWith('test/') ? null : asFunction(node);
  return one === null || one.parent.kind === SyntaxKind.CallExpression ? null : one;
}

test(`at most ${PARAMETERS_MAX} positional parameters`, () => {
  none(
    found((source, node) => {
      const one = asChosen(source, node);
      return one !== null && one.parameters.length > PARAMETERS_MAX ? nameOf(source, one) : null;
    }),
  );
});

function isBoolean(parameter: ParameterDeclaration): boolean {
  const kinds = [parameter.type?.kind, parameter.initializer?.kind];
  return [SyntaxKind.BooleanKeyword, SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword].some((kind) =>
    kinds.includes(kind),
  );
}

test('no boolean positional parameter: a call must say what it means', () => {
  none(
    found((source, node) => {
      const one = asChosen(source, node);
      return one?.parameters.some(isBoolean) ? nameOf(source, one) : null;
    }),
  );
});

test('no any, but for what a database or a stranger sent, marked where it is', () => {
  none(
    found((source, node) => {
      if (node.kind !== SyntaxKind.AnyKeyword) return null;
      const line = lineOf(source, node);
      const above = source.lines.slice(Math.max(0, line - 4), line).join('\n');
      return above.includes('biome-ignore lint/suspicious/noExplicitAny: ') ? null : 'any';
    }),
  );
});

test('no enum, no re-export', () => {
  none(found((_source, node) => (isEnumDeclaration(node) ? 'enum' : null)));
  none(
    found((_source, node) =>
      isExportDeclaration(node) && node.moduleSpecifier !== undefined ? 're-export' : null,
    ),
  );
});

// ---- words ----------------------------------------------------------------------------------------------------

test('no file is named for having no idea', () => {
  none(
    sources
      .map((source) => source.path)
      .filter((path) => /(^|\/)(utils?|helpers?|misc|common)\.tsx?$/.test(path)),
  );
});

/** Put together here so that this file does not find itself. */
const WORDS: readonly (readonly [why: string, pattern: RegExp])[] = [
  [
    'unfinished',
    new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'W' + 'IP', 'TB' + 'D'].join('|')})\\b`),
  ],
  [
    'a path of one machine',
    new RegExp(`(?<![\\w.$}])/(${['ho' + 'me', 'Us' + 'ers', 'ro' + 'ot', 'wo' + 'rk'].join('|')})/\\w`),
  ],
  [
    'a registry host',
    new RegExp(['registry\\.np' + 'mjs', 'registry\\.ya' + 'rnpkg', 'np' + 'mmirror'].join('|')),
  ],
];

test('no marks of unfinished work, no paths of a machine, no registry hosts', () => {
  const findings = readTexts().flatMap(({ path, text }) =>
    WORDS.flatMap(([why, pattern]) => {
      const line = text.split('\n').findIndex((each) => pattern.test(each));
      return line < 0 ? [] : [`${path}:${line + 1}: ${why}`];
    }),
  );
  none(findings);
});
