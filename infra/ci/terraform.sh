#!/usr/bin/env bash
# terraform.sh plan CLOUD ENVIRONMENT VERSION: keeps a plan in artifacts/plans; terraform.sh apply CLOUD ENVIRONMENT: applies that plan and
# nothing else. TF_BACKEND and TF_VARS name files with the backend's settings and the variables; both have defaults beside the root.
set -euo pipefail

command=$1 cloud=$2 environment=$3
root=infra/$cloud/$environment
plan=$PWD/artifacts/plans/$cloud-$environment.tfplan
[ -d "$root" ] || { echo "terraform.sh: there is no $root; expected is azure or aws, and dev, qa or prod." >&2; exit 2; }
mkdir -p artifacts/plans
export TF_IN_AUTOMATION=1 TF_INPUT=0

case $command in
  plan)
    version=$4
    package=$PWD/artifacts/release/functions-$cloud-$version.zip
    test -s "$package" || { echo "terraform.sh: $package is missing; run make publish VERSION=$version first." >&2; exit 1; }
    image=$(grep -s '/gpu-batch@' artifacts/release/images.txt || true) # as make images pushed it
    terraform -chdir="$root" init ${TF_BACKEND:+-backend-config="$TF_BACKEND"}
    terraform -chdir="$root" plan -out="$plan" -var "package=$package" ${image:+-var "image=$image"} ${TF_VARS:+-var-file="$TF_VARS"}
    ;;
  apply)
    test -s "$plan" || { echo "terraform.sh: there is no plan of $cloud/$environment; run make plan first." >&2; exit 1; }
    terraform -chdir="$root" init ${TF_BACKEND:+-backend-config="$TF_BACKEND"}
    terraform -chdir="$root" apply "$plan"
    rm "$plan"
    ;;
  *) echo "terraform.sh: '$command' is none of plan and apply." >&2; exit 2 ;;
esac
