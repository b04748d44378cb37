import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentDirectory } from '../../src/target/agents.ts';
import { SessionStore } from '../../src/target/sessions.ts';

describe('Sessions', () => {
  it('get unique ids of the form sess_ and eight hex digits, the same ones under one seed', () => {
    const ids = (seed: number): string[] => {
      const store = new SessionStore(seed);
      return Array.from({ length: 20_000 }, () => store.open('').id);
    };
    const first = ids(1);
    assert.equal(new Set(first).size, first.length);
    for (const id of first) assert.match(id, /^sess_[0-9a-f]{8}$/);
    assert.deepEqual(ids(1), first);
    assert.notDeepEqual(ids(2), first);
  });

  it('are found again by id and keep their history', () => {
    const store = new SessionStore(1);
    const session = store.open('mine');
    session.append('q', 'a');
    assert.equal(store.open('mine'), session);
    assert.equal(store.open('mine').messageCount, 2);
    assert.equal(store.open('other').messageCount, 0);
    session.clearHistory();
    assert.equal(session.messageCount, 0);
    assert.equal(store.size, 2);
  });

  it('never hand out an id that a client chose before', () => {
    const taken = new SessionStore(1).open('').id;
    const store = new SessionStore(1);
    store.open(taken);
    assert.notEqual(store.open('').id, taken);
  });

  it('count every message of a conversation that is longer than what is kept', () => {
    const session = new SessionStore(1).open('long');
    for (let turn = 0; turn < 30_000; turn++) session.append('q', 'a');
    assert.equal(session.messageCount, 60_000);
  });
});

describe('Agents', () => {
  it('have unique version-4 UUIDs, the first one named default, the same ones under one seed', () => {
    const list = (count: number, seed: number) =>
      new AgentDirectory(count, seed).page(1000, '')?.agents ?? [];
    const agents = list(200, 1);
    assert.equal(agents[0]?.name, 'default');
    assert.equal(new Set(agents.map((agent) => agent.id)).size, 200);
    for (const { id } of agents)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(list(200, 1), agents);
    assert.deepEqual(list(3, 1), agents.slice(0, 3));
    assert.notDeepEqual(list(3, 2), agents.slice(0, 3));
  });

  it('are one when none were asked for', () => {
    assert.equal(new AgentDirectory(0, 1).count, 1);
  });

  it('come in pages that together are all of them, once', () => {
    const directory = new AgentDirectory(25, 1);
    const names: string[] = [];
    let token = '';
    let pages = 0;
    do {
      const page = directory.page(10, token);
      assert.ok(page);
      assert.equal(page.totalCount, 25);
      names.push(...page.agents.map((agent) => agent.name));
      token = page.nextPageToken;
      pages += 1;
    } while (token !== '');
    assert.equal(pages, 3);
    assert.equal(new Set(names).size, 25);
    assert.equal(directory.page(10, 'no-token-of-ours'), null);
    assert.equal(directory.page(10, '26'), null);
  });

  it('name the ones there are when another is asked for', () => {
    const directory = new AgentDirectory(2, 1);
    const [first, second] = directory.page(0, '')?.agents ?? [];
    assert.equal(
      directory.notFoundMessage('nobody'),
      `agent not found: nobody (available: [${first?.id} ${second?.id}])`,
    );
    assert.equal(directory.find('nobody'), null);
    assert.equal(directory.find('')?.name, 'default');
  });
});
