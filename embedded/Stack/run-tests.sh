#!/usr/bin/env bash
# run-tests.sh NAME TEST.dll: runs one test program, shows its output, leaves "PASSED FAILED" in artifacts/NAME.count.
set -uo pipefail

name=$1
mkdir -p artifacts
dotnet "$2" -noLogo -noColor | tee "artifacts/$name.log"
status=${PIPESTATUS[0]}

# xunit's summary: Total: 12, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 3.2s
summary=$(grep -E 'Total: +[0-9]+, +Errors:' "artifacts/$name.log" | tail -n 1)
count() { sed -nE "s/.*$1: +([0-9]+).*/\1/p" <<<"$summary"; }
total=$(count Total) failed=$(count Failed) errors=$(count Errors) skipped=$(count Skipped) unrun=$(count 'Not Run')
if [ -z "$total" ]; then
  echo "$name: no summary; the test program ended with $status" >&2
  echo "0 1" >"artifacts/$name.count"
  exit 0
fi
echo "$((total - failed - errors - skipped - unrun)) $((failed + errors))" >"artifacts/$name.count"
