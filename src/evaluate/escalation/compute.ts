/** Ways through what runs code with a role: instances, commands on them, functions and what starts functions. */
import { lesser, pass, escalationPath } from './path.ts';
import type { EscalationPath } from './path.ts';

export const machines: readonly EscalationPath[] = [
  pass('ec2-001', 'a new EC2 instance', ['rhino', 'ec2', 'ec2:RunInstances']),
  escalationPath('ec2-002', "rewrite an instance's user data", [
    'pathfinding',
    'ec2:ModifyInstanceAttribute',
    'ec2:StopInstances',
    'ec2:StartInstances',
  ]),
  escalationPath('ec2-user-data', "rewrite a stopped instance's user data", [
    'pathfinding',
    'ec2:ModifyInstanceAttribute',
    'ec2:StartInstances',
  ]),
  pass('ec2-003', 'a spot instance', ['pathfinding', 'ec2', 'ec2:RequestSpotInstances']),
  pass('spot-fleet', 'a fleet of spot instances', ['service-reference', 'ec2 spotfleet', 'ec2:RequestSpotFleet']),
  escalationPath('ec2-004', 'rewrite the launch template of instances', [
    'pathfinding',
    'ec2:CreateLaunchTemplateVersion',
    'ec2:ModifyLaunchTemplate',
  ]),
  escalationPath('launch-template-refresh', 'have instances start anew from another launch template', [
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
  escalationPath('ec2instanceconnect-003', 'push a key to an instance', [
    'bishop-fox',
    'ec2-instance-connect:SendSSHPublicKey',
  ]),
  escalationPath('serial-console', 'push a key to the serial console of an instance', [
    'service-reference',
    'ec2-instance-connect:SendSerialConsoleSSHPublicKey',
  ]),
  escalationPath('ssm-001', 'open a session on instances by Systems Manager', ['bishop-fox', 'ssm:StartSession']),
  escalationPath('ssm-002', 'run commands on instances by Systems Manager', ['bishop-fox', 'ssm:SendCommand']),
  escalationPath('ssm-association', 'run commands on instances by an association', [
    'service-reference',
    'ssm:CreateAssociation',
  ]),
  escalationPath('ssm-association-batch', 'run commands on instances by many associations', [
    'service-reference',
    'ssm:CreateAssociationBatch',
  ]),
  escalationPath('ssm-association-update', 'rewrite an association of Systems Manager', [
    'service-reference',
    'ssm:UpdateAssociation',
  ]),
  escalationPath('ssm-document', 'rewrite a document that instances run', ['service-reference', 'ssm:UpdateDocument']),
  escalationPath('ssm-document-version', 'go back to another version of a document that instances run', [
    'service-reference',
    'ssm:UpdateDocumentDefaultVersion',
  ]),
  escalationPath('ssm-automation', 'start an automation that has a role', [
    'service-reference',
    'ssm:StartAutomationExecution',
  ]),
  escalationPath('ssm-resume', "resume somebody's session of Systems Manager", [
    'service-reference',
    'ssm:ResumeSession',
  ]),
  escalationPath('greengrass', 'deploy to devices of Greengrass', ['service-reference', 'greengrass:CreateDeployment']),
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

export const functions: readonly EscalationPath[] = [
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
  escalationPath('lambda-003', 'replace the code of a Lambda function', ['rhino', 'lambda:UpdateFunctionCode']),
  escalationPath('lambda-004', 'replace the code of a Lambda function and invoke it', [
    'pathfinding',
    'lambda:UpdateFunctionCode',
    'lambda:InvokeFunction',
  ]),
  escalationPath('lambda-005', 'replace the code of a Lambda function and open it to callers', [
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
  escalationPath('lambda-layer', 'put a layer into a Lambda function', [
    'rhino-2',
    'lambda:UpdateFunctionConfiguration',
  ]),
  pass('states-create', 'a state machine', [
    'pathfinding',
    'states',
    'states:CreateStateMachine',
    'states:StartExecution',
  ]),
  escalationPath('states-update', 'rewrite a state machine', ['service-reference', 'states:UpdateStateMachine']),
  pass('scheduler', 'a schedule of EventBridge Scheduler', ['pathfinding', 'scheduler', 'scheduler:CreateSchedule']),
  pass('events', 'a rule of EventBridge', ['service-reference', 'events', 'events:PutRule', 'events:PutTargets']),
  pass('pipes', 'a pipe of EventBridge', ['service-reference', 'pipes', 'pipes:CreatePipe']),
];
