# Sourced: asks the app at $URL with the function key $KEY, in the name of whoever started the pipeline.
: "${URL:?is the address of the app, for instance https://app.azurewebsites.net}" "${KEY:?is a function key of it with the role that this needs}"
URL=${URL%/}
by=${GITHUB_ACTOR:-${BUILD_REQUESTEDFOREMAIL:-${BUILD_USER_ID:-${USER:-ci}}}}

# ask PATH [CURL_OPTION ...] prints what is answered. Ends with 75 where asking again may help (no answer, 408, 429, 5xx), with 1 where the
# app refuses.
ask() {
  local answer status
  answer=$(curl -sS --max-time 60 -w '\n%{http_code}' -H "x-functions-key: $KEY" -H "X-Requested-By: $(jq -rn --arg by "$by" '$by | @uri')" \
    "${@:2}" "$URL/api/$1") || return 75
  status=${answer##*$'\n'} answer=${answer%$'\n'*}
  if [[ $status = 2?? ]]; then
    echo "$answer"
    return
  fi
  echo "$URL/api/$1 answered $status: $(jq -er .detail <<<"$answer" 2>/dev/null || head -c 500 <<<"$answer")" >&2
  [[ $status =~ ^(408|429|5..)$ ]] && return 75
  return 1
}
