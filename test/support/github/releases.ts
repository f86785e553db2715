/** Releases on a GitHub and who attested them, and GitHub's own command line as far as our action asks it. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What Sigstore's certificate of a build says, which nobody but the build can have it say. */
export type Attestation = {
  readonly repository: string;
  /** `owner/name/.github/workflows/release.yml`. */
  readonly workflow: string;
  readonly commit: string;
  readonly runner: 'github-hosted' | 'self-hosted';
};

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Lays a file into the release of a tag, with the attestation that its build was given; `dir` is where releases lie. */
export const publishRelease = (
  dir: string,
  { repository, tag, file }: { readonly repository: string; readonly tag: string; readonly file: string },
  attestation: Attestation,
): string => {
  const asset = join(dir, repository, tag, basename(file));
  mkdirSync(dirname(asset), { recursive: true });
  cpSync(file, asset);
  const { workflow, commit, runner } = attestation;
  writeFileSync(`${asset}.sigstore.json`, [digestOf(file), attestation.repository, workflow, commit, runner].join(' '));
  return asset;
};

/** As `gh release download` and `gh attestation verify` do it: each condition is compared with the certificate. */
const commandLine = `#!/usr/bin/env bash
set -euo pipefail
say() { echo "gh: $1" >&2; exit 1; }
declare -A given; patterns=(); words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --pattern) patterns+=("$2"); shift 2 ;;
    --deny-self-hosted-runners) given[runner]=github-hosted; shift ;;
    --*) given["\${1#--}"]="$2"; shift 2 ;;
    *) words+=("$1"); shift ;;
  esac
done
echo "gh \${words[0]} \${words[1]}" >> "\${CALLS:-/dev/null}"
case "\${words[0]} \${words[1]}" in
  'release download')
    mkdir -p "\${given[dir]}"
    for pattern in "\${patterns[@]}"; do
      cp "$GH_RELEASES/\${given[repo]}/\${words[2]}/$pattern" "\${given[dir]}/" || say 'no assets match the file pattern'
    done ;;
  'attestation verify')
    read -r digest repository workflow commit runner < "\${given[bundle]}" || true
    [ "$(sha256sum < "\${words[2]}" | cut -d ' ' -f 1)" = "$digest" ] || say 'no attestation of this digest'
    [ "\${given[repo]-}" = "$repository" ] || say 'another repository'
    [ "\${given[signer-workflow]-$workflow}" = "$workflow" ] || say 'another workflow signed it'
    [ "\${given[source-digest]-$commit}" = "$commit" ] || say 'made of another commit'
    [ "\${given[runner]-$runner}" = "$runner" ] || say 'made on a runner of their own' ;;
  *) say "unknown command \${words[*]}" ;;
esac
`;

/** Writes it as `gh` into a folder for PATH; it finds the releases by GH_RELEASES. */
export const installGh = (bin: string): void => {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'gh'), commandLine);
  chmodSync(join(bin, 'gh'), 0o755);
};
