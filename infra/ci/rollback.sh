#!/usr/bin/env bash
# rollback.sh MODEL ENVIRONMENT: brings back what served before in the app at $URL with the function key $KEY.
set -euo pipefail
source "${BASH_SOURCE%/*}/ask.sh"

if [ -z "$1" ] || [ -z "$2" ]; then
  echo "rollback.sh: MODEL and ENVIRONMENT are needed, for instance: make rollback MODEL=my-model ENVIRONMENT=prod URL=https://app" >&2
  exit 2
fi
ask "models/$(jq -rn --arg name "$1" '$name | @uri')/rollback?environment=$(jq -rn --arg name "$2" '$name | @uri')" -X POST \
  -H "content-type: application/json" -d '{"reason":"a pipeline asked"}'
