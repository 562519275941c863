#!/usr/bin/env bash
# terraform.sh plan CLOUD ENVIRONMENT VERSION: keeps a plan in artifacts/plans; terraform.sh apply CLOUD ENVIRONMENT: applies that plan and
# nothing else. TF_BACKEND and TF_VARS name files with the backend's settings and the variables, both from here; without TF_VARS Terraform
# reads terraform.tfvars beside the root.
set -euo pipefail

command=$1 cloud=$2 environment=$3
root=infra/$cloud/$environment
plan=$PWD/artifacts/plans/$cloud-$environment.tfplan
if ! [[ $cloud =~ ^(azure|aws)$ && $environment =~ ^(dev|qa|prod)$ ]]; then
  echo "terraform.sh: there is no infra/$cloud/$environment; expected is CLOUD=azure or aws, and ENVIRONMENT=dev, qa or prod." >&2
  exit 2
fi
command -v terraform >/dev/null || { echo "Terraform 1.11 or newer is missing: https://developer.hashicorp.com/terraform/install" >&2; exit 1; }
# Terraform would look for relative names in the root.
for name in TF_BACKEND TF_VARS; do
  if [ -n "${!name:-}" ]; then
    test -f "${!name}" || { echo "terraform.sh: $name names '${!name}', which is no file." >&2; exit 2; }
    declare "$name=$(realpath "${!name}")"
  fi
done
mkdir -p artifacts/plans
export TF_IN_AUTOMATION=1 TF_INPUT=0

init() {
  terraform -chdir="$root" init ${TF_BACKEND:+-backend-config="$TF_BACKEND"} && return
  [ -n "${TF_BACKEND:-}" ] || echo "terraform.sh: TF_BACKEND=file names where the state is kept, as the backend of $root/main.tf wants it." >&2
  return 1
}

case $command in
  plan)
    version=$4
    if ! [[ $version =~ ^[0-9A-Za-z.-]+$ ]]; then
      echo "terraform.sh: the version is '$version'; expected is one that make publish wrote, as VERSION=1.2.3." >&2
      exit 2
    fi
    package=$PWD/artifacts/release/functions-$cloud-$version.zip
    test -s "$package" || { echo "terraform.sh: $package is missing; run make publish VERSION=$version first." >&2; exit 1; }
    rm -f "$plan" # an apply after a plan that failed would apply an older one
    image=$(grep -s '/gpu-batch@' artifacts/release/images.txt || true) # as make images pushed it
    init
    terraform -chdir="$root" plan -out="$plan" -var "package=$package" ${image:+-var "image=$image"} ${TF_VARS:+-var-file="$TF_VARS"}
    ;;
  apply)
    test -s "$plan" || { echo "terraform.sh: there is no plan of $cloud/$environment; run make plan first." >&2; exit 1; }
    init
    terraform -chdir="$root" apply "$plan"
    rm "$plan"
    ;;
  *) echo "terraform.sh: '$command' is none of plan and apply." >&2; exit 2 ;;
esac
