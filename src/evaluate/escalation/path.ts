/** A known way from a few permissions to many, where it is described, and how the rows of the lists are written. */

export type EscalationPath = {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly source: keyof typeof escalationSources;
  /** To which services, any of them, the path passes a role. */
  readonly passedTo?: readonly string[];
  /** `management`: only where Identity Center and the organization are managed. */
  readonly where?: 'management';
  /** `high`: a step that needs another one, or gives somebody else's door rather than more rights. */
  readonly weight?: 'high';
  /** What it gives is told by the roles behind it, and judged by them. */
  readonly byRoles?: true;
};

export const escalationSources = {
  rhino: 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/',
  'rhino-2': 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation-part-2/',
  'bishop-fox': 'https://github.com/BishopFox/iam-vulnerable',
  pathfinding: 'https://pathfinding.cloud/',
  'iam-dataset': 'https://github.com/iann0036/iam-dataset/blob/main/aws/tags.json',
  'service-reference': 'https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html',
  'identity-center': 'https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html',
  organizations: 'https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html',
} as const;

type EscalationSource = keyof typeof escalationSources;

export const escalationPath = (
  id: string,
  name: string,
  [source, ...actions]: readonly [EscalationSource, ...string[]],
): EscalationPath => ({
  id,
  name,
  actions,
  source,
});

export const lesser = (...all: Parameters<typeof escalationPath>): EscalationPath => ({
  ...escalationPath(...all),
  weight: 'high',
});

type PassRoleRow = readonly [source: EscalationSource, services: string, ...actions: readonly string[]];

export const pass = (id: string, to: string, [source, services, ...actions]: PassRoleRow): EscalationPath => ({
  ...escalationPath(id, `pass a role to ${to}`, [source, 'iam:PassRole', ...actions]),
  passedTo: services.split(' ').map((service) => `${service}.amazonaws.com`),
});
