#!/usr/bin/env bash
# Installs the system packages that the pipeline needs and this machine lacks.
set -euo pipefail

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: https://dot.net" >&2; exit 1; }
if ! command -v npm >/dev/null || [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -lt 20 ]; then
  echo "Node.js 20 or newer, with npm, is missing: https://nodejs.org" >&2
  exit 1
fi

packages=()
command -v ffmpeg >/dev/null || packages+=(ffmpeg)
command -v setpriv >/dev/null || packages+=(util-linux)
packages+=("$@")
[ ${#packages[@]} -eq 0 ] && exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo=(sudo -n); else sudo=(false); fi
fi
if ! command -v apt-get >/dev/null || [ "${sudo[*]:-}" = false ]; then
  echo "Missing system packages: ${packages[*]}. Install them (Debian: apt-get install ${packages[*]}) and run make again." >&2
  exit 1
fi

echo "Installing ${packages[*]} ..."
log=$(mktemp)
if ! { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
  tail -n 5 "$log" >&2
  echo "apt-get could not install ${packages[*]}. Install them by hand and run make again." >&2
  exit 1
fi
