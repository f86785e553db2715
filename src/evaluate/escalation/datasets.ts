/** Ways through what works on data with a role: jobs, notebooks, pipelines and interpreters. */
import { lesser, pass, escalationPath } from './path.ts';
import type { EscalationPath } from './path.ts';

export const datasets: readonly EscalationPath[] = [
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
  escalationPath('bedrock-002', 'run commands in a code interpreter that has a role', [
    'pathfinding',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  escalationPath('bedrock-invoke', 'run commands in a session of a code interpreter', [
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
  escalationPath('glue-002', 'add a key to a development endpoint of Glue', ['rhino', 'glue:UpdateDevEndpoint']),
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
  escalationPath('glue-job', 'rewrite a job of Glue that has a role', ['service-reference', 'glue:UpdateJob']),
  pass('glue-session', 'an interactive session of Glue', [
    'service-reference',
    'glue',
    'glue:CreateSession',
    'glue:RunStatement',
  ]),
  escalationPath('glue-statement', 'run commands in a session of Glue', ['service-reference', 'glue:RunStatement']),
  pass('emr', 'a cluster of EMR', ['service-reference', 'elasticmapreduce ec2', 'elasticmapreduce:RunJobFlow']),
  escalationPath('emr-steps', 'run steps on a cluster of EMR', [
    'service-reference',
    'elasticmapreduce:AddJobFlowSteps',
  ]),
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
  escalationPath('sagemaker-004', 'open an existing SageMaker notebook', [
    'rhino-2',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ]),
  escalationPath('sagemaker-005', 'rewrite the start of a SageMaker notebook', [
    'pathfinding',
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance',
    'sagemaker:UpdateNotebookInstance',
    'sagemaker:StartNotebookInstance',
  ]),
  escalationPath('sagemaker-lifecycle', 'rewrite a script that SageMaker notebooks start with', [
    'service-reference',
    'sagemaker:UpdateNotebookInstanceLifecycleConfig',
  ]),
  escalationPath('sagemaker-studio', 'open SageMaker Studio as somebody else', [
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
