/** Where an account's analyzers are, and how Access Analyzer answers what is not there. */
import { AwsError, type Call, type Input, type Output } from '../core.ts';
import { text } from '../members.ts';
import { takePage } from '../pages.ts';
import type { World } from '../world.ts';
import type { Analyzer, AnalyzerState } from './state.ts';

export const invalid = (message: string): AwsError =>
  new AwsError('ValidationException', message, { fields: { reason: 'fieldValidationFailed' } });

export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, { status: 409 });

export const notFound = (resource: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${resource} does not exist.`, {
    status: 404,
    fields: { resourceId: resource, resourceType: 'analyzer' },
  });

/** A read sees nothing and makes nothing. */
export const stateOf = (world: World, account: string): AnalyzerState =>
  world.accessAnalyzer[account] ?? { analyzers: [], findings: [] };

export const analyzersHere = (world: World, { account, region }: Call): readonly Analyzer[] =>
  stateOf(world, account).analyzers.filter((analyzer) => analyzer.region === region);

export const analyzerNamed = (world: World, input: Input, call: Call): Analyzer => {
  const name = text(input, 'analyzerName');
  const found = analyzersHere(world, call).find((analyzer) => analyzer.name === name);
  if (found) return found;
  throw notFound(name);
};

export const analyzerByArn = (world: World, arn: string, call: Call): Analyzer => {
  const found = analyzersHere(world, call).find((analyzer) => analyzer.arn === arn);
  if (found) return found;
  throw notFound(arn);
};

export const isoOf = (now: number): string => new Date(now).toISOString();

export const pageOf = (name: string, all: readonly unknown[], input: Input): Output => {
  const page = takePage(all, { token: input['nextToken'], size: input['maxResults'], cap: 100 });
  if (!page) throw invalid('The next token is invalid.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }) };
};
