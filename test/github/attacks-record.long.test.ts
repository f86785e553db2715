/** A plan believes the record of main's own newest drift run, as GitHub says that it was kept, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fieldsIn, rowsIn } from '../../src/model/fields.ts';
import type { NewRun } from '../support/github/open-github.ts';
import { developers } from './shop.ts';
import { bodyOn, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const scheduled: NewRun = { workflow: 'drift.yml', event: 'schedule', branch: 'main', conclusion: 'success' };

let stage: Stage;
/** What main's drift run wrote before somebody gave Shop-Support eight hours by hand. */
let honest: string;
let pull: number;

beforeEach(async () => {
  stage = await openSettledStage({ now: () => new Date().toISOString() });
  const file = join(stage.github.state.root, 'reading.json');
  expect(await stage.drift(['--keep-reading', file])).toMatchObject({ exit: 0 });
  honest = readFileSync(file, 'utf8');
  pull = await proposeEdit(stage, 'more', {
    files: { 'access/groups/developers.yaml': more, 'reading.json': forged() },
  });
  await stage.update('Shop-Support', 'PT8H');
});
afterEach(() => stage.close());

/** As if it had always been so: nobody made it by hand. */
const forged = (): string => {
  const record = fieldsIn(JSON.parse(honest));
  const calls = rowsIn(record['calls']).map((call) =>
    JSON.stringify(call).includes('PT4H')
      ? { ...call, answer: fieldsIn(JSON.parse(JSON.stringify(call['answer']).replace('PT4H', 'PT12H'))) }
      : call,
  );
  return JSON.stringify({ ...record, calls });
};

const keep = (text: string, run: NewRun = scheduled) =>
  stage.github.addArtifact(stage.github.addRun(run), 'gatehouse-reading', { 'reading.json': text });

/** What the comment says of the reading; it never says what a forged record would have it say. */
const saidOf = async (): Promise<string> => {
  expect(await stage.plan(pull)).toMatchObject({ exit: 0 });
  const body = bodyOn(stage, pull, 'plan');
  expect(body).toContain('permission-set/Shop-Support');
  expect(body).not.toContain('43200');
  return /(AWS was read whole: [^.]*\.|AWS as of [^.]*\.)/.exec(body)?.[0] ?? '';
};

describe('the record that a plan believes', () => {
  it('is that of the newest drift run of main, and what moved since is read anew', async () => {
    keep(honest);
    expect(await saidOf()).toMatch(
      /^AWS as of \d\d:\d\d UTC, \d minutes? ago, and what moved since: \d+ events? in CloudTrail, /,
    );
  });

  it.each<readonly [string, NewRun]>([
    ['a pull request', { ...scheduled, event: 'pull_request', branch: 'more', workflow: 'drift.yml' }],
    ['a branch, started by hand', { ...scheduled, event: 'workflow_dispatch', branch: 'more' }],
    ['a fork whose branch is called main', { ...scheduled, event: 'pull_request', ofFork: true }],
    ['a fork, whatever its event', { ...scheduled, ofFork: true }],
    ['another workflow of main', { ...scheduled, workflow: 'plan.yml' }],
    ['a push to main', { ...scheduled, event: 'push' }],
    ['main that failed', { ...scheduled, conclusion: 'failure' }],
  ])('is not that of a run of %s', async (_whose, run) => {
    keep(forged(), run);
    expect(await saidOf()).toBe('AWS was read whole: no drift run of main has ended well.');
    keep(honest);
    keep(forged(), run);
    expect(await saidOf()).toMatch(/^AWS as of/);
  });

  it('is not one that a pull request brings along', async () => {
    expect(await saidOf()).toBe('AWS was read whole: no drift run of main has ended well.');
  });

  it('has the digest that GitHub says, to the last byte', async () => {
    const artifact = keep(honest);
    const at = artifact.zip.indexOf('PT4H');
    artifact.zip.write('PT9H', at);
    expect(await saidOf()).toBe(
      'AWS was read whole: the record is not what the drift run kept: its digest is another one.',
    );
    Object.assign(artifact, { digest: null });
    expect(await saidOf()).toBe('AWS was read whole: GitHub has no digest of the record.');
  });

  it('is none in the hour and a half after an apply wrote', async () => {
    keep(honest);
    const token = stage.github.jobToken({ contents: 'read', deployments: 'write', statuses: 'write' });
    const answer = await fetch(`${stage.github.url}/repos/securecart/aws-access/deployments`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ ref: 'main', task: 'apply', environment: 'gatehouse', payload: { version: 1, open: [] } },
        ...{ auto_merge: false, required_contexts: [] },
      }),
    });
    expect(answer.status).toBe(201);
    expect(await saidOf()).toMatch(
      /^AWS was read whole: an apply wrote at \d\d:\d\d UTC, and CloudTrail may not tell of it yet/,
    );
    stage.github.repository.deployments.splice(0);
    expect(await saidOf()).toMatch(/^AWS as of/);
  });

  it('is none where only an older run kept one', async () => {
    keep(honest);
    stage.github.addRun(scheduled);
    expect(await saidOf()).toBe('AWS was read whole: the newest drift run of main kept no record.');
  });

  it.each([
    ['another version', { format: 0 }, 'the record is of another version of Gatehouse'],
    ['another organization', { organization: 'o-other00000' }, 'the record is of another organization'],
    ['another account', { account: '999999999999' }, 'the record was read by account 999999999999'],
    ['the day before yesterday', { began: '2026-01-01T00:00:00.000Z' }, 'the record is \\d+ days old'],
    ['tomorrow', { began: '2999-01-01T00:00:00.000Z' }, 'the record is of a time to come'],
  ])('is none of %s', async (_what, change, why) => {
    keep(JSON.stringify({ ...fieldsIn(JSON.parse(honest)), ...change }));
    expect(await saidOf()).toMatch(new RegExp(`^AWS was read whole: ${why}\\.$`));
  });
});
