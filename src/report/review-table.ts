/** An access review as a flat table, for spreadsheets and scripts. */
import { givenWordsOf } from '../model/review.ts';
import type { AccessReview, GrantEvent, ReviewRow } from '../model/review.ts';
import { approverWords, eventDay, pullWords } from '../render/review.ts';
import { terminal } from '../render/untrusted.ts';
import { csvOf } from './tables.ts';
import type { Row } from './tables.ts';

const MOST = 20_000;
const plain = (text: string): string => terminal(text, MOST);

const authorOf = ({ backing }: GrantEvent): string => (backing.is === 'pull request' ? backing.author : '');

const tableRow = (row: ReviewRow): Row => {
  const { kind, holder, what, where, accounts, within, people, from, until, reason, since, changed } = row;
  const isMember = kind === 'membership';
  return {
    kind,
    type: isMember ? 'user' : holder.type,
    who: plain(isMember ? what : holder.name),
    gets: plain(givenWordsOf(row)),
    where: plain(where),
    accounts: isMember ? '' : accounts.length,
    accountsHere: within ?? '',
    people: people ?? '',
    from: from ?? '',
    until: until ?? '',
    reason: plain(reason ?? ''),
    state: row.isLater ? 'later' : '',
    at: `${row.place.file}:${row.place.line}`,
    since: eventDay(since),
    sinceCommit: since.sha,
    sinceSubject: plain(since.subject),
    sincePull: pullWords(since.backing),
    sinceOpenedBy: authorOf(since),
    sinceApprovedBy: plain(approverWords(since.backing)),
    changed: eventDay(changed),
    changedCommit: changed.sha,
    changedSubject: plain(changed.subject),
    changedPull: pullWords(changed.backing),
    changedOpenedBy: authorOf(changed),
    changedApprovedBy: plain(approverWords(changed.backing)),
    id: row.id,
    decision: '',
    note: '',
  };
};

export const reviewTable = ({ rows }: AccessReview): readonly Row[] => rows.map(tableRow);

export const reviewCsv = (review: AccessReview): string => csvOf(reviewTable(review));
