// From the bytes of an answer to the facts a benchmark needs, by way of the wire contract's own definitions. This is the
// slow, obviously right reading that a faster engine's parser is compared with.

import type { MessageFacts } from '../engine.ts';
import { isApology } from '../../../protocol/answers.ts';
import { loadLoomService } from '../../../protocol/loom-service.ts';
import type { CostInfo__Output } from '../../../protocol/generated/loom/v1/CostInfo.ts';

/** Fills `facts` from one message. Throws when the bytes are not that message. */
export type MessageReader = (bytes: Buffer, facts: MessageFacts) => void;

export function createMessageReader(streaming: boolean): MessageReader {
  const service = loadLoomService();
  return streaming
    ? progressReader(service.StreamWeave.responseDeserialize)
    : responseReader(service.Weave.responseDeserialize);
}

type Service = ReturnType<typeof loadLoomService>;

function responseReader(decode: Service['Weave']['responseDeserialize']): MessageReader {
  return (bytes, facts) => {
    const answer = decode(bytes);
    facts.bytes = bytes.length;
    facts.isToken = false;
    facts.tokenCount = 0;
    facts.contentBytes = Buffer.byteLength(answer.text);
    facts.completed = true;
    facts.failed = false;
    facts.llmTokens = llmTokens(answer.cost);
    facts.apology = isApology(answer.text);
  };
}

function progressReader(decode: Service['StreamWeave']['responseDeserialize']): MessageReader {
  return (bytes, facts) => {
    const progress = decode(bytes);
    facts.bytes = bytes.length;
    facts.isToken = progress.isTokenStream;
    facts.tokenCount = progress.tokenCount;
    facts.contentBytes = Buffer.byteLength(progress.partialContent);
    facts.completed = progress.stage === 'EXECUTION_STAGE_COMPLETED';
    facts.failed = progress.stage === 'EXECUTION_STAGE_FAILED';
    facts.llmTokens = llmTokens(progress.cost);
    facts.apology =
      isApology(progress.partialContent) || isApology(progress.partialResult?.dataJson ?? '');
  };
}

function llmTokens(cost: CostInfo__Output | null): number {
  const llm = cost?.llmCost;
  if (llm === null || llm === undefined) return 0;
  return llm.totalTokens > 0 ? llm.totalTokens : llm.inputTokens + llm.outputTokens;
}
