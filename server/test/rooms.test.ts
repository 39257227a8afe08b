// The floor plan as ARCHITECTURE.md draws it: each room imports only from rooms below it in the list, no imports run in a
// circle, types included, no folder holds too many sources, and no exported name means two things in a package.

import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { before, describe, test } from 'node:test';
import { PROJECT } from '../src/config/paths.ts';

const PACKAGES = ['engine/src', 'server/src', 'bench'] as const;
const MOST_SOURCES = 30;
/** A folder with more sources than this needs its reason in the lint config. */
const MANY_SOURCES = 25;

type Package = (typeof PACKAGES)[number];

/** What each source imports from its own package, as paths in the project. */
type Imports = ReadonlyMap<string, readonly string[]>;

const sources = new Map<string, string>();
let architecture = '';
let lint = '';

before(async () => {
  const files = globSync('{engine/src,server/src,bench}/**/*.ts', { cwd: PROJECT }).filter(
    (file) => !/\.test\.ts$|\/testing\/|\/(?:dist|node_modules)\//.test(file),
  );
  for (const file of files.sort()) sources.set(file, await readFile(join(PROJECT, file), 'utf8'));
  assert.ok(sources.size > 250, `${sources.size} sources`);
  architecture = await readFile(join(PROJECT, 'ARCHITECTURE.md'), 'utf8');
  lint = await readFile(join(PROJECT, '.oxlintrc.json'), 'utf8');
});

function importsOf(folder: Package): Imports {
  const imports = new Map<string, string[]>();
  for (const [file, text] of sources) {
    if (!file.startsWith(`${folder}/`)) continue;
    const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    const targets = [...code.matchAll(/\bfrom '(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)/g)].map(([, fixed, lazy]) =>
      normalize(join(dirname(file), fixed ?? lazy ?? '')),
    );
    imports.set(
      file,
      targets.filter((target) => target.startsWith(`${folder}/`)),
    );
  }
  return imports;
}

/** The first circle that a walk from each source meets, as the files it passes; null when there is none. */
function circleIn(imports: Imports): readonly string[] | null {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const target of imports.get(file) ?? []) {
      const circle = walk(target, [...path, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle !== null) return circle;
  }
  return null;
}

/** Rooms and root files of a package, in the order in which ARCHITECTURE.md lists them. */
function floorPlan(folder: string): readonly string[] {
  const [, list = ''] = new RegExp(`^${folder}/\\n((?: {2}\\S.*\\n)+)`, 'm').exec(architecture) ?? [];
  return list.split('\n').flatMap((line) => /^ {2}([\w.-]+)/.exec(line)?.[1] ?? []);
}

const roomOf = (file: string, folder: string): string => relative(folder, file).split('/')[0] ?? '';

function upwardImports(imports: Imports, folder: string): readonly string[] {
  const plan = floorPlan(folder);
  return [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => plan.indexOf(roomOf(target, folder)) < plan.indexOf(roomOf(file, folder)))
      .map((target) => `${file} imports ${target}`),
  );
}

for (const folder of PACKAGES) {
  test(`no imports run in a circle in ${folder}`, () => {
    assert.equal(circleIn(importsOf(folder))?.join(' -> ') ?? 'none', 'none');
  });
}

for (const folder of ['engine/src', 'server/src'] as const) {
  describe(`the rooms of ${folder}`, () => {
    test('stand in the list of ARCHITECTURE.md, each once', () => {
      const rooms = new Set([...importsOf(folder).keys()].map((file) => roomOf(file, folder)));
      assert.deepEqual([...floorPlan(folder)].sort(), [...rooms].sort());
    });

    test('import only from rooms below them in that list', () => {
      assert.deepEqual(upwardImports(importsOf(folder), folder), []);
    });
  });
}

test('the checks of the rooms find a circle and an upward import', () => {
  const imports = new Map([
    ['engine/src/bars/a.ts', ['engine/src/gate/b.ts']],
    ['engine/src/gate/b.ts', ['engine/src/gate/c.ts']],
    ['engine/src/gate/c.ts', ['engine/src/bars/a.ts']],
  ]);
  assert.equal(circleIn(imports)?.length, 4);
  assert.deepEqual(upwardImports(imports, 'engine/src'), ['engine/src/bars/a.ts imports engine/src/gate/b.ts']);
});

test(`no folder has more than ${MOST_SOURCES} sources, and more than ${MANY_SOURCES} have their reason in the lint config`, () => {
  const counts = new Map<string, number>();
  for (const file of sources.keys()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  for (const [folder, count] of counts) {
    assert.ok(count <= MOST_SOURCES, `${folder} has ${count} sources: give it rooms`);
    const reason = new RegExp(`// ${folder} has more than ${MANY_SOURCES} sources: \\S+`);
    if (count > MANY_SOURCES) assert.match(lint, reason, `${folder} has ${count} sources`);
  }
});

test('a package has three levels of folders at most, and the third only where a room has rooms', () => {
  for (const file of sources.keys()) {
    const levels = dirname(file).split('/').length - (file.startsWith('bench') ? 1 : 2);
    assert.ok(levels <= 2, file);
    if (levels === 2) assert.ok(existsSync(join(PROJECT, dirname(dirname(file)))), file);
  }
});

/** Names that two sources of a package export, and why. */
const SAME_NAME: Readonly<Record<string, string>> = {
  'engine/src complain': 'reports a problem: of a field of the input, and of a span of a rule text',
  'server/src cancel': 'a command and the verb of the queue that it calls',
  'server/src deleteJob': 'a command and the verb of the queue that it calls',
  'server/src jobs': 'a command and the routes that it calls',
  'server/src migrate': 'a command and what it calls',
  'server/src submit': 'a command and the verb of the queue that it calls',
  'server/src top': 'a command and the verb of the queue that it calls',
};

test('no exported name is declared twice in a package, but for the exceptions listed here', () => {
  const declared = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const folder = PACKAGES.find((one) => file.startsWith(`${one}/`)) ?? '';
    const exported = /^export (?:declare )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;
    for (const name of new Set([...text.matchAll(exported)].map(([, one = '']) => `${folder} ${one}`))) {
      declared.set(name, [...(declared.get(name) ?? []), file]);
    }
  }
  const twice = [...declared].filter(([, files]) => files.length > 1).map(([name]) => name);
  assert.deepEqual(twice.sort(), Object.keys(SAME_NAME).sort());
});
