#!/usr/bin/env bash
# distill.sh PROVIDER OUTPUT: the schemas of the types that infra/ uses of a provider, from the npm package of its bindings.
set -euo pipefail

provider=$1 output=$2
# What the bindings were generated from: azurerm 4.73, aws 6.x.
case $provider in
  azurerm) package=@cdktn/provider-azurerm@16.1.0 ;;
  aws) package=@cdktn/provider-aws@25.7.0 ;;
  *) echo "distill.sh: '$provider' is no provider of infra/; expected azurerm or aws." >&2; exit 2 ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "Fetching the schemas of $provider ($package) ..."
npm pack "$package" --pack-destination "$folder" --silent --prefer-offline >/dev/null
types=$(grep -rhoE "^(resource|data) \"${provider}_\w+\"" infra --include='*.tf' | sort -u | sed -E 's/(\w+) "(\w+)"/\1:\2/')
mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086 # one argument a type
node "$(dirname "$0")/distill.mjs" "$provider" "$folder"/*.tgz $types >"$output.new"
mv "$output.new" "$output"
