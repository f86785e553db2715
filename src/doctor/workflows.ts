/** Which workflows enter AWS: the repository's own as main has them, or those of the tool at the commit that calls them. */
import { parse } from 'yaml';
import { fieldsIn, stringIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';

/** The files plan.yml, apply.yml and drift.yml of .github/workflows; nothing where there is none. */
export type WorkflowTexts = Readonly<Record<'plan' | 'apply' | 'drift', string | undefined>>;

/** Of each kind of job the `job_workflow_ref` that its token may carry. */
export type EnteringWorkflows = Readonly<Record<'plan' | 'apply' | 'drift', readonly string[]>>;

export type CalledWorkflow = { readonly repository: string; readonly ref: string };

/** The reusable workflows; the plan's has a name of its own, because every version of plan.yml may call it. */
const files = { plan: 'gatehouse.yml', apply: 'apply.yml', drift: 'drift.yml' } as const;

const jobsIn = (text: string): readonly UnknownFields[] => {
  try {
    return Object.values(fieldsIn(fieldsIn(parse(text))['jobs'])).map(fieldsIn);
  } catch {
    return [];
  }
};

/** The reusable workflow of this kind that a file calls. */
export const calledWorkflow = (text: string | undefined, kind: keyof WorkflowTexts): CalledWorkflow | undefined => {
  const called = jobsIn(text ?? '')
    .map((job) => /^([\w.-]+\/[\w.-]+)\/\.github\/workflows\/([\w.-]+)@(\S+)$/.exec(stringIn(job['uses'])))
    .find((match) => match?.[2] === files[kind]);
  const [, repository, , ref] = called ?? [];
  return repository === undefined || ref === undefined ? undefined : { repository, ref };
};

export const isFullCommit = (ref: string): boolean => /^[0-9a-f]{40}$/.test(ref);

const isOwn = (repository: string, called: CalledWorkflow | undefined): boolean =>
  called === undefined || called.repository.toLowerCase() === repository.toLowerCase();

const refsOf = (repository: string, called: CalledWorkflow | undefined, also: readonly string[]): readonly string[] =>
  called === undefined || isOwn(repository, called) ? ['refs/heads/main'] : [...new Set([called.ref, ...also])];

/** `also`: commits of the tool that are trusted besides, while a repository moves from one to another. */
export const enteringWorkflows = (
  repository: string,
  texts: WorkflowTexts,
  also: readonly string[] = [],
): EnteringWorkflows => {
  const entering = (kind: keyof WorkflowTexts): readonly string[] => {
    const called = calledWorkflow(texts[kind], kind);
    const home = called === undefined || isOwn(repository, called) ? repository : called.repository;
    return refsOf(repository, called, also).map((ref) => `${home}/.github/workflows/${files[kind]}@${ref}`);
  };
  return { plan: entering('plan'), apply: entering('apply'), drift: entering('drift') };
};
