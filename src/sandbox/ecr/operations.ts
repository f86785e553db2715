/** The imitated ECR, as far as policies of private repositories go. */
import type { CallInput, CallOutput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import type { HeldResource } from '../resources/state.ts';
import { heldAt, heldIn, hold } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { ecrInvalid } from './model.ts';

const denied = (message: string): AwsError => new AwsError('AccessDeniedException', message);

/** A repository's policy is of that repository, and says so nowhere: no Resource may stand in it. */
const rules: PolicyRules = {
  size: 10_240,
  whitespace: 'counts',
  vendor: 'ecr',
  resource: 'none',
  refusal: (fault) =>
    ecrInvalid('PolicyText', fault === 'principal' ? 'Principal not found' : 'Invalid repository policy provided'),
};

/** Throws for the registry of another account, where nobody from here gets in by these calls. */
const ownRegistry = (input: CallInput, call: SandboxCall): string => {
  const registry = optionalTextMember(input, 'registryId') ?? call.account;
  if (registry === call.account) return registry;
  throw denied(
    `User: ${call.principalArn} is not authorized to perform: ecr:${call.operation} on the registry ${registry}`,
  );
};

const repositoryFor = (world: SandboxWorld, input: CallInput, call: SandboxCall): HeldResource => {
  const registry = ownRegistry(input, call);
  const name = textMember(input, 'repositoryName');
  const found = heldAt(world, call, { service: 'ecr', name });
  const arn = `arn:aws:ecr:${call.region}:${registry}:repository/${name}`;
  authorize(world, call, { ...accessTo(`ecr:${call.operation}`, found ?? { arn }), refuse: denied });
  if (found) return found;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registry}'`,
  );
};

const shown = ({ name, arn, region, createdAt }: HeldResource): CallOutput => {
  const registryId = arn.split(':')[4] ?? '';
  return {
    repositoryArn: arn,
    registryId,
    repositoryName: name,
    repositoryUri: `${registryId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    createdAt: createdAt / 1000,
    imageTagMutability: 'MUTABLE',
  };
};

const createRepository: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const registry = ownRegistry(input, call);
  const name = textMember(input, 'repositoryName');
  const arn = `arn:aws:ecr:${call.region}:${registry}:repository/${name}`;
  authorize(world, call, { action: 'ecr:CreateRepository', arn, refuse: denied });
  if (heldAt(world, call, { service: 'ecr', name }))
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${registry}'`,
    );
  const { region, now } = call;
  return {
    repository: shown(hold(world, registry, { service: 'ecr', region, name, arn, createdAt: now, attributes: {} })),
  };
};

const names: TokenNames = {
  size: 'maxResults',
  cap: 1000,
  token: 'nextToken',
  next: 'nextToken',
  invalid: () => ecrInvalid('nextToken', 'Invalid pagination token'),
};

/** 100 where the caller does not say (maxResults). */
const describeRepositories: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const registry = ownRegistry(input, call);
  const arn = `arn:aws:ecr:${call.region}:${registry}:repository/*`;
  authorize(world, call, { action: 'ecr:DescribeRepositories', arn, refuse: denied });
  const asked = input['repositoryNames'] as readonly string[] | undefined;
  const all = heldIn(world, call, 'ecr').filter(({ name }) => asked === undefined || asked.includes(name));
  const gone = asked?.find((name) => !all.some((one) => one.name === name));
  if (gone !== undefined) repositoryFor(world, { repositoryName: gone }, call);
  return resourcePage('repositories', all.map(shown), { input: { maxResults: 100, ...input }, names });
};

const answered = ({ name, arn }: HeldResource, policyText: string): CallOutput => ({
  registryId: arn.split(':')[4],
  repositoryName: name,
  policyText,
});

/** The text of a repository's policy. Throws when it has none. */
const policyOf = (world: SandboxWorld, { name, arn, policy }: HeldResource): string => {
  if (policy !== undefined) return shownPolicy(world, policy);
  throw new AwsError(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${arn.split(':')[4] ?? ''}'`,
  );
};

const getRepositoryPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const repository = repositoryFor(world, input, call);
  return answered(repository, policyOf(world, repository));
};

/** `force`: "If the policy you are attempting to set would prevent you from setting another policy in the future". */
const setRepositoryPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const repository = repositoryFor(world, input, call);
  const policy = checkedPolicy(world, textMember(input, 'policyText'), { rules, now: call.now });
  const refuse = (): AwsError => ecrInvalid('PolicyText', 'Policy would lock the caller out of the repository');
  if (input['force'] !== true)
    authorize(world, call, { action: 'ecr:SetRepositoryPolicy', arn: repository.arn, policy, refuse });
  repository.policy = policy;
  return answered(repository, policy.text);
};

const deleteRepositoryPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const repository = repositoryFor(world, input, call);
  const text = policyOf(world, repository);
  Reflect.deleteProperty(repository, 'policy');
  return answered(repository, text);
};

export const ecrOperations: WorldOperations = {
  CreateRepository: createRepository,
  DescribeRepositories: describeRepositories,
  GetRepositoryPolicy: getRepositoryPolicy,
  SetRepositoryPolicy: setRepositoryPolicy,
  DeleteRepositoryPolicy: deleteRepositoryPolicy,
};
