// facts.mjs: of an image, the list of what is in it (CycloneDX) and its provenance (SLSA 1.0), each as an in-toto statement about the
// image's digest. With KEY, a file of a private key, they are signed (DSSE 1.0); without, they are what they say and no more.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: asked } = parseArgs({
  options: {
    image: { type: 'string' }, // name@sha256:...
    version: { type: 'string' },
    base: { type: 'string' }, // name@sha256:...
    packages: { type: 'string' }, // dpkg's status file of the base, where it is known
    application: { type: 'string' }, // the list that dotnet publish wrote
    into: { type: 'string' },
  },
});
const [name, digest] = asked.image.split('@sha256:');
const baseDigest = asked.base.split('@sha256:')[1];

const git = (...command) => execFileSync('git', command, { encoding: 'utf8' }).trim();

/** Each installed package of Debian as a component (purl-spec, type deb). */
function debianPackages(status) {
  return status
    .split('\n\n')
    .map(entry => Object.fromEntries([...entry.matchAll(/^(Package|Version|Architecture|Status): (.*)$/gm)].map(([, field, value]) => [field, value])))
    .filter(entry => entry.Status === 'install ok installed')
    .map(entry => ({
      type: 'library',
      name: entry.Package,
      version: entry.Version,
      purl: `pkg:deb/debian/${entry.Package}@${encodeURIComponent(entry.Version)}?arch=${entry.Architecture}&distro=bookworm`,
    }));
}

function statement(predicateType, predicate) {
  return { _type: 'https://in-toto.io/Statement/v1', subject: [{ name, digest: { sha256: digest } }], predicateType, predicate };
}

function write(kind, content) {
  const file = `${asked.into}/${name}-${asked.version}.${kind}.json`;
  const body = Buffer.from(JSON.stringify(content, null, 2));
  if (!process.env.KEY) {
    writeFileSync(file, body);
    return;
  }
  const key = createPrivateKey(readFileSync(process.env.KEY));
  const type = 'application/vnd.in-toto+json';
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} `), body]);
  const keyid = createHash('sha256').update(createPublicKey(key).export({ type: 'spki', format: 'der' })).digest('hex');
  const sig = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key).toString('base64');
  writeFileSync(file, JSON.stringify({ payloadType: type, payload: body.toString('base64'), signatures: [{ keyid, sig }] }, null, 2));
}

const bill = JSON.parse(readFileSync(asked.application, 'utf8'));
const status = asked.packages ? readFileSync(asked.packages, 'utf8') : '';
write(
  'sbom',
  statement('https://cyclonedx.org/bom', {
    ...bill,
    metadata: { ...bill.metadata, component: { type: 'container', name, version: asked.version, hashes: [{ alg: 'SHA-256', content: digest }] } },
    components: [
      ...bill.components,
      { type: 'container', name: 'base', version: `sha256:${baseDigest}`, hashes: [{ alg: 'SHA-256', content: baseDigest }] },
      ...debianPackages(status),
    ],
  }),
);
write(
  'provenance',
  statement('https://slsa.dev/provenance/v1', {
    buildDefinition: {
      buildType: 'urn:serverless:make-images:1',
      externalParameters: { image: name, version: asked.version, gpu: Boolean(process.env.GPU), base: status ? 'infra/images/base.packages' : asked.base },
      resolvedDependencies: [
        { name: 'source', digest: { gitCommit: git('rev-parse', 'HEAD') }, annotations: { isModified: git('status', '--porcelain') !== '' } },
        { name: 'base', digest: { sha256: baseDigest } },
      ],
    },
    runDetails: { builder: { id: process.env.BUILDER || 'urn:serverless:by-hand' } },
  }),
);
