/** Server certificates that an account keeps in IAM. Certificates are stored, not read. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { secondsIso } from '../core.ts';
import { alreadyExists, noSuchIamEntity, iamListPage, iamTagsIn, tagsOutput } from './look.ts';
import type { ServerCertificate } from './state.ts';
import { iamOf, uniqueId } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const keyOf = (name: string): string => `certificate/${name}`;

const certificatesOf = (world: SandboxWorld, account: string): Record<string, ServerCertificate> => {
  const iam = iamOf(world, account);
  iam.serverCertificates ??= {};
  return iam.serverCertificates;
};

/** The certificate that the input names; throws NoSuchEntity. */
export const certificateIn = (world: SandboxWorld, account: string, input: CallInput): ServerCertificate => {
  const name = textMember(input, 'ServerCertificateName');
  const found = certificatesOf(world, account)[keyOf(name)];
  if (found) return found;
  throw noSuchIamEntity(`Server Certificate with name ${name}`);
};

const yearMs = 365 * 24 * 3_600_000;

const metadata = (certificate: ServerCertificate): CallOutput => ({
  Path: certificate.Path,
  ServerCertificateName: certificate.ServerCertificateName,
  ServerCertificateId: certificate.ServerCertificateId,
  Arn: certificate.Arn,
  UploadDate: certificate.UploadDate,
  Expiration: secondsIso(Date.parse(certificate.UploadDate) + yearMs),
});

const upload: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'ServerCertificateName');
  const certificates = certificatesOf(world, call.account);
  if (certificates[keyOf(name)]) throw alreadyExists(`The Server Certificate with name ${name}`);
  const Path = optionalTextMember(input, 'Path') ?? '/';
  const chain = optionalTextMember(input, 'CertificateChain');
  const certificate: ServerCertificate = {
    ServerCertificateName: name,
    Path,
    Arn: `arn:aws:iam::${call.account}:server-certificate${Path}${name}`,
    ServerCertificateId: uniqueId(world.ids, 'ASCA'),
    UploadDate: secondsIso(call.now),
    body: textMember(input, 'CertificateBody'),
    ...(chain === undefined ? {} : { chain }),
    Tags: iamTagsIn(input, 'case-sensitive'),
  };
  certificates[keyOf(name)] = certificate;
  return { ServerCertificateMetadata: metadata(certificate), ...tagsOutput(certificate) };
};

const update: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const certificate = certificateIn(world, call.account, input);
  const certificates = certificatesOf(world, call.account);
  const name = optionalTextMember(input, 'NewServerCertificateName') ?? certificate.ServerCertificateName;
  const other = certificates[keyOf(name)];
  if (other && other !== certificate) throw alreadyExists(`The Server Certificate with name ${name}`);
  Reflect.deleteProperty(certificates, keyOf(certificate.ServerCertificateName));
  certificate.ServerCertificateName = name;
  certificate.Path = optionalTextMember(input, 'NewPath') ?? certificate.Path;
  certificate.Arn = `arn:aws:iam::${call.account}:server-certificate${certificate.Path}${name}`;
  certificates[keyOf(name)] = certificate;
  return {};
};

export const serverCertificateOperations: WorldOperations = {
  UploadServerCertificate: upload,
  UpdateServerCertificate: update,
  GetServerCertificate: (world, input, call) => {
    const certificate = certificateIn(world, call.account, input);
    return {
      ServerCertificate: {
        ServerCertificateMetadata: metadata(certificate),
        CertificateBody: certificate.body,
        CertificateChain: certificate.chain,
        Tags: certificate.Tags,
      },
    };
  },
  DeleteServerCertificate: (world, input, call) => {
    const { ServerCertificateName } = certificateIn(world, call.account, input);
    Reflect.deleteProperty(certificatesOf(world, call.account), keyOf(ServerCertificateName));
    return {};
  },
  ListServerCertificates: (world, input, call) => {
    const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
    const all = Object.values(certificatesOf(world, call.account)).filter(({ Path }) => Path.startsWith(prefix));
    return iamListPage('ServerCertificateMetadataList', all.map(metadata), input);
  },
};
