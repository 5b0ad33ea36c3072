/** Reads the project's TypeScript as syntax trees, and its text files as text, for the tidy test. */
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = '{src,games,sim,bench,test,web}';

/** A TypeScript file of ours. */
export interface Source {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly tree: SourceFile;
}

/** Every TypeScript file of the project that its two configurations name. */
export function readSources(): Source[] {
  const api = new API({ cwd: ROOT });
  try {
    const configs = ['tsconfig.json', 'tsconfig.web.json'].map((name) => `${ROOT}${name}`);
    const projects = configs.flatMap((config) => [
      ...api.updateSnapshot({ openProjects: [config] }).getProjects(),
    ]);
    const found = new Map<string, Source>();
    for (const { program } of projects) {
      for (const name of program.getSourceFileNames()) {
        const path = relative(ROOT, name);
        if (path.startsWith('..') || path.startsWith('node_modules')) continue;
        const tree = program.getSourceFile(name);
        if (tree !== undefined)
          found.set(path, { path, text: tree.text, lines: tree.text.split('\n'), tree });
      }
    }
    return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  } finally {
    api.close();
  }
}

/** Paths of all TypeScript files on the disk: what no configuration names would escape the checks. */
export function sourcePaths(): string[] {
  return globSync(`${FOLDERS}/**/*.{ts,tsx}`, { cwd: ROOT }).filter((path) => !path.includes('node_modules'));
}

/** Everything that is read by people: sources, documents, settings. */
export function readTexts(): { path: string; text: string }[] {
  const patterns = [
    `{src,games,sim,bench,test,web,docs,sql}/**/*.{ts,tsx,js,css,html,md,sql,json,yaml,svg}`,
    '*.{md,json,yaml,ts}',
    '{.ci/run,.npmrc,.gitignore,Dockerfile}',
  ];
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  return paths
    .filter((path) => !path.includes('node_modules') && !path.startsWith('test/out/'))
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
}

export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** 1-based line of the node's first character. */
export function lineOf(source: Source, node: Node): number {
  return source.text.slice(0, node.getStart(source.tree)).split('\n').length;
}

/** What a file imports: project paths for relative specifiers, names for packages. */
export function importsOf(source: Source): string[] {
  const specifiers: string[] = [];
  walk(source.tree, (node) => {
    const named = specifierOf(node);
    if (named !== undefined && isStringLiteral(named)) specifiers.push(named.text);
  });
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? new URL(specifier, `file:///${source.path}`).pathname.slice(1) : specifier,
  );
}

function specifierOf(node: Node): Node | undefined {
  if (isImportDeclaration(node) || isExportDeclaration(node)) return node.moduleSpecifier;
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return node.arguments[0];
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument)) return node.argument.literal;
  return undefined;
}
