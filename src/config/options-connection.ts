// How the generator reaches the server under test.

import {
  autoCount,
  boolean,
  bytes,
  choice,
  duration,
  integer,
  map,
  optionalText,
  text,
} from './option.ts';

export const CONNECTION_OPTIONS = {
  serverAddr: text({
    default: '',
    help: 'host:port, [v6]:port or unix:/path of the server; empty starts an embedded target for each run',
  }),
  connectTimeout: duration({
    default: 10_000,
    minMs: 1,
    help: 'how long connecting and the health check may take',
  }),
  metadata: map({ help: 'metadata sent with every call, name=value' }),
  maxReceiveMessageSize: bytes({
    default: 4 * 1024 * 1024,
    min: 1,
    max: 2_147_483_647,
    help: 'largest message accepted',
  }),
  tls: boolean({ default: false, help: "TLS with the system's certificates" }),
  cacert: optionalText({ help: 'PEM file of the authority to trust; turns TLS on' }),
  cert: optionalText({ help: 'PEM file of the client certificate; turns TLS on' }),
  key: optionalText({ help: 'PEM file of the client key' }),
  serverName: optionalText({ help: "name expected in the server's certificate; turns TLS on" }),
  skipVerify: boolean({
    default: false,
    help: 'accept any server certificate; turns TLS on',
  }),
  engine: choice({
    values: ['wire', 'grpc-js'],
    default: 'wire',
    help: 'gRPC client that sends the calls: our own, made for load, or the reference client',
  }),
  connections: integer({
    default: 0,
    min: 0,
    max: 1024,
    help: 'HTTP/2 connections per thread; 0 lets the engine choose',
  }),
  threads: autoCount({
    default: 1,
    max: 64,
    help: "generator threads, each with its own connections; 'auto': by load and free cores",
  }),
} as const;
