/** What users upload: SSH public keys and signing certificates. */
import { createHash, X509Certificate } from 'node:crypto';
import type { SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { noSuchIamEntity, iamListPage } from './look.ts';
import type { SandboxIamUser, UserCredential } from './state.ts';
import { uniqueId } from './state.ts';
import { textMember } from '../members.ts';
import { userIn, userOrCaller } from './users.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** Five SSH keys and two certificates for each user ("IAM and AWS STS quotas"). */
const [sshQuota, certificateQuota] = [5, 2];

const fingerprint = (body: string): string => {
  const blob = Buffer.from(body.split(' ')[1] ?? body, 'base64');
  return (createHash('md5').update(blob).digest('hex').match(/../g) ?? []).join(':');
};

const sshKeyIn = ({ sshKeys = [] }: SandboxIamUser, id: string): UserCredential => {
  const key = sshKeys.find((one) => one.id === id);
  if (key) return key;
  throw noSuchIamEntity(`Public Key with id ${id}`);
};

const sshRow = ({ UserName }: SandboxIamUser, key: UserCredential): CallOutput => ({
  UserName,
  SSHPublicKeyId: key.id,
  Status: key.status,
  UploadDate: key.uploaded,
});

const sshOutput = (user: SandboxIamUser, key: UserCredential): CallOutput => ({
  SSHPublicKey: { ...sshRow(user, key), Fingerprint: fingerprint(key.body), SSHPublicKeyBody: key.body },
});

const uploadSsh: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const body = textMember(input, 'SSHPublicKeyBody').trim();
  if (!/^(ssh-rsa \S+|-----BEGIN)/.test(body))
    throw new AwsError('InvalidPublicKey', 'The public key is not valid or not supported.');
  const keys = user.sshKeys ?? [];
  if (keys.length >= sshQuota) throw limitExceeded(`Cannot exceed quota for SSHPublicKeysPerUser: ${sshQuota}`);
  const key: UserCredential = {
    id: uniqueId(world.ids, 'APKA'),
    uploaded: secondsIso(call.now),
    body,
    status: 'Active',
  };
  user.sshKeys = [...keys, key];
  return sshOutput(user, key);
};

const sshOperations: WorldOperations = {
  UploadSSHPublicKey: uploadSsh,
  GetSSHPublicKey: (world, input, call) => {
    const user = userIn(world, call.account, input);
    return sshOutput(user, sshKeyIn(user, textMember(input, 'SSHPublicKeyId')));
  },
  UpdateSSHPublicKey: (world, input, call) => {
    sshKeyIn(userIn(world, call.account, input), textMember(input, 'SSHPublicKeyId')).status = textMember(
      input,
      'Status',
    );
    return {};
  },
  DeleteSSHPublicKey: (world, input, call) => {
    const user = userIn(world, call.account, input);
    const gone = sshKeyIn(user, textMember(input, 'SSHPublicKeyId'));
    user.sshKeys = (user.sshKeys ?? []).filter((key) => key !== gone);
    return {};
  },
  ListSSHPublicKeys: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    return iamListPage(
      'SSHPublicKeys',
      (user.sshKeys ?? []).map((key) => sshRow(user, key)),
      input,
    );
  },
};

const mustBeCertificate = (body: string): void => {
  try {
    new X509Certificate(body);
  } catch {
    throw new AwsError('MalformedCertificate', `Certificate ${body} is malformed.`);
  }
};

const certificateOf = ({ certificates = [] }: SandboxIamUser, id: string): UserCredential => {
  const found = certificates.find((one) => one.id === id);
  if (found) return found;
  throw noSuchIamEntity(`Certificate with id ${id}`);
};

const certificateRow = ({ UserName }: SandboxIamUser, { id, body, status, uploaded }: UserCredential): CallOutput => ({
  UserName,
  CertificateId: id,
  CertificateBody: body,
  Status: status,
  UploadDate: uploaded,
});

const uploadCertificate: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  const body = textMember(input, 'CertificateBody');
  mustBeCertificate(body);
  const known = user.certificates ?? [];
  if (known.length >= certificateQuota)
    throw limitExceeded(`Cannot exceed quota for CertificatesPerUser: ${certificateQuota}`);
  const made: UserCredential = {
    id: uniqueId(world.ids, 'CERTIFICATE'),
    uploaded: secondsIso(call.now),
    body,
    status: 'Active',
  };
  user.certificates = [...known, made];
  return { Certificate: certificateRow(user, made) };
};

const certificateOperations: WorldOperations = {
  UploadSigningCertificate: uploadCertificate,
  UpdateSigningCertificate: (world, input, call) => {
    certificateOf(userOrCaller(world, input, call), textMember(input, 'CertificateId')).status = textMember(
      input,
      'Status',
    );
    return {};
  },
  DeleteSigningCertificate: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    const gone = certificateOf(user, textMember(input, 'CertificateId'));
    user.certificates = (user.certificates ?? []).filter((one) => one !== gone);
    return {};
  },
  ListSigningCertificates: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    return iamListPage(
      'Certificates',
      (user.certificates ?? []).map((one) => certificateRow(user, one)),
      input,
    );
  },
};

export const uploadOperations: WorldOperations = { ...sshOperations, ...certificateOperations };
