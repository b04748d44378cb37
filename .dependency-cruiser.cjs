// Rooms and doors: what each folder of src/ may import. Everything else is an error.
const rooms = {
  contract: { rooms: [], packages: [] },
  scenarios: { rooms: ['contract'], packages: [] },
  statistics: { rooms: ['contract'], packages: ['simple-statistics', '@stdlib/'] },
  report: { rooms: ['contract'], packages: [] },
  config: { rooms: ['contract', 'scenarios'], packages: ['zod', 'yaml'], node: true },
  suite: { rooms: ['contract', 'config', 'scenarios', 'statistics'], packages: [] },
  protocol: { rooms: ['contract'], packages: ['@grpc/'], node: true },
  runtime: { rooms: ['contract'], packages: [], node: true },
  harness: {
    rooms: ['contract', 'protocol', 'runtime', 'statistics', 'target'],
    packages: ['@grpc/', 'apache-arrow'],
    node: true,
  },
  target: { rooms: ['contract', 'protocol', 'runtime'], packages: ['@grpc/'], node: true },
  artifacts: { rooms: ['contract', 'runtime'], packages: ['zod'], node: true },
  history: {
    rooms: ['contract', 'statistics', 'artifacts', 'report', 'runtime'],
    packages: ['zod'],
    node: true,
  },
  activities: {
    rooms: [
      'contract',
      'history',
      'config',
      'harness',
      'runtime',
      'statistics',
      'report',
      'artifacts',
      'suite',
      'target',
      'temporal',
    ],
    packages: ['@temporalio/activity', '@temporalio/common', '@temporalio/client'],
    node: true,
  },
  workflows: {
    rooms: ['contract'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    typeRooms: ['activities'],
  },
  temporal: {
    rooms: ['contract', 'runtime'],
    packages: [
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/envconfig',
      '@temporalio/worker',
    ],
    node: true,
  },
  worker: {
    rooms: [
      'contract',
      'config',
      'activities',
      'temporal',
      'runtime',
      'harness',
      'artifacts',
      'statistics',
      'report',
      'history',
      'suite',
      'target',
    ],
    packages: ['@temporalio/worker', '@temporalio/common', 'pino'],
    node: true,
  },
  cli: {
    rooms: [
      'contract',
      'config',
      'scenarios',
      'workflows',
      'artifacts',
      'statistics',
      'report',
      'history',
      'suite',
      'harness',
      'runtime',
      'target',
      'temporal',
      'worker',
    ],
    packages: [
      '@temporalio/client',
      '@temporalio/common',
      'commander',
      '@commander-js/',
      'log-update',
      'pino',
    ],
    node: true,
  },
};

// The library door is a module, not a room: it re-exports by name and computes nothing.
const library = {
  name: 'index-doors',
  severity: 'error',
  comment: 'src/index.ts may import any room but the command line',
  from: { path: '^src/index\\.ts$' },
  to: { path: '^src/cli/' },
};

const escape = (text) => text.replace(/[/.@-]/g, '\\$&');

const roomRule = ([name, room]) => ({
  name: `${name}-doors`,
  severity: 'error',
  comment: `${name}/ may import only: ${[...room.rooms, ...room.packages].join(', ') || 'nothing'}`,
  from: { path: `^src/${name}/` },
  to: {
    pathNot: [
      `^src/${name}/`,
      ...room.rooms.map((other) => `^src/${other}(/|\\.ts$)`),
      ...room.packages.map((pkg) => `node_modules/${escape(pkg)}`),
      ...(room.typeRooms ?? []).map((other) => `^src/${other}/`),
    ],
    dependencyTypesNot: room.node ? ['core'] : [],
  },
});

const typesOnlyRule = ([name, room]) => ({
  name: `${name}-types-only`,
  severity: 'error',
  comment: `${name}/ may import only types from ${room.typeRooms.join(', ')}`,
  from: { path: `^src/${name}/` },
  to: {
    path: room.typeRooms.map((other) => `^src/${other}/`),
    dependencyTypesNot: ['type-only'],
  },
});

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(roomRule),
    ...Object.entries(rooms)
      .filter(([, room]) => room.typeRooms)
      .map(typesOnlyRule),
    library,
    {
      name: 'known-room',
      severity: 'error',
      comment: 'a folder of src/ without a line in the table above has no doors',
      from: { path: `^src/(?!(${Object.keys(rooms).join('|')})/|index\\.ts$)` },
      to: {},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'generated message types name each other, as the messages do',
      from: { pathNot: '^src/protocol/generated/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
