#!/usr/bin/env bash
# promote.sh MODEL VERSION FROM TO: promotes a version in the app at $URL with the function key $KEY, and fails unless the verdict is
# "promoted"; then what served before still serves. PROMOTE_WITHIN bounds the wait, 21600 s unless set, and
# PROMOTE_LOOK_EVERY says how often it looks, 10 s unless set.
set -euo pipefail
source "${BASH_SOURCE%/*}/ask.sh"

if ! [[ $2 =~ ^[0-9]{1,9}$ ]]; then
  echo "promote.sh: the version is '$2'; expected is a number, as VERSION=2." >&2
  exit 2
fi
asked=$(jq -nc --arg model "$1" --argjson version "$2" --arg from "$3" --arg to "$4" '{$model, $version, $from, $to}')
id=$(ask promotions -H "content-type: application/json" -d "$asked" | jq -er .id)
echo "Promotion $id of $1/$2 ${3:+from $3 }to $4 has begun."
deadline=$((SECONDS + ${PROMOTE_WITHIN:-21600}))
while true; do
  code=0
  seen=$(ask "promotions/$id") || code=$?
  [ $code -ne 1 ] || exit 1
  verdict=$(jq -r '.verdict // empty' <<<"$seen")
  [ -z "$verdict" ] || break
  if [ $SECONDS -ge $deadline ]; then
    echo "Promotion $id has no verdict after ${PROMOTE_WITHIN:-21600} s. It goes on; to end it: POST $URL/api/promotions/$id/cancel" >&2
    exit 1
  fi
  sleep "${PROMOTE_LOOK_EVERY:-10}"
done
echo "Promotion $id: $(jq -r '.verdict + (if .reason then ": " + .reason else "" end)' <<<"$seen")"
[ "$verdict" = promoted ]
