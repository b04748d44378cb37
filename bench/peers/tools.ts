// The generators that are compared: how each is got and started, what it does for every call, and how dear it is.

import { fileURLToPath } from 'node:url';
import { readFortio, readGhz, readH2load, readOwn, type ToolReport } from './peer-output.ts';

/** One run's work, the same for every tool. */
export interface PeerLoad {
  readonly address: string;
  readonly concurrency: number;
  readonly calls: number;
  /** Only our own tools take some calls to warm up; the others have nothing to warm. */
  readonly warmUpCalls: number;
  readonly streaming: boolean;
  /** A file with the request as one gRPC message. */
  readonly requestFile: string;
  /** Where our own tools write the calls, as in a real run; removed at the end of the comparison. */
  readonly directory: string;
}

export interface PeerTool {
  readonly name: string;
  /** Program to look for on the PATH; null for ours. */
  readonly program: string | null;
  readonly howToGet: string;
  readonly perCall: string;
  /** It costs tens of microseconds a call: a tenth of the calls is enough against a fast target. */
  readonly dear: boolean;
  readonly warmsUp: boolean;
  readonly streams: boolean;
  command(program: string, load: PeerLoad): string[];
  read(output: string): ToolReport;
}

export const QUERY = 'SELECT * FROM test_table WHERE id = 1';
const PROTO_FILE = fileURLToPath(new URL('../../proto/loom/v1/loom.proto', import.meta.url));
const OWN_LOAD = fileURLToPath(new URL('./own-load.ts', import.meta.url));
const SHARED = { warmsUp: false, streams: true } as const;

export const TOOLS: readonly PeerTool[] = [
  ownTool(
    'wire',
    'decodes every message, checks every status, records every call and writes it to an Arrow file',
    false,
  ),
  {
    ...SHARED,
    name: 'h2load',
    program: 'h2load',
    howToGet: 'package nghttp2-client (Debian, Ubuntu), nghttp2 (Homebrew, Fedora)',
    perCall:
      'decodes nothing, does not look at grpc-status, reads the request from a file anew (one pread)',
    dear: false,
    command: (program, load) => [
      ...[program, '-n', `${load.calls}`, '-c', '1', '-m', `${load.concurrency}`],
      ...['-d', load.requestFile, '-H', 'content-type: application/grpc', '-H', 'te: trailers'],
      `http://${load.address}/${methodOf(load)}`,
    ],
    read: readH2load,
  },
  ghzTool('ghz', 'decodes and keeps every result, and runs its template engine on the request', []),
  ghzTool('ghz-plain', 'as ghz, with its templates off', [
    '--disable-template-functions',
    '--disable-template-data',
  ]),
  {
    ...SHARED,
    name: 'fortio',
    program: 'fortio',
    howToGet: 'go install fortio.org/fortio@v1.66.5',
    perCall: 'its own Ping message instead of Weave, decoded; status checked',
    dear: true,
    streams: false,
    command: (program, load) => [
      ...[program, 'load', '-grpc', '-ping', '-qps', '0', '-c', '1', '-s', `${load.concurrency}`],
      ...['-n', `${load.calls}`, '-r', '0.0001', '-p', '50,99', '-quiet', '-json', '-'],
      load.address,
    ],
    read: readFortio,
  },
  ownTool('grpc-js', 'as wire, through @grpc/grpc-js', true),
];

export function methodOf(load: { readonly streaming: boolean }): string {
  return `loom.v1.LoomService/${load.streaming ? 'StreamWeave' : 'Weave'}`;
}

function ownTool(engine: 'wire' | 'grpc-js', perCall: string, dear: boolean): PeerTool {
  return {
    ...SHARED,
    name: engine,
    program: null,
    howToGet: '',
    perCall,
    dear,
    warmsUp: true,
    command: (_program, load) => {
      const { address, concurrency, calls, warmUpCalls, streaming, directory } = load;
      const asked = { engine, address, concurrency, calls, warmUpCalls, streaming, directory };
      return [process.execPath, '--import', 'tsx', OWN_LOAD, JSON.stringify(asked)];
    },
    read: readOwn,
  };
}

function ghzTool(name: string, perCall: string, flags: readonly string[]): PeerTool {
  return {
    ...SHARED,
    name,
    program: 'ghz',
    howToGet: 'go install github.com/bojand/ghz/cmd/ghz@v0.121.0',
    perCall,
    dear: true,
    command: (program, load) => [
      ...[program, '--insecure', '--proto', PROTO_FILE, '--call', methodOf(load), ...flags],
      ...['-n', `${load.calls}`, '-c', `${load.concurrency}`],
      ...['-d', JSON.stringify({ query: QUERY }), load.address],
    ],
    read: readGhz,
  };
}
