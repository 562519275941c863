#!/usr/bin/env bash
# run-tests.sh NAME TEST.dll [OPTION ...]: runs one test program, shows its output and its slowest tests, leaves "PASSED FAILED" in
# artifacts/NAME.count, what failed and why in artifacts/NAME.failures and each test's time in artifacts/NAME.xml.
set -uo pipefail

name=$1
log=artifacts/$name.log
limit=${LIMIT:-30m} # many times what the tests take; what still runs then has been named every two minutes
mkdir -p artifacts
# Every process that a test starts is short-lived: compiling its code a second and third time takes more than it gives back, and so does
# mapping each page of compiled code twice (W^X).
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=300 DOTNET_EnableWriteXorExecute=0

# Through a file, not a pipe: a server that a test left behind would hold the pipe open.
: >"$log"
timeout --kill-after=20s "$limit" dotnet "$2" -noLogo -noColor -longRunning 120 -result-xml "artifacts/$name.xml" "${@:3}" >"$log" 2>&1 </dev/null &
tests=$!
trap 'kill $tests 2>/dev/null' EXIT INT TERM
tail -n +1 --follow --sleep-interval=0.2 --pid=$tests "$log"
wait $tests
status=$?
trap - EXIT INT TERM
kill -KILL -- -$tests 2>/dev/null # timeout's process group: what the tests left behind

# xunit's summary: Total: 12, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 3.2s
summary=$(grep -E 'Total: +[0-9]+, +Errors:' "$log" | tail -n 1)
count() { sed -nE "s/.*$1: +([0-9]+).*/\1/p" <<<"$summary"; }
total=$(count Total) failed=$(count Failed) errors=$(count Errors) skipped=$(count Skipped) unrun=$(count 'Not Run')
if [ -z "$total" ]; then
  echo "$name: no summary; the test program $([ $status = 124 ] && echo "was ended after $limit" || echo "ended with $status")" >&2
  echo "0 1" >"artifacts/$name.count"
  tail -n 12 "$log" >"artifacts/$name.failures"
  exit 0
fi
if [ -s "artifacts/$name.xml" ]; then
  echo "The slowest of $name, in seconds:"
  grep -oE '<test [^>]*' "artifacts/$name.xml" | sed -nE 's/.* name="([^"]*)".* time="([0-9.]+)".*/\2 \1/p' | sort -rn | head -n 12
fi
# A failed test's line, and of what it says the beginning: the next test's line is indented as far.
awk '/^    [^ ]/ { shown = / \[FAIL\]$/ ? 12 : 0 } shown-- > 0' "$log" >"artifacts/$name.failures"
bad=$((failed + errors))
if [ $status -ne 0 ] && [ $bad -eq 0 ]; then
  echo "$name: no test failed, but the test program ended with $status" >&2
  bad=1
fi
echo "$((total - failed - errors - skipped - unrun)) $bad" >"artifacts/$name.count"
