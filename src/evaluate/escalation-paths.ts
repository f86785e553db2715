/**
 * The known ways from a few permissions to many: whoever has all `actions` of a path can end up with more than was given.
 * Read 2026-11-23. Sources: Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation" (parts 1 and 2);
 * Bishop Fox, "iam-vulnerable"; Datadog, "pathfinding.cloud"; AWS, "IAM Identity Center API Reference" for the last ones.
 */

export type EscalationPath = { readonly name: string; readonly actions: readonly string[]; readonly source: Source };
type Source = keyof typeof escalationSources;

export const escalationSources = {
  rhino: 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/',
  'rhino-2': 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation-part-2/',
  'bishop-fox': 'https://github.com/BishopFox/iam-vulnerable',
  pathfinding: 'https://pathfinding.cloud/',
  'identity-center': 'https://docs.aws.amazon.com/singlesignon/latest/APIReference/welcome.html',
} as const;

const path = (source: Source, name: string, actions: readonly string[]): EscalationPath => ({ name, actions, source });

const passRole = (source: Source, to: string, actions: readonly string[]): EscalationPath =>
  path(source, `pass a role to ${to}`, ['iam:PassRole', ...actions]);

export const escalationPaths: readonly EscalationPath[] = [
  path('rhino', 'write a new version of a policy', ['iam:CreatePolicyVersion']),
  path('rhino', 'go back to an older version of a policy', ['iam:SetDefaultPolicyVersion']),
  path('rhino', 'create an access key for a user', ['iam:CreateAccessKey']),
  path('rhino', "create a user's console password", ['iam:CreateLoginProfile']),
  path('rhino', "change a user's console password", ['iam:UpdateLoginProfile']),
  path('rhino', 'attach a policy to a user', ['iam:AttachUserPolicy']),
  path('rhino', 'attach a policy to a group', ['iam:AttachGroupPolicy']),
  path('rhino', 'attach a policy to a role', ['iam:AttachRolePolicy']),
  path('rhino', 'write a policy into a user', ['iam:PutUserPolicy']),
  path('rhino', 'write a policy into a group', ['iam:PutGroupPolicy']),
  path('rhino', 'write a policy into a role', ['iam:PutRolePolicy']),
  path('rhino', 'add a user to a group of IAM', ['iam:AddUserToGroup']),
  path('rhino', "rewrite a role's trust", ['iam:UpdateAssumeRolePolicy']),
  path('pathfinding', "take a role's permissions boundary away", ['iam:DeleteRolePermissionsBoundary']),
  path('pathfinding', "take a user's permissions boundary away", ['iam:DeleteUserPermissionsBoundary']),
  path('pathfinding', 'create service credentials for a user', ['iam:CreateServiceSpecificCredential']),
  passRole('rhino', 'a new EC2 instance', ['ec2:RunInstances']),
  passRole('pathfinding', 'a spot instance', ['ec2:RequestSpotInstances']),
  passRole('bishop-fox', 'a running EC2 instance', ['ec2:AssociateIamInstanceProfile']),
  passRole('pathfinding', 'instances of Auto Scaling', [
    'autoscaling:CreateLaunchConfiguration',
    'autoscaling:CreateAutoScalingGroup',
  ]),
  passRole('rhino', 'a Lambda function and invoke it', ['lambda:CreateFunction', 'lambda:InvokeFunction']),
  passRole('rhino', 'a Lambda function that a queue or table triggers', [
    'lambda:CreateFunction',
    'lambda:CreateEventSourceMapping',
  ]),
  passRole('pathfinding', 'a Lambda function and open it to callers', [
    'lambda:CreateFunction',
    'lambda:AddPermission',
  ]),
  path('rhino', 'replace the code of a Lambda function', ['lambda:UpdateFunctionCode']),
  path('rhino-2', 'put a layer into a Lambda function', ['lambda:UpdateFunctionConfiguration']),
  passRole('rhino', 'a development endpoint of Glue', ['glue:CreateDevEndpoint']),
  path('rhino', 'add a key to a development endpoint of Glue', ['glue:UpdateDevEndpoint']),
  passRole('pathfinding', 'a job of Glue', ['glue:CreateJob', 'glue:StartJobRun']),
  passRole('pathfinding', 'an existing job of Glue', ['glue:UpdateJob', 'glue:StartJobRun']),
  passRole('rhino', 'a CloudFormation stack', ['cloudformation:CreateStack']),
  path('bishop-fox', 'update a CloudFormation stack that has a role', ['cloudformation:UpdateStack']),
  path('pathfinding', 'change a CloudFormation stack by change set', [
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
  ]),
  passRole('pathfinding', 'a stack set', ['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances']),
  passRole('rhino', 'a pipeline of Data Pipeline', [
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ]),
  passRole('rhino-2', 'a SageMaker notebook', [
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ]),
  path('rhino-2', 'open an existing SageMaker notebook', ['sagemaker:CreatePresignedNotebookInstanceUrl']),
  passRole('bishop-fox', 'a SageMaker training job', ['sagemaker:CreateTrainingJob']),
  passRole('bishop-fox', 'a SageMaker processing job', ['sagemaker:CreateProcessingJob']),
  passRole('pathfinding', 'a CodeBuild project', ['codebuild:CreateProject', 'codebuild:StartBuild']),
  passRole('pathfinding', 'an existing CodeBuild project', ['codebuild:UpdateProject', 'codebuild:StartBuild']),
  passRole('bishop-fox', 'a task of ECS', ['ecs:RegisterTaskDefinition', 'ecs:RunTask']),
  passRole('pathfinding', 'a service of ECS', ['ecs:RegisterTaskDefinition', 'ecs:CreateService']),
  passRole('pathfinding', 'a state machine', ['states:CreateStateMachine', 'states:StartExecution']),
  passRole('pathfinding', 'a schedule of EventBridge Scheduler', ['scheduler:CreateSchedule']),
  passRole('pathfinding', 'a service of App Runner', ['apprunner:CreateService']),
  passRole('pathfinding', 'a job of Batch', ['batch:RegisterJobDefinition', 'batch:SubmitJob']),
  passRole('pathfinding', 'a code interpreter of Bedrock AgentCore', [
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  path('bishop-fox', 'run commands on instances by Systems Manager', ['ssm:SendCommand']),
  path('bishop-fox', 'open a session on instances by Systems Manager', ['ssm:StartSession']),
  path('bishop-fox', 'push a key to an instance', ['ec2-instance-connect:SendSSHPublicKey']),
  path('pathfinding', "rewrite an instance's user data", ['ec2:ModifyInstanceAttribute', 'ec2:StartInstances']),
  path('identity-center', 'assign a permission set to anybody', ['sso:CreateAccountAssignment']),
  path('identity-center', 'write into a permission set', [
    'sso:PutInlinePolicyToPermissionSet',
    'sso:ProvisionPermissionSet',
  ]),
  path('identity-center', 'attach a policy to a permission set', [
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:ProvisionPermissionSet',
  ]),
  path('identity-center', 'join a group', ['identitystore:CreateGroupMembership']),
];
