import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedApprovals, mayStart, verdictOf } from '../../src/approve/ballot.ts';
import type { Requirement } from '../../src/approve/ballot.ts';
import type { GitHubUser, Review, ReviewState } from '../../src/model/github.ts';

const person = (login: string): GitHubUser => ({ login, id: login.length, bot: login.endsWith('[bot]') });
const head = 'c0ffee';
const review = (login: string, state: ReviewState, commit = head, submittedAt = '2026-11-01T08:00:00Z'): Review => ({
  id: 1,
  user: person(login),
  state,
  commit,
  submittedAt,
});
const who = { author: person('linus'), authors: ['linus'], head, baseChanges: [] };
const counted = (...reviews: readonly Review[]) => countedApprovals(reviews, who);

const voter = (login: string, teams: readonly string[] = []) => ({ login, canWrite: true, teams });
const needs = (rest: Partial<Requirement>): Requirement => ({
  users: [],
  teams: [],
  count: 1,
  why: 'risk high',
  ...rest,
});

describe('which approvals count', () => {
  it('are those of the final head, the latest word of each, in whatever order they are listed', () => {
    const later = '2026-11-01T09:00:00Z';
    expect(counted(review('ada', 'APPROVED')).logins).toEqual(['ada']);
    expect(counted(review('ada', 'APPROVED', 'old')).logins).toEqual([]);
    expect(counted(review('ada', 'CHANGES_REQUESTED', head, later), review('ada', 'APPROVED')).logins).toEqual([]);
    expect(counted(review('ada', 'DISMISSED', head, later), review('ada', 'APPROVED')).logins).toEqual([]);
    expect(counted(review('ada', 'COMMENTED', head, later), review('ada', 'APPROVED')).logins).toEqual(['ada']);
    expect(counted(review('Ada', 'APPROVED'), review('ada', 'APPROVED')).logins).toHaveLength(1);
  });

  it('are younger than the last change of the base', () => {
    const approved = (...baseChanges: readonly string[]) =>
      countedApprovals([review('ada', 'APPROVED')], { ...who, baseChanges });
    expect(approved('2026-11-01T07:59:59Z').logins).toEqual(['ada']);
    expect(approved('2026-11-01T07:00:00Z', '2026-11-01T08:00:00Z').logins).toEqual([]);
    expect(approved('2026-11-01T09:00:00Z', '2026-11-01T07:00:00Z').ignored).toEqual([
      'ada approved it before its base was changed',
    ]);
    expect(approved('').logins).toEqual([]);
  });

  it('are never those of the author, of who wrote a commit, or of a bot', () => {
    const reviews = [review('Linus', 'APPROVED'), review('grace', 'APPROVED'), review('robot[bot]', 'APPROVED')];
    const { logins, ignored } = countedApprovals(reviews, { ...who, authors: ['linus', 'grace'] });
    expect(logins).toEqual([]);
    expect(ignored).toHaveLength(3);
  });
});

describe('the verdict', () => {
  const verdict = (
    requirements: readonly Requirement[],
    voters: readonly ReturnType<typeof voter>[],
    unreadableTeams: readonly string[] = [],
  ) => verdictOf({ requirements, voters, unreadableTeams });

  it('wants each requirement met; one person may stand for several', () => {
    const both = [needs({ users: ['ada'] }), needs({ teams: ['security'] })];
    expect(verdict(both, [voter('ada', ['security'])]).ok).toBe(true);
    expect(verdict(both, [voter('ada')]).ok).toBe(false);
    expect(verdict(both, [voter('bob', ['security'])]).missing).toEqual(['risk high: needs 1 approval from ada']);
  });

  it('counts people, not teams', () => {
    const two = [needs({ users: ['ada'], teams: ['security'], count: 2 })];
    expect(verdict(two, [voter('ada', ['security'])]).ok).toBe(false);
    expect(verdict(two, [voter('ada'), voter('bob', ['security'])]).ok).toBe(true);
  });

  it('is red with the reason where a team cannot be read, unless the users suffice', () => {
    const either = [needs({ users: ['ada'], teams: ['security'] })];
    expect(verdict(either, [voter('bob')], ['security']).missing[0]).toContain('cannot read team security');
    expect(verdict(either, [voter('ada')], ['security']).ok).toBe(true);
  });

  it('gives no say to who may not write', () => {
    const reader = { ...voter('ada'), canWrite: false };
    expect(verdictOf({ requirements: [needs({})], voters: [reader], unreadableTeams: [] }).ok).toBe(false);
    expect(mayStart([needs({ users: ['ada'] })], reader)).toBe(false);
  });

  it('never turns red because somebody more approved', () => {
    const names = fc.subarray(['ada', 'bob', 'cleo', 'dan']);
    const requirement = fc.record({
      users: names,
      teams: fc.constant([]),
      count: fc.integer({ min: 1, max: 3 }),
      why: fc.constant('x'),
    });
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 3 }), names, names, (requirements, some, more) => {
        const before = verdict(
          requirements,
          some.map((name) => voter(name)),
        );
        const after = verdict(
          requirements,
          [...new Set([...some, ...more])].map((name) => voter(name)),
        );
        expect(!before.ok || after.ok).toBe(true);
      }),
    );
  });
});
