#!/usr/bin/env bash
# publish.sh VERSION: what is deployed, in artifacts/release: a zip of each app with its list of packages inside, and their digests.
set -euo pipefail

version=${1-} release=artifacts/release
if ! [[ $version =~ ^[0-9A-Za-z][0-9A-Za-z.-]{0,127}$ ]]; then
  echo "publish.sh: the version is '$version'; allowed are letters, digits, dots and hyphens, a letter or digit first, as in VERSION=1.2.3." >&2
  exit 2
fi
command -v zip >/dev/null || local/Stack/install.sh zip
rm -rf "$release" artifacts/publish
mkdir -p "$release"

publish() { # NAME PROJECT [OPTION ...]
  echo "Publishing $1 ..."
  dotnet publish "$2" -c Release -o "artifacts/publish/$1" -v quiet --nologo "${@:3}"
  test -s "artifacts/publish/$1/sbom.json" || { echo "publish.sh: $1 has no sbom.json." >&2; exit 1; }
  (cd "artifacts/publish/$1" && zip -qr -X "../../../$release/$1-$version.zip" .)
}

publish functions-azure functions/Azure
publish functions-aws functions/Aws ${OFFICIAL_LAMBDA:+-p:OfficialLambda=true}
publish gpu-batch gpu-batch ${GPU:+-p:Gpu=true}
(cd "$release" && sha256sum -- *.zip >SHA256SUMS && cat SHA256SUMS)
