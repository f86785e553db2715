/** CloudFormation for the way in: one template, a stack where the reconciler runs and a stack set everywhere else. */
import type { RoleDocument, TokenOrigin } from './trust.ts';
import { applyTrust, audience, issuer, planTrust } from './trust.ts';
import type { RoleNames } from './permissions.ts';
import {
  applyPermissions,
  memberPermissions,
  memberTrust,
  planPermissions,
  readerPermissions,
  readerTrust,
} from './permissions.ts';

export type RoleInstallation = {
  readonly origin: TokenOrigin;
  readonly names: RoleNames;
  readonly ownRoles: 'own roles' | 'no roles of its own';
};

export type RoleDocuments = {
  readonly trust: RoleDocument;
  readonly permissions: RoleDocument;
  /** How long its sessions may last. */
  readonly seconds: number;
};

export const providerArn = (account: string): string => `arn:aws:iam::${account}:oidc-provider/${issuer}`;

/** Seconds; the plan's workflow asks for half an hour, the apply's for two hours. */
const sessions = { plan: 3_600, apply: 7_200, member: 3_600 };

/** What the two roles of GitHub's jobs have to be. */
export const roleDocuments = ({ origin, names, ownRoles }: RoleInstallation) => ({
  plan: {
    trust: planTrust(origin, providerArn(names.account)),
    permissions: planPermissions(names),
    seconds: sessions.plan,
  },
  apply: {
    trust: applyTrust(origin, providerArn(names.account)),
    permissions: applyPermissions(names, ownRoles),
    seconds: sessions.apply,
  },
});

type RoleCreation = RoleDocuments & { readonly role: string; readonly where: string };

const roleOf = ({ role, where, seconds, trust, permissions }: RoleCreation) => {
  const name = role.split('/').at(-1) ?? role;
  return {
    Type: 'AWS::IAM::Role',
    Condition: where,
    DeletionPolicy: 'Retain',
    Properties: {
      RoleName: name,
      Path: `/${role.slice(0, role.length - name.length)}`,
      Description: 'Gatehouse; see docs/setup.md of the access repository',
      MaxSessionDuration: seconds,
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: 'gatehouse', PolicyDocument: permissions }],
    },
  };
};

const isReconcilers = { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, { Ref: 'ReconcilerAccount' }] };

/** Only where a role of its own reads the policies of resources. */
const readerIn = (names: RoleNames): object => {
  const { resourceReader: { role } = {}, member } = names;
  if (role === undefined || role === member) return {};
  const documents = { trust: readerTrust(names), permissions: readerPermissions, seconds: sessions.member };
  return { ResourceReader: roleOf({ role, where: 'IsMember', ...documents }) };
};

export const cloudFormation = (installation: RoleInstallation): object => {
  const { names } = installation;
  const { plan, apply } = roleDocuments(installation);
  const member = { trust: memberTrust(names), permissions: memberPermissions(names), seconds: sessions.member };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The way of ${installation.origin.repository} into AWS: two roles for its workflows, one in every member account`,
    Parameters: {
      ReconcilerAccount: { Type: 'String', Default: names.account, AllowedPattern: '^[0-9]{12}$' },
      CreateProvider: {
        Type: 'String',
        Default: 'yes',
        AllowedValues: ['yes', 'no'],
        Description: "no where the account has GitHub's OIDC provider already",
      },
    },
    Conditions: {
      IsReconciler: isReconcilers,
      IsMember: { 'Fn::Not': [isReconcilers] },
      MakesProvider: {
        'Fn::And': [{ Condition: 'IsReconciler' }, { 'Fn::Equals': [{ Ref: 'CreateProvider' }, 'yes'] }],
      },
    },
    Resources: {
      Provider: {
        Type: 'AWS::IAM::OIDCProvider',
        Condition: 'MakesProvider',
        DeletionPolicy: 'Retain',
        Properties: { Url: `https://${issuer}`, ClientIdList: [audience] },
      },
      Plan: roleOf({ role: names.plan, where: 'IsReconciler', ...plan }),
      Apply: roleOf({ role: names.apply, where: 'IsReconciler', ...apply }),
      Member: roleOf({ role: names.member, where: 'IsMember', ...member }),
      ...readerIn(names),
    },
  };
};
