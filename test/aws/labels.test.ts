import { describe, expect, it } from 'vitest';
import { labelsOfAccounts } from '../../src/aws/labels.ts';
import { isoDurationSeconds, isoDurationText } from '../../src/aws/durations.ts';
import { parseDocument } from '../../src/aws/documents.ts';

const account = (id: string, name: string) => ({ id, name });

describe('the label of an account', () => {
  it('is the YAML name where the id is declared, whatever AWS calls it', () => {
    expect([...labelsOfAccounts([account('1', 'Old')], { '1': 'New' })]).toEqual([['1', 'New']]);
  });

  it('is AWS’s name where nobody declared the id and the name is free', () => {
    expect(labelsOfAccounts([account('2', 'Free')], { '1': 'New' }).get('2')).toBe('Free');
  });

  it('is ~ID where the name is declared for another, belongs to two, begins with ~ or is empty', () => {
    const accounts = [
      account('2', 'New'),
      account('3', 'Same'),
      account('4', 'Same'),
      account('5', '~x'),
      account('6', ''),
    ];
    expect([...labelsOfAccounts(accounts, { '1': 'New' }).values()]).toEqual(['~2', '~3', '~4', '~5', '~6']);
  });
});

describe('a session duration', () => {
  it('is the same in every spelling', () => {
    expect(['PT1H', 'PT60M', 'PT3600S', 'PT0H60M'].map(isoDurationSeconds)).toEqual([3600, 3600, 3600, 3600]);
    expect(isoDurationSeconds('P1DT12H')).toBe(129_600);
    expect(isoDurationSeconds('an hour')).toBeUndefined();
  });

  it('comes back from its text', () => {
    for (const seconds of [3600, 5400, 3661, 43_200, 45])
      expect(isoDurationSeconds(isoDurationText(seconds))).toBe(seconds);
  });
});

describe('a document of AWS', () => {
  it('is a policy or nothing', () => {
    expect(parseDocument('{"Version":"2012-10-17","Statement":{"Effect":"Deny"}}')).toBeDefined();
    for (const text of ['', 'null', '[]', '{}', '{"Statement":[1]}', '{"Statement":', '"x"']) {
      expect(parseDocument(text)).toBeUndefined();
    }
  });
});
