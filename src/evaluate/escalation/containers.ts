/** Ways through containers, stacks, builds and what deploys them. */
import { lesser, pass, escalationPath } from './path.ts';
import type { EscalationPath } from './path.ts';

export const containers: readonly EscalationPath[] = [
  pass('apprunner-001', 'a service of App Runner', [
    'pathfinding',
    'apprunner tasks.apprunner build.apprunner',
    'apprunner:CreateService',
  ]),
  escalationPath('apprunner-002', 'rewrite a service of App Runner', ['pathfinding', 'apprunner:UpdateService']),
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
  escalationPath('ecs-exec', 'run commands in a container of ECS', ['service-reference', 'ecs:ExecuteCommand']),
  escalationPath('eks-access', 'become an administrator of a cluster of EKS', [
    'service-reference',
    'eks:CreateAccessEntry',
    'eks:AssociateAccessPolicy',
  ]),
  escalationPath('eks-policy', 'give an entry of EKS more rights', ['service-reference', 'eks:AssociateAccessPolicy']),
  lesser('eks-entry', 'let somebody into a cluster of EKS', ['service-reference', 'eks:CreateAccessEntry']),
  pass('eks-pod-identity', 'the pods of a cluster of EKS', [
    'service-reference',
    'pods.eks',
    'eks:CreatePodIdentityAssociation',
  ]),
  pass('batch', 'a job of Batch', ['pathfinding', 'ecs-tasks batch', 'batch:RegisterJobDefinition', 'batch:SubmitJob']),
];

export const builds: readonly EscalationPath[] = [
  pass('cloudformation-001', 'a CloudFormation stack', ['rhino', 'cloudformation', 'cloudformation:CreateStack']),
  escalationPath('cloudformation-002', 'update a CloudFormation stack that has a role', [
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
  escalationPath('stack-set-update', 'rewrite a stack set that has a role', [
    'service-reference',
    'cloudformation:UpdateStackSet',
  ]),
  escalationPath('cloudformation-005', 'change a CloudFormation stack by change set', [
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
  escalationPath('codebuild-002', 'start a build by other commands', ['pathfinding', 'codebuild:StartBuild']),
  escalationPath('codebuild-003', 'start a batch of builds by other commands', [
    'pathfinding',
    'codebuild:StartBuildBatch',
  ]),
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
  escalationPath('codebuild-project', 'rewrite a CodeBuild project that has a role', [
    'service-reference',
    'codebuild:UpdateProject',
  ]),
  pass('codepipeline', 'a pipeline of CodePipeline', [
    'service-reference',
    'codepipeline',
    'codepipeline:CreatePipeline',
  ]),
  escalationPath('codepipeline-update', 'rewrite a pipeline that has a role', [
    'service-reference',
    'codepipeline:UpdatePipeline',
  ]),
  pass('amplify', 'an app of Amplify', ['service-reference', 'amplify', 'amplify:CreateApp']),
  pass('beanstalk', 'an environment of Elastic Beanstalk', [
    'service-reference',
    'elasticbeanstalk ec2',
    'elasticbeanstalk:CreateEnvironment',
  ]),
  escalationPath('beanstalk-update', 'rewrite an environment of Elastic Beanstalk', [
    'service-reference',
    'elasticbeanstalk:UpdateEnvironment',
  ]),
];
