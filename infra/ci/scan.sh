#!/usr/bin/env bash
# Looks for what must not be there: packages with known faults, secrets among the files, licences that bind what links to them.
set -euo pipefail

bad=0
fail() { echo "scan: $1" >&2; bad=1; }
# A feed without such data is no pass, unless SCAN_OFFLINE=1 says that none is to be had.
unasked() { echo "scan: $1" >&2; [ "${SCAN_OFFLINE:-}" = 1 ] || bad=1; }

# Secrets: private keys, keys of clouds and forges. Azurite's account key is published, and stands in tests.
patterns='-----BEGIN [A-Z ]*PRIVATE KEY-----$|AKIA[0-9A-Z]{16}|AccountKey=[A-Za-z0-9+/]{80}|gh[pousr]_[A-Za-z0-9]{36}'
published='Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq'
code=0
lines=$(git grep -InE -e "$patterns" -- . ':!infra/ci/scan.sh') || code=$?
[ $code -le 1 ] || fail "the files could not be searched for secrets: git grep ended with $code"
found=$(grep -v "$published" <<<"$lines" || true)
[ -z "$found" ] || fail "a secret among the files: $found"

# Packages, of NuGet and of npm.
for project in functions/Azure functions/Aws gpu-batch; do
  if ! list=$(dotnet list "$project" package --vulnerable --include-transitive --format json 2>&1); then
    unasked "the packages of $project could not be asked about: $(tail -n 1 <<<"$list")"
  elif grep -q '"severity"' <<<"$list"; then
    fail "packages of $project with known faults: $list"
  fi
done
mkdir -p artifacts
npm audit --omit=dev --json >artifacts/npm-audit.json 2>/dev/null || true
severe='const { metadata: m } = require("./artifacts/npm-audit.json"); m ? m.vulnerabilities.high + m.vulnerabilities.critical : "unasked"'
case $(node -p "$severe") in
  0) ;;
  unasked) unasked "the registry tells of no faults in npm packages: $(head -c 200 artifacts/npm-audit.json | tr '\n' ' ')" ;;
  *) fail "npm packages with known faults: npm audit --omit=dev" ;;
esac

shopt -s nullglob
node infra/ci/licences.mjs artifacts/publish/*/sbom.json || bad=1
exit $bad
