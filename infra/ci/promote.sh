#!/usr/bin/env bash
# promote.sh MODEL VERSION FROM TO: promotes a version in the app at $URL with the function key $KEY, and fails unless the verdict is
# "promoted". PROMOTE_WITHIN bounds the wait, 21600 s unless set.
set -euo pipefail

: "${URL:?is the address of the app}" "${KEY:?is a function key with the role publish}"
asked=$(jq -nc --arg model "$1" --argjson version "$2" --arg from "$3" --arg to "$4" '{$model, $version, $from, $to}')
by=${GITHUB_ACTOR:-${BUILD_REQUESTEDFOREMAIL:-${BUILD_USER_ID:-${USER:-ci}}}}
call() { curl -sS --max-time 60 -H "x-functions-key: $KEY" -H "X-Requested-By: $(jq -rn --arg by "$by" '$by | @uri')" "$@"; }

id=$(call "$URL/api/promotions" -H "content-type: application/json" -d "$asked" | jq -er '.id // error(.detail)')
echo "Promotion $id of $1/$2 ${3:+from $3 }to $4 has begun."
deadline=$((SECONDS + ${PROMOTE_WITHIN:-21600}))
until verdict=$(call "$URL/api/promotions/$id" | jq -er '.verdict'); do
  [ $SECONDS -lt $deadline ] || { echo "Promotion $id has no verdict after ${PROMOTE_WITHIN:-21600} s." >&2; exit 1; }
  sleep 10
done
echo "Promotion $id: $verdict"
[ "$verdict" = promoted ]
