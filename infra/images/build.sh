#!/usr/bin/env bash
# build.sh VERSION: the images of gpu-batch and, over FUNCTIONS_BASE, of the Functions app, without a container engine. Writes to
# artifacts/release an archive of each (OCI), its list of packages and its provenance, signed with KEY where there is one, and images.txt
# with their names by digest. With REGISTRY=server/path they are pushed there. BASE takes the place of the base that is made here; both bases
# are named by digest.
set -euo pipefail
shopt -s inherit_errexit

version=${1-}
work=artifacts/images release=artifacts/release
if ! [[ $version =~ ^[0-9A-Za-z][0-9A-Za-z.-]{0,127}$ ]]; then
  echo "build.sh: the version is '$version'; allowed are letters, digits, dots and hyphens, a letter or digit first, as in VERSION=1.2.3." >&2
  exit 2
fi
for base in "${BASE:-}" "${FUNCTIONS_BASE:-}"; do
  if [ -n "$base" ] && ! [[ $base =~ @sha256:[0-9a-f]{64}$ ]]; then
    echo "build.sh: the base is '$base'; it is named by its digest: server/name@sha256:..." >&2
    exit 2
  fi
done
if [ -n "${GPU:-}" ] && [ -z "${BASE:-}" ]; then
  echo "build.sh: GPU needs BASE: an image with ffmpeg and with the CUDA and cuDNN that ONNX Runtime's package was built for." >&2
  exit 2
fi
missing=()
for tool in docker-registry:docker-registry mmdebstrap:mmdebstrap skopeo:skopeo umoci:umoci; do
  command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
done
[ ${#missing[@]} -eq 0 ] || local/Stack/install.sh "${missing[@]}"

# The base is dated by the commit, not by when it was made.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
mkdir -p "$work" "$release"
rm -rf "$work/registry"

# The SDK reads bases from a registry, and writes images to one. This one lives as long as this script.
server=127.0.0.1:$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export DOTNET_CONTAINER_INSECURE_REGISTRIES=$server${DOTNET_CONTAINER_INSECURE_REGISTRIES:+;$DOTNET_CONTAINER_INSECURE_REGISTRIES}
cat >"$work/registry.yml" <<EOF
version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: $PWD/$work/registry } }
http: { addr: $server }
EOF
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
registry=$!
trap 'kill $registry 2>/dev/null' EXIT INT TERM
timeout 30 bash -c "until curl -fs http://$server/v2/ >/dev/null; do sleep 0.1; done" || { cat "$work/registry.log" >&2; exit 1; }

# Made anew only where the list of its packages changes, or with REFRESH=1, which brings the newest of each.
base() {
  local made=$work/base.tar made_of created
  made_of=$(sha256sum infra/images/base.packages | cut -c1-64)
  if [ -n "${REFRESH:-}" ] || [ "$(cat "$work/base.made-of" 2>/dev/null)" != "$made_of" ]; then
    echo "Making the base of $(paste -sd' ' infra/images/base.packages) ..." >&2
    # Nothing is shown there, so that it needs neither the drivers of displays nor what they need; and nobody reads.
    mmdebstrap --quiet --variant=essential --include="$(paste -sd, infra/images/base.packages)" \
      --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
      --dpkgopt='path-exclude=/usr/lib/*/dri/*' --dpkgopt='path-exclude=/usr/lib/*/libLLVM*' --dpkgopt='path-exclude=/usr/lib/*/libz3.so*' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --customize-hook='echo app:x:1654:1654::/nonexistent:/usr/sbin/nologin >>"$1/etc/passwd"; echo app:x:1654: >>"$1/etc/group"' \
      bookworm "$made" >&2
    echo "$made_of" >"$work/base.made-of"
  fi
  rm -rf "$work/base"
  umoci init --layout "$work/base"
  umoci new --image "$work/base:base"
  created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  umoci raw add-layer --history.created "$created" --history.created_by "infra/images/build.sh" --image "$work/base:base" "$made"
  umoci config --no-history --image "$work/base:base" --created "$created" \
    --config.env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  skopeo copy --quiet --dest-tls-verify=false "oci:$work/base:base" "docker://$server/base:made"
  echo "$server/base@$(digest "$server/base:made")"
}

digest() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$1"; }

image() { # NAME PROJECT BASE PACKAGES [OPTION ...]
  local name=$1 at archive=$release/$1-$version.oci.tar
  echo "Making the image of $name ..."
  dotnet publish "$2" -c Release -v quiet --nologo -t:Publish,PublishContainer -o "$work/$name" -p:ContainerBaseImage="$3" \
    -p:ContainerRegistry="$server" -p:ContainerRepository="$name" -p:ContainerImageTag="$version" "${@:5}"
  at=$name@$(digest "$server/$name:$version")
  rm -f "$archive"
  skopeo copy --quiet --src-tls-verify=false "docker://$server/$at" "oci-archive:$archive:$version"
  if [ -n "${REGISTRY:-}" ]; then
    skopeo copy --quiet --preserve-digests --src-tls-verify=false "docker://$server/$at" "docker://$REGISTRY/$name:$version"
  fi
  node infra/images/facts.mjs --image "$at" --version "$version" --base "$3" --application "$work/$name/sbom.json" --into "$release" \
    ${4:+--packages "$4"}
  echo "${REGISTRY:+$REGISTRY/}$at" >>"$release/images.txt"
}

: >"$release/images.txt"
packages=
if [ -z "${BASE:-}" ]; then
  BASE=$(base)
  packages=$work/base.status
  tar -xOf "$work/base.tar" ./var/lib/dpkg/status >"$packages"
fi
image gpu-batch gpu-batch "$BASE" "$packages" -r linux-x64 --self-contained ${GPU:+-p:Gpu=true}
if [ -n "${FUNCTIONS_BASE:-}" ]; then
  image functions-azure functions/Azure "$FUNCTIONS_BASE" ""
else
  echo "The Functions app is left out: FUNCTIONS_BASE names no image of the Functions host (mcr.microsoft.com/azure-functions/dotnet-isolated@sha256:...)."
fi
cat "$release/images.txt"
