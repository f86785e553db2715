/** Issues, their comments and labels. A pull request is an issue too. */
import type { Call, Handlers } from './call.ts';
import { created, findBy, hasRole, listed, nothing, ok, reading, text, textOrNull, textsOf, writing } from './call.ts';
import type { Json } from './contract.ts';
import { invalid, notAccessible, notFound, Refusal, tooLong } from './refusals.ts';
import type { Comment, Issue } from './state.ts';
import { newId } from './state.ts';
import { commentView, issueView, labelView } from './views.ts';

/** Of the body of an issue, a pull request and a comment; not in the description, but in the API's own error. */
const bodyLimit = 65_536;
const titleLimit = 256;

export const refuseLongText = (resource: string, body: Json | undefined): void => {
  if (text(body).length > bodyLimit) throw invalid(tooLong(resource, bodyLimit));
};

export const refuseLongTitle = (resource: string, title: Json | undefined): void => {
  if (text(title).length > titleLimit)
    throw invalid({
      resource,
      code: 'custom',
      field: 'title',
      message: `title is too long (maximum is ${titleLimit} characters)`,
    });
};

const issueOf = (call: Call): Issue => {
  const found = call.repository.issues.find((issue) => String(issue.number) === call.path['issue_number']);
  if (found === undefined) throw notFound();
  return found;
};

/** Only who may push sets labels; GitHub drops those of others without a word. */
const labelsFor = (call: Call, labels: Json | undefined): string[] =>
  call.actor.permissions !== undefined || hasRole(call.repository, call.actor.user.login, 'triage')
    ? [...new Set(textsOf(labels))]
    : [];

/** GitHub makes a label the first time that an issue gets it. */
const knowLabels = (call: Call, names: readonly string[]): void => {
  for (const name of names)
    if (!call.repository.labels.some((label) => label.name === name))
      call.repository.labels.push({ id: newId(call.github), name, color: 'ededed', description: '' });
};

export const newIssue = (call: Call): Issue => {
  const labels = labelsFor(call, call.body['labels']);
  knowLabels(call, labels);
  const at = call.github.now();
  return {
    id: newId(call.github),
    number: Math.max(0, ...call.repository.issues.map((issue) => issue.number)) + 1,
    author: call.actor.user,
    app: call.actor.app,
    title: text(call.body['title']),
    body: textOrNull(call.body['body']),
    state: 'open',
    stateReason: null,
    labels,
    assignees: textsOf(call.body['assignees']),
    locked: false,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
  };
};

const createIssue = (call: Call): Issue => {
  refuseLongText('Issue', call.body['body']);
  refuseLongTitle('Issue', call.body['title']);
  const issue = newIssue(call);
  call.repository.issues.push(issue);
  return issue;
};

/** An issue's author may edit it, and whoever may write. */
const mayEdit = (call: Call, author: string): boolean =>
  call.actor.permissions !== undefined ||
  author === call.actor.user.login ||
  hasRole(call.repository, call.actor.user.login, 'triage');

export const setState = (call: Call, issue: Issue): void => {
  const state = call.body['state'];
  if (state === undefined || state === issue.state) return;
  issue.state = state === 'closed' ? 'closed' : 'open';
  issue.closedAt = state === 'closed' ? call.github.now() : null;
  const reason = call.body['state_reason'] as Issue['stateReason'];
  issue.stateReason = state === 'closed' ? (reason ?? 'completed') : 'reopened';
};

const updateIssue = (call: Call): Issue => {
  const issue = issueOf(call);
  if (!mayEdit(call, issue.author.login)) throw new Refusal(403, 'Must have admin rights to Repository.');
  refuseLongText('Issue', call.body['body']);
  refuseLongTitle('Issue', call.body['title']);
  if (call.body['title'] !== undefined) issue.title = text(call.body['title']);
  if (call.body['body'] !== undefined) issue.body = textOrNull(call.body['body']);
  if (call.body['labels'] !== undefined) setLabels(call, issue, textsOf(call.body['labels']));
  setState(call, issue);
  issue.updatedAt = call.github.now();
  return issue;
};

const setLabels = (call: Call, issue: Issue, names: readonly string[]): void => {
  knowLabels(call, names);
  issue.labels = [...new Set(names)];
};

const listedIssues = (call: Call): readonly Issue[] => {
  const { state = 'open', labels = '', creator, since, sort = 'created', direction = 'desc' } = call.query;
  const wanted = labels.split(',').filter((label) => label !== '');
  const found = call.repository.issues.filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      wanted.every((label) => issue.labels.includes(label)) &&
      (creator === undefined || issue.author.login === creator) &&
      (since === undefined || issue.updatedAt >= since),
  );
  const by = (issue: Issue): string => (sort === 'updated' ? issue.updatedAt : String(issue.number).padStart(9, '0'));
  const rising = [...found].sort((a, b) => (by(a) < by(b) ? -1 : 1));
  return direction === 'desc' ? rising.reverse() : rising;
};

const commentsOf = (call: Call): readonly Comment[] => {
  const issue = issueOf(call);
  return call.repository.comments.filter((comment) => comment.issue === issue.number);
};

const createComment = (call: Call): Comment => {
  const issue = issueOf(call);
  const body = text(call.body['body']);
  if (body.trim() === '')
    throw invalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body cannot be blank' });
  refuseLongText('IssueComment', body);
  const at = call.github.now();
  const who = { author: call.actor.user, app: call.actor.app };
  const comment = { id: newId(call.github), issue: issue.number, body, ...who, createdAt: at, updatedAt: at };
  call.repository.comments.push(comment);
  return comment;
};

/** A comment is changed by its author and by whoever may push: why a comment is a display and never evidence. */
const commentToChange = (call: Call): Comment => {
  const comment = findBy(call.repository.comments, call.path['comment_id']);
  const writer = hasRole(call.repository, call.actor.user.login, 'write');
  const isPull = call.repository.issues.some((issue) => issue.number === comment.issue && issue.pull !== undefined);
  const { permissions } = call.actor;
  if (
    permissions !== undefined &&
    permissions['issues'] !== 'write' &&
    !(isPull && permissions['pull_requests'] === 'write')
  )
    throw notAccessible();
  if (permissions === undefined && !writer && comment.author.login !== call.actor.user.login)
    throw new Refusal(403, 'Must have admin rights to Repository.');
  return comment;
};

const updateComment = (call: Call): Comment => {
  const comment = commentToChange(call);
  refuseLongText('IssueComment', call.body['body']);
  comment.body = text(call.body['body']);
  comment.updatedAt = call.github.now();
  return comment;
};

const deleteComment = (call: Call): void => {
  const comment = commentToChange(call);
  call.repository.comments.splice(call.repository.comments.indexOf(comment), 1);
};

const createLabel = (call: Call) => {
  const name = text(call.body['name']);
  if (call.repository.labels.some((label) => label.name.toLowerCase() === name.toLowerCase()))
    throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  const color = text(call.body['color']) || 'ededed';
  const label = { id: newId(call.github), name, color, description: text(call.body['description']) };
  call.repository.labels.push(label);
  return label;
};

const labelsOfIssue = (call: Call, issue: Issue) =>
  listed(
    issue.labels
      .map((name) => call.repository.labels.find((label) => label.name === name))
      .filter((label) => label !== undefined),
    labelView,
  );

const changeLabels = (call: Call, names: (issue: Issue) => readonly string[]) => {
  const issue = issueOf(call);
  setLabels(call, issue, names(issue));
  return labelsOfIssue(call, issue);
};

const repo = '/repos/{owner}/{repo}';
const issue = `${repo}/issues/{issue_number}`;
const comment = `${repo}/issues/comments/{comment_id}`;
const asIssue = (call: Call, found: Issue) => issueView(call.github, call.repository, found);
const asComment = (call: Call, found: Comment) => commentView(call.github, call.repository, found);

export const issueCalls: Handlers = {
  [`GET ${repo}/issues`]: {
    need: reading('issues'),
    answer: (call) => listed(listedIssues(call), (one) => asIssue(call, one)),
  },
  [`POST ${repo}/issues`]: {
    need: writing('issues', 'read'),
    answer: (call) => created(asIssue(call, createIssue(call))),
  },
  [`GET ${issue}`]: { need: reading('issues'), answer: (call) => ok(asIssue(call, issueOf(call))) },
  [`PATCH ${issue}`]: { need: writing('issues', 'read'), answer: (call) => ok(asIssue(call, updateIssue(call))) },
  [`GET ${issue}/comments`]: {
    need: reading('issues'),
    answer: (call) => listed(commentsOf(call), (one) => asComment(call, one)),
  },
  [`POST ${issue}/comments`]: {
    need: writing('issues', 'read'),
    answer: (call) => created(asComment(call, createComment(call))),
  },
  [`POST ${issue}/labels`]: {
    need: writing('issues', 'triage'),
    answer: (call) => changeLabels(call, (found) => [...found.labels, ...textsOf(call.body['labels'])]),
  },
  [`PUT ${issue}/labels`]: {
    need: writing('issues', 'triage'),
    answer: (call) => changeLabels(call, () => textsOf(call.body['labels'])),
  },
  [`DELETE ${issue}/labels/{name}`]: {
    need: writing('issues', 'triage'),
    answer: (call) => {
      if (!issueOf(call).labels.includes(call.path['name'] ?? '')) throw new Refusal(404, 'Label does not exist');
      return changeLabels(call, (found) => found.labels.filter((name) => name !== call.path['name']));
    },
  },
  [`GET ${comment}`]: {
    need: reading('issues'),
    answer: (call) => ok(asComment(call, findBy(call.repository.comments, call.path['comment_id']))),
  },
  [`PATCH ${comment}`]: { need: writing('issues', 'read'), answer: (call) => ok(asComment(call, updateComment(call))) },
  [`DELETE ${comment}`]: {
    need: writing('issues', 'read'),
    answer: (call) => {
      deleteComment(call);
      return nothing;
    },
  },
  [`GET ${repo}/labels`]: { need: reading('issues'), answer: (call) => listed(call.repository.labels, labelView) },
  [`POST ${repo}/labels`]: { need: writing('issues'), answer: (call) => created(labelView(createLabel(call))) },
  [`GET ${repo}/labels/{name}`]: {
    need: reading('issues'),
    answer: (call) => {
      const found = call.repository.labels.find((label) => label.name === call.path['name']);
      if (found === undefined) throw notFound();
      return ok(labelView(found));
    },
  },
};
