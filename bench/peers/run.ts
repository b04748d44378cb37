// Runs the peers and both our engines interleaved against the same servers and prints what each call cost them:
// `npm run bench:peers -- --help`. Nothing is installed; what is missing is named with how to get it.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, homedir, tmpdir, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { errorPct, figuresOf, type PeerRun, type ToolFigures } from './figures.ts';
import { buildGoPrograms, type GoPrograms } from './go-programs.ts';
import { meter, startServer } from './metered-process.ts';
import { parsePeersOptions, USAGE, type PeersOptions, type TargetName } from './options.ts';
import { callsOf, interleaved, warmUpCallsOf } from './plan.ts';
import { perCallNotes, tableOf, type TableSubject } from './table.ts';
import { QUERY, TOOLS, type PeerTool } from './tools.ts';
import { encodeWeaveRequest } from '../../src/protocol/weave-request.ts';

interface FoundTool {
  readonly tool: PeerTool;
  readonly program: string;
}

interface Workshop {
  readonly options: PeersOptions;
  readonly programs: GoPrograms;
  readonly requestFile: string;
  readonly directory: string;
  /** Prefixes that put a command on a processor of its own. */
  readonly onServerCpu: readonly string[];
  readonly onGeneratorCpu: readonly string[];
}

const SERVER_FLAGS: Readonly<Record<TargetName, readonly string[]>> = {
  fast: ['-kind', 'frames'],
  'grpc-go': ['-kind', 'grpc'],
  delayed: ['-kind', 'grpc', '-base', '10ms', '-jitter', '10ms'],
};

if (process.argv.includes('--help')) console.log(USAGE);
else await compare(parsePeersOptions(process.argv.slice(2)));

async function compare(options: PeersOptions): Promise<void> {
  const tools = findTools(options);
  const directory = mkdtempSync(join(tmpdir(), 'loombench-peers-'));
  try {
    const workshop = openWorkshop(options, directory);
    const results: (TableSubject & { figures: ToolFigures[]; runs: PeerRun[] })[] = [];
    if (!options.json) console.log(`${machineText(workshop)}\n\n${perCallNotes(toolsOf(tools))}\n`);
    for (const target of options.targets) {
      for (const concurrency of options.concurrencies) {
        const subject = { target, concurrency, streaming: options.streaming };
        const runs = await runAll(workshop, subject, tools);
        const figures = figuresOf(runs);
        results.push({ ...subject, figures, runs });
        if (!options.json) console.log(tableOf(subject, figures));
      }
    }
    if (options.json) {
      const perCall = Object.fromEntries(toolsOf(tools).map((tool) => [tool.name, tool.perCall]));
      console.log(JSON.stringify({ machine: machineText(workshop), perCall, results }, null, 2));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function toolsOf(found: readonly FoundTool[]): PeerTool[] {
  return found.map(({ tool }) => tool);
}

function openWorkshop(options: PeersOptions, directory: string): Workshop {
  const requestFile = join(directory, 'request');
  const message = encodeWeaveRequest({ query: QUERY, sessionId: '', agentId: '' });
  const length = Buffer.alloc(5);
  length.writeUInt32BE(message.length, 1);
  writeFileSync(requestFile, Buffer.concat([length, message]));
  const pins = options.pin && cpus().length > 1 && programOnPath('taskset') !== null;
  return {
    options,
    programs: buildGoPrograms(directory),
    requestFile,
    directory,
    onServerCpu: pins ? ['taskset', '-c', '0'] : [],
    onGeneratorCpu: pins ? ['taskset', '-c', '1'] : [],
  };
}

async function runAll(
  workshop: Workshop,
  subject: TableSubject,
  tools: readonly FoundTool[],
): Promise<PeerRun[]> {
  const able = tools.filter(({ tool }) => tool.streams || !subject.streaming);
  const runs: PeerRun[] = [];
  for (const { repetition, item } of interleaved(able, workshop.options.repetitions)) {
    process.stderr.write(
      `${subject.target} c=${subject.concurrency} #${repetition} ${item.tool.name}\n`,
    );
    try {
      runs.push(await runOne(workshop, subject, item, repetition));
    } catch (thrown) {
      console.error(`Left out: ${String(thrown)}`);
    }
  }
  const order = able.map(({ tool }) => tool.name);
  return runs.sort((a, b) => order.indexOf(a.tool) - order.indexOf(b.tool));
}

async function runOne(
  workshop: Workshop,
  subject: TableSubject,
  { tool, program }: FoundTool,
  repetition: number,
): Promise<PeerRun> {
  const { options, programs, requestFile, directory } = workshop;
  const calls = callsOf({ ...subject, dear: tool.dear, calls: options.calls });
  const warmUpCalls = tool.warmsUp ? warmUpCallsOf(subject.target, tool.dear) : 0;
  const server = await startServer([
    ...[...workshop.onServerCpu, programs.server],
    ...[...SERVER_FLAGS[subject.target], '-skip', `${warmUpCalls}`],
  ]);
  const { concurrency, streaming } = subject;
  const { address } = server;
  const load = { address, concurrency, calls, warmUpCalls, streaming, requestFile, directory };
  const command = tool.command(program, load);
  const metered = await meter(
    [...workshop.onGeneratorCpu, programs.meter, `${options.runSeconds}`, ...command],
    tool.name,
  ).catch(async (thrown: unknown) => {
    await server.stop();
    throw thrown;
  });
  const stamps = await server.stop();
  const report = tool.read(metered.output);
  return {
    tool: tool.name,
    repetition,
    calls: report.calls,
    notOk: calls - report.ok,
    cpuUsPerCall: (report.loadCpuUs ?? metered.cpuUs) / report.calls,
    callsPerSecond: report.calls / report.seconds,
    peakMiB: metered.peakKiB / 1024,
    p50Us: report.p50Us,
    p99Us: report.p99Us,
    p50ErrorPct: errorPct(report.p50Us, stamps.p50Us),
    p99ErrorPct: errorPct(report.p99Us, stamps.p99Us),
  };
}

/** Those that are asked for and installed; the others are named with how to get them. */
function findTools(options: PeersOptions): FoundTool[] {
  const asked = TOOLS.filter(({ name }) => options.tools?.includes(name) ?? true);
  return asked.flatMap((tool) => {
    const program = tool.program === null ? '' : programOnPath(tool.program);
    if (program !== null) return [{ tool, program }];
    console.error(`${tool.name} is not installed and left out. To get it: ${tool.howToGet}`);
    return [];
  });
}

function programOnPath(name: string): string | null {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [...directories, join(homedir(), 'go', 'bin')].map((at) => join(at, name));
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

function machineText({ onServerCpu }: Workshop): string {
  const [first] = cpus();
  const go = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).stdout.trim();
  const pinned = onServerCpu.length > 0 ? ', server and generator each pinned to one' : '';
  return (
    `${cpus().length} × ${first?.model ?? 'unknown processor'}${pinned}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, ${go}`
  );
}
