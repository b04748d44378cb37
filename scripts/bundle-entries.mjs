// Bundles the processes that every run starts anew, generator, target and worker, each into one file beside its module: to
// load hundreds of files costs them more than to measure a short run does. What the Temporal SDK shares with us stays outside.
// The licences of all that is bundled are written beside.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const SHARED_WITH_TEMPORAL = ['@temporalio/*', '@grpc/*', 'protobufjs', 'protobufjs/*'];
const ENTRIES = [
  { entry: 'harness/generator-main', external: [] },
  { entry: 'harness/load-thread-main', external: [] },
  { entry: 'target/target-main', external: [] },
  { entry: 'worker/worker-main', external: SHARED_WITH_TEMPORAL },
];

/** A module in a bundle finds its siblings and files where it lies itself, not where the bundle does. */
const ownPlaces = (bundleDirectory) => ({
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined;
      const place = JSON.stringify(relative(bundleDirectory, path).split(sep).join('/'));
      const text = readFileSync(path, 'utf8');
      return {
        contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        loader: 'js',
      };
    });
  },
});

async function bundle({ entry, external }) {
  const source = join(dist, `${entry}.js`);
  const { metafile } = await build({
    entryPoints: [source],
    outfile: join(dist, `${entry}.bundle.js`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external,
    metafile: true,
    absWorkingDir: root,
    // What was CommonJS asks for Node's own modules with require.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
    plugins: [ownPlaces(dirname(source))],
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** Directory of the package that a file belongs to; null for our own. */
function packageOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null;
}

/** The licence texts of a package, and its name for the list of those that share them. */
function licenceOf(directory) {
  const names = readdirSync(join(root, directory)).filter((name) =>
    /^(licen[cs]e|notice)/i.test(name),
  );
  const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
  return {
    name: `${manifest.name} ${manifest.version} (${manifest.license})`,
    text: names
      .map((file) => readFileSync(join(root, directory, file), 'utf8').trim())
      .join('\n\n'),
  };
}

const inputs = [];
for (const entry of ENTRIES) inputs.push(...(await bundle(entry)));
const packages = [...new Set(inputs.map(packageOf).filter((name) => name !== null))].sort();
const namesOf = new Map();
for (const { name, text } of packages.map(licenceOf)) {
  namesOf.set(text, [...(namesOf.get(text) ?? []), name]);
}
const parts = [...namesOf].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
writeFileSync(join(dist, 'THIRD-PARTY-LICENCES.txt'), parts.join(`\n${'-'.repeat(80)}\n\n`));
