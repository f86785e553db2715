/** Server certificates that an account keeps in IAM. Certificates are stored, not read. */
import { secondsIso, type Input, type Operation, type Output } from '../core.ts';
import { alreadyExists, noSuchEntity, pageOf, tagsIn, tagsOutput } from './look.ts';
import { iamOf, uniqueId, type ServerCertificate } from './state.ts';
import { optionalText, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const keyOf = (name: string): string => `certificate/${name}`;

const certificatesOf = (world: World, account: string): Record<string, ServerCertificate> => {
  const iam = iamOf(world, account);
  iam.serverCertificates ??= {};
  return iam.serverCertificates;
};

/** The certificate that the input names; throws NoSuchEntity. */
export const certificateIn = (world: World, account: string, input: Input): ServerCertificate => {
  const name = text(input, 'ServerCertificateName');
  const found = certificatesOf(world, account)[keyOf(name)];
  if (found) return found;
  throw noSuchEntity(`Server Certificate with name ${name}`);
};

const yearMs = 365 * 24 * 3_600_000;

const metadata = (certificate: ServerCertificate): Output => ({
  Path: certificate.Path,
  ServerCertificateName: certificate.ServerCertificateName,
  ServerCertificateId: certificate.ServerCertificateId,
  Arn: certificate.Arn,
  UploadDate: certificate.UploadDate,
  Expiration: secondsIso(Date.parse(certificate.UploadDate) + yearMs),
});

const upload: Operation<World> = (world, input, call) => {
  const name = text(input, 'ServerCertificateName');
  const certificates = certificatesOf(world, call.account);
  if (certificates[keyOf(name)]) throw alreadyExists(`The Server Certificate with name ${name}`);
  const Path = optionalText(input, 'Path') ?? '/';
  const chain = optionalText(input, 'CertificateChain');
  const certificate: ServerCertificate = {
    ServerCertificateName: name,
    Path,
    Arn: `arn:aws:iam::${call.account}:server-certificate${Path}${name}`,
    ServerCertificateId: uniqueId(world.ids, 'ASCA'),
    UploadDate: secondsIso(call.now),
    body: text(input, 'CertificateBody'),
    ...(chain === undefined ? {} : { chain }),
    Tags: tagsIn(input, 'case-sensitive'),
  };
  certificates[keyOf(name)] = certificate;
  return { ServerCertificateMetadata: metadata(certificate), ...tagsOutput(certificate) };
};

const update: Operation<World> = (world, input, call) => {
  const certificate = certificateIn(world, call.account, input);
  const certificates = certificatesOf(world, call.account);
  const name = optionalText(input, 'NewServerCertificateName') ?? certificate.ServerCertificateName;
  const other = certificates[keyOf(name)];
  if (other && other !== certificate) throw alreadyExists(`The Server Certificate with name ${name}`);
  Reflect.deleteProperty(certificates, keyOf(certificate.ServerCertificateName));
  certificate.ServerCertificateName = name;
  certificate.Path = optionalText(input, 'NewPath') ?? certificate.Path;
  certificate.Arn = `arn:aws:iam::${call.account}:server-certificate${certificate.Path}${name}`;
  certificates[keyOf(name)] = certificate;
  return {};
};

export const serverCertificateOperations: Ops = {
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
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(certificatesOf(world, call.account)).filter(({ Path }) => Path.startsWith(prefix));
    return pageOf('ServerCertificateMetadataList', all.map(metadata), input);
  },
};
