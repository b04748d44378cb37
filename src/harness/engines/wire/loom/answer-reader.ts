// From the bytes of an answer to the facts a benchmark needs, without an object per message: the fast twin of the
// reference engine's reader, and held against it by tests.

import { APOLOGY_TEXT, isApology } from '../../../../protocol/answers.ts';
import { emptyFacts } from '../../message-facts.ts';
import { byteAt } from '../typed-access.ts';
import { delimitedTag, FieldScanner, varintTag } from './field-scanner.ts';

/** By proto/loom/v1/loom.proto. */
const RESPONSE = { text: delimitedTag(1), cost: delimitedTag(5) } as const;
const PROGRESS = {
  stage: varintTag(1),
  partialResult: delimitedTag(6),
  partialContent: delimitedTag(8),
  isTokenStream: varintTag(9),
  tokenCount: varintTag(10),
  cost: delimitedTag(12),
} as const;
const RESULT_DATA_JSON = delimitedTag(2);
const COST_LLM = delimitedTag(2);
const LLM = {
  totalTokens: varintTag(1),
  inputTokens: varintTag(2),
  outputTokens: varintTag(3),
} as const;
const STAGE = { completed: 7, failed: 8 } as const;

const APOLOGY = Buffer.from(APOLOGY_TEXT);
const FIRST_OF_APOLOGY = byteAt(APOLOGY, 0);
const SPACE = 0x20;
const ASCII_END = 0x80;

/** Reads Weave's answers or StreamWeave's; `facts` is filled by each `read`. */
export class AnswerReader {
  readonly facts = emptyFacts();
  readonly #streaming: boolean;
  readonly #scanner = new FieldScanner();
  readonly #inner = new FieldScanner();
  readonly #innermost = new FieldScanner();
  #contentIsApology = false;
  #resultIsApology = false;

  constructor(streaming: boolean) {
    this.#streaming = streaming;
  }

  /** False when the bytes are not that message. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#reset(end - start);
    const scanner = this.#scanner;
    scanner.open(bytes, start, end);
    if (this.#streaming) while (scanner.next()) this.#progressField(bytes);
    else while (scanner.next()) this.#responseField(bytes);
    this.facts.apology = this.#contentIsApology || this.#resultIsApology;
    return scanner.ok;
  }

  #reset(bytes: number): void {
    const { facts } = this;
    facts.bytes = bytes;
    facts.isToken = false;
    facts.tokenCount = 0;
    facts.contentBytes = 0;
    facts.completed = !this.#streaming;
    facts.failed = false;
    facts.llmTokens = 0;
    this.#contentIsApology = false;
    this.#resultIsApology = false;
  }

  #responseField(bytes: Buffer): void {
    const { tag } = this.#scanner;
    if (tag === RESPONSE.text) this.#content(bytes);
    else if (tag === RESPONSE.cost) this.#cost(bytes);
  }

  #progressField(bytes: Buffer): void {
    const { facts } = this;
    const { tag, value } = this.#scanner;
    switch (tag) {
      case PROGRESS.stage:
        facts.completed = value === STAGE.completed;
        facts.failed = value === STAGE.failed;
        return;
      case PROGRESS.isTokenStream:
        facts.isToken = value !== 0;
        return;
      case PROGRESS.tokenCount:
        facts.tokenCount = value;
        return;
      case PROGRESS.partialContent:
        this.#content(bytes);
        return;
      case PROGRESS.cost:
        this.#cost(bytes);
        return;
      case PROGRESS.partialResult:
        this.#result(bytes);
        return;
      default:
    }
  }

  #content(bytes: Buffer): void {
    const { valueStart, valueEnd } = this.#scanner;
    this.facts.contentBytes = valueEnd - valueStart;
    this.#contentIsApology = saysApology(bytes, valueStart, valueEnd);
  }

  #result(bytes: Buffer): void {
    const scanner = this.#scanner;
    const inner = this.#inner;
    this.#resultIsApology = false;
    inner.open(bytes, scanner.valueStart, scanner.valueEnd);
    while (inner.next()) {
      if (inner.tag !== RESULT_DATA_JSON) continue;
      this.#resultIsApology = saysApology(bytes, inner.valueStart, inner.valueEnd);
    }
    scanner.ok = inner.ok;
  }

  #cost(bytes: Buffer): void {
    const scanner = this.#scanner;
    const inner = this.#inner;
    this.facts.llmTokens = 0;
    inner.open(bytes, scanner.valueStart, scanner.valueEnd);
    while (inner.next()) {
      if (inner.tag === COST_LLM) inner.ok = this.#llmCost(bytes, inner.valueStart, inner.valueEnd);
    }
    scanner.ok = inner.ok;
  }

  #llmCost(bytes: Buffer, start: number, end: number): boolean {
    const llm = this.#innermost;
    let total = 0;
    let input = 0;
    let output = 0;
    llm.open(bytes, start, end);
    while (llm.next()) {
      if (llm.tag === LLM.totalTokens) total = llm.value;
      else if (llm.tag === LLM.inputTokens) input = llm.value;
      else if (llm.tag === LLM.outputTokens) output = llm.value;
    }
    this.facts.llmTokens = total > 0 ? total : input + output;
    return llm.ok;
  }
}

/** isApology of the text, without making a string of nearly any other. */
function saysApology(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < APOLOGY.length) return false;
  const first = byteAt(bytes, start);
  const perhapsSpace = first <= SPACE || first >= ASCII_END;
  if (!perhapsSpace) {
    if (first !== FIRST_OF_APOLOGY) return false;
    if (APOLOGY.compare(bytes, start, start + APOLOGY.length) !== 0) return false;
  }
  return isApology(bytes.toString('utf8', start, end));
}
