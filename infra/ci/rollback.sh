#!/usr/bin/env bash
# rollback.sh MODEL ENVIRONMENT: brings back what served before in the app at $URL with the function key $KEY.
set -euo pipefail

: "${URL:?is the address of the app}" "${KEY:?is a function key with the role operate}"
by=${GITHUB_ACTOR:-${BUILD_REQUESTEDFOREMAIL:-${BUILD_USER_ID:-${USER:-ci}}}}
curl -sS --fail-with-body --max-time 60 -X POST "$URL/api/models/$1/rollback?environment=$2" \
  -H "x-functions-key: $KEY" -H "X-Requested-By: $(jq -rn --arg by "$by" '$by | @uri')" \
  -H "content-type: application/json" -d '{"reason":"a pipeline asked"}'
echo
