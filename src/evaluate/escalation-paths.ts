/**
 * The known ways from a few permissions to many: whoever has all `actions` of a path can end up with more than was given.
 * Read 2026-11-29. A path of pathfinding.cloud keeps its id there; each of its catalogue has a row.
 */
import { identityCenterPaths, organizationPaths } from './escalation-paths-management.ts';

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

type Source = keyof typeof escalationSources;

const path = (id: string, name: string, [source, ...actions]: readonly [Source, ...string[]]): EscalationPath => ({
  id,
  name,
  actions,
  source,
});

const lesser = (...all: Parameters<typeof path>): EscalationPath => ({ ...path(...all), weight: 'high' });

type Passing = readonly [source: Source, services: string, ...actions: readonly string[]];

const pass = (id: string, to: string, [source, services, ...actions]: Passing): EscalationPath => ({
  ...path(id, `pass a role to ${to}`, [source, 'iam:PassRole', ...actions]),
  passedTo: services.split(' ').map((service) => `${service}.amazonaws.com`),
});

const identities: readonly EscalationPath[] = [
  path('iam-001', 'write a new version of a policy', ['rhino', 'iam:CreatePolicyVersion']),
  path('set-default-policy-version', 'go back to an older version of a policy', [
    'rhino',
    'iam:SetDefaultPolicyVersion',
  ]),
  path('iam-002', 'create an access key for a user', ['rhino', 'iam:CreateAccessKey']),
  path('iam-003', 'replace an access key of a user', ['pathfinding', 'iam:CreateAccessKey', 'iam:DeleteAccessKey']),
  path('iam-004', "create a user's console password", ['rhino', 'iam:CreateLoginProfile']),
  path('iam-005', 'write a policy into a role', ['rhino', 'iam:PutRolePolicy']),
  path('iam-006', "change a user's console password", ['rhino', 'iam:UpdateLoginProfile']),
  path('iam-007', 'write a policy into a user', ['rhino', 'iam:PutUserPolicy']),
  path('iam-008', 'attach a policy to a user', ['rhino', 'iam:AttachUserPolicy']),
  path('iam-009', 'attach a policy to a role', ['rhino', 'iam:AttachRolePolicy']),
  path('iam-010', 'attach a policy to a group', ['rhino', 'iam:AttachGroupPolicy']),
  path('iam-011', 'write a policy into a group', ['rhino', 'iam:PutGroupPolicy']),
  path('iam-012', "rewrite a role's trust", ['rhino', 'iam:UpdateAssumeRolePolicy']),
  path('iam-013', 'add a user to a group of IAM', ['rhino', 'iam:AddUserToGroup']),
  path('iam-014', 'attach a policy to a role and become it', ['pathfinding', 'iam:AttachRolePolicy', 'sts:AssumeRole']),
  path('iam-015', 'attach a policy to a user and take its key', [
    'pathfinding',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
  ]),
  path('iam-016', "write a role's policy anew and become it", [
    'pathfinding',
    'iam:CreatePolicyVersion',
    'sts:AssumeRole',
  ]),
  path('iam-017', 'write a policy into a role and become it', ['pathfinding', 'iam:PutRolePolicy', 'sts:AssumeRole']),
  path('iam-018', 'write a policy into a user and take its key', [
    'pathfinding',
    'iam:PutUserPolicy',
    'iam:CreateAccessKey',
  ]),
  path('iam-019', 'attach a policy to a role and have it trust you', [
    'pathfinding',
    'iam:AttachRolePolicy',
    'iam:UpdateAssumeRolePolicy',
  ]),
  path('iam-020', "write a role's policy anew and have it trust you", [
    'pathfinding',
    'iam:CreatePolicyVersion',
    'iam:UpdateAssumeRolePolicy',
  ]),
  path('iam-021', 'write a policy into a role and have it trust you', [
    'pathfinding',
    'iam:PutRolePolicy',
    'iam:UpdateAssumeRolePolicy',
  ]),
  path('delete-role-boundary', "take a role's permissions boundary away", [
    'pathfinding',
    'iam:DeleteRolePermissionsBoundary',
  ]),
  path('delete-user-boundary', "take a user's permissions boundary away", [
    'pathfinding',
    'iam:DeleteUserPermissionsBoundary',
  ]),
  path('put-role-boundary', 'give a role a wider permissions boundary', [
    'iam-dataset',
    'iam:PutRolePermissionsBoundary',
  ]),
  path('put-user-boundary', 'give a user a wider permissions boundary', [
    'iam-dataset',
    'iam:PutUserPermissionsBoundary',
  ]),
  path('service-credential', 'create service credentials for a user', [
    'pathfinding',
    'iam:CreateServiceSpecificCredential',
  ]),
  path('service-credential-reset', 'reset service credentials of a user', [
    'service-reference',
    'iam:ResetServiceSpecificCredential',
  ]),
  path('saml-provider', 'put other keys into an identity provider of SAML', [
    'service-reference',
    'iam:UpdateSAMLProvider',
  ]),
  path('oidc-thumbprint', 'put another certificate into an identity provider of OIDC', [
    'service-reference',
    'iam:UpdateOpenIDConnectProviderThumbprint',
  ]),
  lesser('oidc-client', 'have an identity provider of OIDC take tokens of another client', [
    'service-reference',
    'iam:AddClientIDToOpenIDConnectProvider',
  ]),
  { ...path('sts-001', 'become a role', ['pathfinding', 'sts:AssumeRole']), byRoles: true },
  path('assume-root', 'become the root user of a member account', ['service-reference', 'sts:AssumeRoot']),
  path('trust-anchor-update', 'put another authority into a trust anchor', [
    'service-reference',
    'rolesanywhere:UpdateTrustAnchor',
  ]),
  pass('trust-anchor-create', 'holders of a certificate of your own', [
    'service-reference',
    'rolesanywhere',
    'rolesanywhere:CreateTrustAnchor',
    'rolesanywhere:CreateProfile',
  ]),
  lesser('trust-anchor', 'trust the certificates of another authority', [
    'service-reference',
    'rolesanywhere:CreateTrustAnchor',
  ]),
  lesser('access-key-update', 'turn an access key of a user on again', ['iam-dataset', 'iam:UpdateAccessKey']),
  lesser('ssh-key', 'upload a key for a user', ['service-reference', 'iam:UploadSSHPublicKey']),
  lesser('signing-certificate', 'upload a certificate for a user', [
    'service-reference',
    'iam:UploadSigningCertificate',
  ]),
  lesser('mfa-deactivate', "take a user's second factor away", ['service-reference', 'iam:DeactivateMFADevice']),
  lesser('mfa-create', 'create a second factor', ['iam-dataset', 'iam:CreateVirtualMFADevice']),
  lesser('mfa-enable', 'give a user your second factor', ['iam-dataset', 'iam:EnableMFADevice']),
  lesser('mfa-resync', "set a user's second factor anew", ['iam-dataset', 'iam:ResyncMFADevice']),
  lesser('update-role', 'make the sessions of a role longer', ['service-reference', 'iam:UpdateRole']),
  lesser('service-linked-role', 'create a role for a service', ['iam-dataset', 'iam:CreateServiceLinkedRole']),
  { ...path('pass-role', 'pass a role', ['iam-dataset', 'iam:PassRole']), byRoles: true },
  lesser('kms-grant', 'hand on the use of a key', ['iam-dataset', 'kms:CreateGrant']),
  lesser('codestar-project', 'create a project of CodeStar', ['iam-dataset', 'codestar:CreateProject']),
  lesser('codestar-member', 'join a project of CodeStar', ['iam-dataset', 'codestar:AssociateTeamMember']),
];

const machines: readonly EscalationPath[] = [
  pass('ec2-001', 'a new EC2 instance', ['rhino', 'ec2', 'ec2:RunInstances']),
  path('ec2-002', "rewrite an instance's user data", [
    'pathfinding',
    'ec2:ModifyInstanceAttribute',
    'ec2:StopInstances',
    'ec2:StartInstances',
  ]),
  path('ec2-user-data', "rewrite a stopped instance's user data", [
    'pathfinding',
    'ec2:ModifyInstanceAttribute',
    'ec2:StartInstances',
  ]),
  pass('ec2-003', 'a spot instance', ['pathfinding', 'ec2', 'ec2:RequestSpotInstances']),
  pass('spot-fleet', 'a fleet of spot instances', ['service-reference', 'ec2 spotfleet', 'ec2:RequestSpotFleet']),
  path('ec2-004', 'rewrite the launch template of instances', [
    'pathfinding',
    'ec2:CreateLaunchTemplateVersion',
    'ec2:ModifyLaunchTemplate',
  ]),
  path('launch-template-refresh', 'have instances start anew from another launch template', [
    'service-reference',
    'ec2:CreateLaunchTemplateVersion',
    'autoscaling:StartInstanceRefresh',
  ]),
  lesser('launch-template', 'write a new version of a launch template', [
    'service-reference',
    'ec2:CreateLaunchTemplateVersion',
  ]),
  pass('instance-profile', 'a running EC2 instance', ['bishop-fox', 'ec2', 'ec2:AssociateIamInstanceProfile']),
  pass('instance-profile-replace', 'a running EC2 instance in place of another', [
    'service-reference',
    'ec2',
    'ec2:ReplaceIamInstanceProfileAssociation',
  ]),
  pass('instance-profile-add', 'what an instance profile is used for', [
    'service-reference',
    'ec2',
    'iam:AddRoleToInstanceProfile',
  ]),
  pass('autoscaling', 'instances of Auto Scaling', [
    'pathfinding',
    'ec2',
    'autoscaling:CreateLaunchConfiguration',
    'autoscaling:CreateAutoScalingGroup',
  ]),
  path('ec2instanceconnect-003', 'push a key to an instance', ['bishop-fox', 'ec2-instance-connect:SendSSHPublicKey']),
  path('serial-console', 'push a key to the serial console of an instance', [
    'service-reference',
    'ec2-instance-connect:SendSerialConsoleSSHPublicKey',
  ]),
  path('ssm-001', 'open a session on instances by Systems Manager', ['bishop-fox', 'ssm:StartSession']),
  path('ssm-002', 'run commands on instances by Systems Manager', ['bishop-fox', 'ssm:SendCommand']),
  path('ssm-association', 'run commands on instances by an association', [
    'service-reference',
    'ssm:CreateAssociation',
  ]),
  path('ssm-association-batch', 'run commands on instances by many associations', [
    'service-reference',
    'ssm:CreateAssociationBatch',
  ]),
  path('ssm-association-update', 'rewrite an association of Systems Manager', [
    'service-reference',
    'ssm:UpdateAssociation',
  ]),
  path('ssm-document', 'rewrite a document that instances run', ['service-reference', 'ssm:UpdateDocument']),
  path('ssm-document-version', 'go back to another version of a document that instances run', [
    'service-reference',
    'ssm:UpdateDocumentDefaultVersion',
  ]),
  path('ssm-automation', 'start an automation that has a role', ['service-reference', 'ssm:StartAutomationExecution']),
  path('ssm-resume', "resume somebody's session of Systems Manager", ['service-reference', 'ssm:ResumeSession']),
  path('greengrass', 'deploy to devices of Greengrass', ['service-reference', 'greengrass:CreateDeployment']),
  pass('imagebuilder', 'the instances of Image Builder', [
    'service-reference',
    'ec2 imagebuilder',
    'imagebuilder:CreateInfrastructureConfiguration',
  ]),
  pass('imagebuilder-image', 'an image of Image Builder', [
    'service-reference',
    'ec2 imagebuilder',
    'imagebuilder:CreateImage',
  ]),
];

const functions: readonly EscalationPath[] = [
  pass('lambda-001', 'a Lambda function and invoke it', [
    'rhino',
    'lambda',
    'lambda:CreateFunction',
    'lambda:InvokeFunction',
  ]),
  pass('lambda-002', 'a Lambda function that a queue or table triggers', [
    'rhino',
    'lambda',
    'lambda:CreateFunction',
    'lambda:CreateEventSourceMapping',
  ]),
  path('lambda-003', 'replace the code of a Lambda function', ['rhino', 'lambda:UpdateFunctionCode']),
  path('lambda-004', 'replace the code of a Lambda function and invoke it', [
    'pathfinding',
    'lambda:UpdateFunctionCode',
    'lambda:InvokeFunction',
  ]),
  path('lambda-005', 'replace the code of a Lambda function and open it to callers', [
    'pathfinding',
    'lambda:UpdateFunctionCode',
    'lambda:AddPermission',
  ]),
  pass('lambda-006', 'a Lambda function and open it to callers', [
    'pathfinding',
    'lambda',
    'lambda:CreateFunction',
    'lambda:AddPermission',
  ]),
  pass('lambda-url', 'a Lambda function with a URL', [
    'service-reference',
    'lambda',
    'lambda:CreateFunction',
    'lambda:CreateFunctionUrlConfig',
  ]),
  path('lambda-layer', 'put a layer into a Lambda function', ['rhino-2', 'lambda:UpdateFunctionConfiguration']),
  pass('states-create', 'a state machine', [
    'pathfinding',
    'states',
    'states:CreateStateMachine',
    'states:StartExecution',
  ]),
  path('states-update', 'rewrite a state machine', ['service-reference', 'states:UpdateStateMachine']),
  pass('scheduler', 'a schedule of EventBridge Scheduler', ['pathfinding', 'scheduler', 'scheduler:CreateSchedule']),
  pass('events', 'a rule of EventBridge', ['service-reference', 'events', 'events:PutRule', 'events:PutTargets']),
  pass('pipes', 'a pipe of EventBridge', ['service-reference', 'pipes', 'pipes:CreatePipe']),
];

const containers: readonly EscalationPath[] = [
  pass('apprunner-001', 'a service of App Runner', [
    'pathfinding',
    'apprunner tasks.apprunner build.apprunner',
    'apprunner:CreateService',
  ]),
  path('apprunner-002', 'rewrite a service of App Runner', ['pathfinding', 'apprunner:UpdateService']),
  pass('ecs-001', 'a service of a new cluster of ECS', [
    'pathfinding',
    'ecs-tasks',
    'ecs:CreateCluster',
    'ecs:RegisterTaskDefinition',
    'ecs:CreateService',
  ]),
  pass('ecs-002', 'a task of a new cluster of ECS', [
    'pathfinding',
    'ecs-tasks',
    'ecs:CreateCluster',
    'ecs:RegisterTaskDefinition',
    'ecs:RunTask',
  ]),
  pass('ecs-003', 'a service of ECS', ['pathfinding', 'ecs-tasks', 'ecs:RegisterTaskDefinition', 'ecs:CreateService']),
  pass('ecs-004', 'a task of ECS', ['bishop-fox', 'ecs-tasks', 'ecs:RegisterTaskDefinition', 'ecs:RunTask']),
  pass('ecs-005', 'a task of ECS on an instance', [
    'pathfinding',
    'ecs-tasks',
    'ecs:RegisterTaskDefinition',
    'ecs:StartTask',
  ]),
  pass('ecs-run', 'an existing task of ECS by other commands', ['service-reference', 'ecs-tasks', 'ecs:RunTask']),
  pass('ecs-start', 'an existing task of ECS on an instance by other commands', [
    'service-reference',
    'ecs-tasks',
    'ecs:StartTask',
  ]),
  pass('ecs-update', 'an existing service of ECS', [
    'service-reference',
    'ecs-tasks',
    'ecs:RegisterTaskDefinition',
    'ecs:UpdateService',
  ]),
  path('ecs-exec', 'run commands in a container of ECS', ['service-reference', 'ecs:ExecuteCommand']),
  path('eks-access', 'become an administrator of a cluster of EKS', [
    'service-reference',
    'eks:CreateAccessEntry',
    'eks:AssociateAccessPolicy',
  ]),
  path('eks-policy', 'give an entry of EKS more rights', ['service-reference', 'eks:AssociateAccessPolicy']),
  lesser('eks-entry', 'let somebody into a cluster of EKS', ['service-reference', 'eks:CreateAccessEntry']),
  pass('eks-pod-identity', 'the pods of a cluster of EKS', [
    'service-reference',
    'pods.eks',
    'eks:CreatePodIdentityAssociation',
  ]),
  pass('batch', 'a job of Batch', ['pathfinding', 'ecs-tasks batch', 'batch:RegisterJobDefinition', 'batch:SubmitJob']),
];

const builds: readonly EscalationPath[] = [
  pass('cloudformation-001', 'a CloudFormation stack', ['rhino', 'cloudformation', 'cloudformation:CreateStack']),
  path('cloudformation-002', 'update a CloudFormation stack that has a role', [
    'bishop-fox',
    'cloudformation:UpdateStack',
  ]),
  pass('cloudformation-003', 'a stack set', [
    'pathfinding',
    'cloudformation',
    'cloudformation:CreateStackSet',
    'cloudformation:CreateStackInstances',
  ]),
  pass('cloudformation-004', 'an existing stack set', [
    'pathfinding',
    'cloudformation',
    'cloudformation:UpdateStackSet',
  ]),
  path('stack-set-update', 'rewrite a stack set that has a role', [
    'service-reference',
    'cloudformation:UpdateStackSet',
  ]),
  path('cloudformation-005', 'change a CloudFormation stack by change set', [
    'pathfinding',
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
  ]),
  pass('codebuild-001', 'a CodeBuild project', [
    'pathfinding',
    'codebuild',
    'codebuild:CreateProject',
    'codebuild:StartBuild',
  ]),
  path('codebuild-002', 'start a build by other commands', ['pathfinding', 'codebuild:StartBuild']),
  path('codebuild-003', 'start a batch of builds by other commands', ['pathfinding', 'codebuild:StartBuildBatch']),
  pass('codebuild-004', 'a CodeBuild project of batches', [
    'pathfinding',
    'codebuild',
    'codebuild:CreateProject',
    'codebuild:StartBuildBatch',
  ]),
  pass('codebuild-update', 'an existing CodeBuild project', [
    'pathfinding',
    'codebuild',
    'codebuild:UpdateProject',
    'codebuild:StartBuild',
  ]),
  path('codebuild-project', 'rewrite a CodeBuild project that has a role', [
    'service-reference',
    'codebuild:UpdateProject',
  ]),
  pass('codepipeline', 'a pipeline of CodePipeline', [
    'service-reference',
    'codepipeline',
    'codepipeline:CreatePipeline',
  ]),
  path('codepipeline-update', 'rewrite a pipeline that has a role', [
    'service-reference',
    'codepipeline:UpdatePipeline',
  ]),
  pass('amplify', 'an app of Amplify', ['service-reference', 'amplify', 'amplify:CreateApp']),
  pass('beanstalk', 'an environment of Elastic Beanstalk', [
    'service-reference',
    'elasticbeanstalk ec2',
    'elasticbeanstalk:CreateEnvironment',
  ]),
  path('beanstalk-update', 'rewrite an environment of Elastic Beanstalk', [
    'service-reference',
    'elasticbeanstalk:UpdateEnvironment',
  ]),
];

const datasets: readonly EscalationPath[] = [
  pass('bedrock-001', 'a session of a code interpreter of Bedrock AgentCore', [
    'pathfinding',
    'bedrock-agentcore',
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  pass('bedrock-create', 'a code interpreter of Bedrock AgentCore', [
    'pathfinding',
    'bedrock-agentcore',
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  path('bedrock-002', 'run commands in a code interpreter that has a role', [
    'pathfinding',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  path('bedrock-invoke', 'run commands in a session of a code interpreter', [
    'service-reference',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  pass('datapipeline-001', 'a pipeline of Data Pipeline', [
    'rhino',
    'datapipeline elasticmapreduce ec2',
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ]),
  pass('glue-001', 'a development endpoint of Glue', ['rhino', 'glue', 'glue:CreateDevEndpoint']),
  path('glue-002', 'add a key to a development endpoint of Glue', ['rhino', 'glue:UpdateDevEndpoint']),
  pass('glue-003', 'a job of Glue', ['pathfinding', 'glue', 'glue:CreateJob', 'glue:StartJobRun']),
  pass('glue-004', 'a job of Glue that a trigger starts', [
    'pathfinding',
    'glue',
    'glue:CreateJob',
    'glue:CreateTrigger',
  ]),
  pass('glue-005', 'an existing job of Glue', ['pathfinding', 'glue', 'glue:UpdateJob', 'glue:StartJobRun']),
  pass('glue-006', 'an existing job of Glue that a trigger starts', [
    'pathfinding',
    'glue',
    'glue:UpdateJob',
    'glue:CreateTrigger',
  ]),
  path('glue-job', 'rewrite a job of Glue that has a role', ['service-reference', 'glue:UpdateJob']),
  pass('glue-session', 'an interactive session of Glue', [
    'service-reference',
    'glue',
    'glue:CreateSession',
    'glue:RunStatement',
  ]),
  path('glue-statement', 'run commands in a session of Glue', ['service-reference', 'glue:RunStatement']),
  pass('emr', 'a cluster of EMR', ['service-reference', 'elasticmapreduce ec2', 'elasticmapreduce:RunJobFlow']),
  path('emr-steps', 'run steps on a cluster of EMR', ['service-reference', 'elasticmapreduce:AddJobFlowSteps']),
  pass('emr-serverless', 'a job of EMR Serverless', [
    'service-reference',
    'emr-serverless',
    'emr-serverless:StartJobRun',
  ]),
  pass('sagemaker-001', 'a notebook instance of SageMaker', [
    'pathfinding',
    'sagemaker',
    'sagemaker:CreateNotebookInstance',
  ]),
  pass('sagemaker-notebook', 'a SageMaker notebook', [
    'rhino-2',
    'sagemaker',
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ]),
  pass('sagemaker-002', 'a SageMaker training job', ['bishop-fox', 'sagemaker', 'sagemaker:CreateTrainingJob']),
  pass('sagemaker-003', 'a SageMaker processing job', ['bishop-fox', 'sagemaker', 'sagemaker:CreateProcessingJob']),
  path('sagemaker-004', 'open an existing SageMaker notebook', [
    'rhino-2',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ]),
  path('sagemaker-005', 'rewrite the start of a SageMaker notebook', [
    'pathfinding',
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance',
    'sagemaker:UpdateNotebookInstance',
    'sagemaker:StartNotebookInstance',
  ]),
  path('sagemaker-lifecycle', 'rewrite a script that SageMaker notebooks start with', [
    'service-reference',
    'sagemaker:UpdateNotebookInstanceLifecycleConfig',
  ]),
  path('sagemaker-studio', 'open SageMaker Studio as somebody else', [
    'service-reference',
    'sagemaker:CreatePresignedDomainUrl',
  ]),
  pass('sagemaker-tuning', 'a SageMaker tuning job', [
    'service-reference',
    'sagemaker',
    'sagemaker:CreateHyperParameterTuningJob',
  ]),
  pass('sagemaker-pipeline', 'a pipeline of SageMaker', [
    'service-reference',
    'sagemaker',
    'sagemaker:CreatePipeline',
    'sagemaker:StartPipelineExecution',
  ]),
  pass('cognito-pool', 'whoever signs in by a pool of Cognito', [
    'service-reference',
    'cognito-identity',
    'cognito-identity:SetIdentityPoolRoles',
  ]),
  pass('transfer', 'a user of Transfer Family', ['service-reference', 'transfer', 'transfer:CreateUser']),
  lesser('transfer-key', 'add a key to a user of Transfer Family', [
    'service-reference',
    'transfer:ImportSshPublicKey',
  ]),
];

export const escalationPaths: readonly EscalationPath[] = [
  ...identities,
  ...machines,
  ...functions,
  ...containers,
  ...builds,
  ...datasets,
  ...identityCenterPaths,
  ...organizationPaths,
];
