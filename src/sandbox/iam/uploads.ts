/** What users upload: SSH public keys and signing certificates. */
import { createHash, X509Certificate } from 'node:crypto';
import { AwsError, secondsIso, type Operation, type Output } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { noSuchEntity, pageOf } from './look.ts';
import { uniqueId, type IamUser, type UserCredential } from './state.ts';
import { text } from '../members.ts';
import { userIn, userOrCaller } from './users.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** Five SSH keys and two certificates for each user ("IAM and AWS STS quotas"). */
const [sshQuota, certificateQuota] = [5, 2];

const fingerprint = (body: string): string => {
  const blob = Buffer.from(body.split(' ')[1] ?? body, 'base64');
  return (createHash('md5').update(blob).digest('hex').match(/../g) ?? []).join(':');
};

const sshKeyIn = ({ sshKeys = [] }: IamUser, id: string): UserCredential => {
  const key = sshKeys.find((one) => one.id === id);
  if (key) return key;
  throw noSuchEntity(`Public Key with id ${id}`);
};

const sshRow = ({ UserName }: IamUser, key: UserCredential): Output => ({
  UserName,
  SSHPublicKeyId: key.id,
  Status: key.status,
  UploadDate: key.uploaded,
});

const sshOutput = (user: IamUser, key: UserCredential): Output => ({
  SSHPublicKey: { ...sshRow(user, key), Fingerprint: fingerprint(key.body), SSHPublicKeyBody: key.body },
});

const uploadSsh: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const body = text(input, 'SSHPublicKeyBody').trim();
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

const sshOperations: Ops = {
  UploadSSHPublicKey: uploadSsh,
  GetSSHPublicKey: (world, input, call) => {
    const user = userIn(world, call.account, input);
    return sshOutput(user, sshKeyIn(user, text(input, 'SSHPublicKeyId')));
  },
  UpdateSSHPublicKey: (world, input, call) => {
    sshKeyIn(userIn(world, call.account, input), text(input, 'SSHPublicKeyId')).status = text(input, 'Status');
    return {};
  },
  DeleteSSHPublicKey: (world, input, call) => {
    const user = userIn(world, call.account, input);
    const gone = sshKeyIn(user, text(input, 'SSHPublicKeyId'));
    user.sshKeys = (user.sshKeys ?? []).filter((key) => key !== gone);
    return {};
  },
  ListSSHPublicKeys: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    return pageOf(
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

const certificateOf = ({ certificates = [] }: IamUser, id: string): UserCredential => {
  const found = certificates.find((one) => one.id === id);
  if (found) return found;
  throw noSuchEntity(`Certificate with id ${id}`);
};

const certificateRow = ({ UserName }: IamUser, { id, body, status, uploaded }: UserCredential): Output => ({
  UserName,
  CertificateId: id,
  CertificateBody: body,
  Status: status,
  UploadDate: uploaded,
});

const uploadCertificate: Operation<World> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  const body = text(input, 'CertificateBody');
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

const certificateOperations: Ops = {
  UploadSigningCertificate: uploadCertificate,
  UpdateSigningCertificate: (world, input, call) => {
    certificateOf(userOrCaller(world, input, call), text(input, 'CertificateId')).status = text(input, 'Status');
    return {};
  },
  DeleteSigningCertificate: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    const gone = certificateOf(user, text(input, 'CertificateId'));
    user.certificates = (user.certificates ?? []).filter((one) => one !== gone);
    return {};
  },
  ListSigningCertificates: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    return pageOf(
      'Certificates',
      (user.certificates ?? []).map((one) => certificateRow(user, one)),
      input,
    );
  },
};

export const uploadOperations: Ops = { ...sshOperations, ...certificateOperations };
