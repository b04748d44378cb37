// Compiles the tests into .compiled/, so that neither they nor the processes they start pay for a loader of TypeScript: with some
// hundred test files and many more generators and targets that is most of a minute each. In .compiled/ `src` is dist/, which
// makes the tests those of what is shipped; everything else is a link to the checkout. Needs `npm run build` first.
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Where the compiled tests are, from the root. */
export const COMPILED = '.compiled';
const COPIED = ['test', 'bench'];
const LEFT_OUT = new Set([COMPILED, '.git', 'src', ...COPIED]);

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
const { options } = ts.convertCompilerOptionsFromJson(
  {
    ...config.compilerOptions,
    // The package is ESM, which a single file cannot know.
    module: 'ESNext',
    moduleResolution: 'Bundler',
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    inlineSourceMap: true,
  },
  root,
);

export function compileTests() {
  const target = join(root, COMPILED);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const name of readdirSync(root)) {
    if (!LEFT_OUT.has(name)) symlinkSync(join('..', name), join(target, name));
  }
  if (!existsSync(join(target, '.loombench'))) {
    mkdirSync(join(root, '.loombench'), { recursive: true });
    symlinkSync(join('..', '.loombench'), join(target, '.loombench'));
  }
  symlinkSync(join('..', 'dist'), join(target, 'src'));
  for (const directory of COPIED) compileDirectory(join(root, directory), join(target, directory));
}

function compileDirectory(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    if (name === 'fixtures') symlinkSync(relative(to, source), join(to, name));
    else if (lstatSync(source).isDirectory()) compileDirectory(source, join(to, name));
    else if (extname(name) === '.ts') compileFile(source, join(to, `${name.slice(0, -3)}.js`));
    else copyFileSync(source, join(to, name));
  }
}

function compileFile(source, target) {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: options,
  });
  writeFileSync(target, outputText);
}
