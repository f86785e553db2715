/** Where an account's analyzers are, and how Access Analyzer answers what is not there. */
import type { SandboxCall, CallInput, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import { textMember } from '../members.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld } from '../world.ts';
import type { Analyzer, AnalyzerState } from './state.ts';

export const invalidAnalyzerInput = (message: string): AwsError =>
  new AwsError('ValidationException', message, { fields: { reason: 'fieldValidationFailed' } });

export const analyzerConflict = (message: string): AwsError =>
  new AwsError('ConflictException', message, { status: 409 });

export const analyzerNotFound = (resource: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${resource} does not exist.`, {
    status: 404,
    fields: { resourceId: resource, resourceType: 'analyzer' },
  });

/** A read sees nothing and makes nothing. */
export const analyzerStateOf = (world: SandboxWorld, account: string): AnalyzerState =>
  world.accessAnalyzer[account] ?? { analyzers: [], findings: [] };

export const analyzersHere = (world: SandboxWorld, { account, region }: SandboxCall): readonly Analyzer[] =>
  analyzerStateOf(world, account).analyzers.filter((analyzer) => analyzer.region === region);

export const analyzerNamed = (world: SandboxWorld, input: CallInput, call: SandboxCall): Analyzer => {
  const name = textMember(input, 'analyzerName');
  const found = analyzersHere(world, call).find((analyzer) => analyzer.name === name);
  if (found) return found;
  throw analyzerNotFound(name);
};

export const analyzerByArn = (world: SandboxWorld, arn: string, call: SandboxCall): Analyzer => {
  const found = analyzersHere(world, call).find((analyzer) => analyzer.arn === arn);
  if (found) return found;
  throw analyzerNotFound(arn);
};

export const isoOf = (now: number): string => new Date(now).toISOString();

export const analyzerPage = (name: string, all: readonly unknown[], input: CallInput): CallOutput => {
  const page = takePage(all, { token: input['nextToken'], size: input['maxResults'], cap: 100 });
  if (!page) throw invalidAnalyzerInput('The next token is invalid.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }) };
};
