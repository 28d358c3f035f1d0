#!/bin/sh
# Installs davit into a development container: the option is in VERSION, and the user is root.
set -eu

# lacking prints the packages that the rest needs and that are not there.
lacking() {
  command -v curl >/dev/null || command -v wget >/dev/null || echo curl ca-certificates
  command -v git >/dev/null || echo git
}

if [ -n "$(lacking)" ]; then
  if command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(lacking) >/dev/null
    rm -rf /var/lib/apt/lists/*
  elif command -v apk >/dev/null; then
    apk add --no-cache -q $(lacking)
  elif command -v dnf >/dev/null; then
    dnf install -y -q $(lacking)
  else
    echo "davit needs curl and git, and there is no apt-get, apk or dnf to install them" >&2
    exit 1
  fi
fi

case ${VERSION:-latest} in
[0-9]*) DAVIT_VERSION=v$VERSION ;;
*) DAVIT_VERSION=${VERSION:-latest} ;;
esac

# What follows is templates/pipeline/install.sh: a published feature is this folder alone.
# Installs davit and davit-engine of a release into DAVIT_BIN, if the archive has the checksum that the release says.
set -eu
version=${DAVIT_VERSION:-latest}
from=${DAVIT_RELEASES:-https://github.com/davit-dev/davit/releases}
case $version in latest) from=$from/latest/download ;; *) from=$from/download/$version ;; esac
case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) os=windows ;; esac
case $(uname -m) in x86_64 | amd64) arch=amd64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
archive=davit-$os-$arch.tar.gz
dir=$(mktemp -d)
get() { if command -v curl >/dev/null; then curl -fsSL "$from/$1" -o "$dir/$1"; else wget -q "$from/$1" -O "$dir/$1"; fi; }
get SHA256SUMS
get "$archive"
sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }
want=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$dir/SHA256SUMS")
got=$(sum "$dir/$archive")
if [ "$got" != "$want" ]; then
  echo "$from/$archive has the checksum $got, and SHA256SUMS says ${want:-nothing of it}" >&2
  exit 1
fi
mkdir -p "${DAVIT_BIN:=/usr/local/bin}"
tar -xzf "$dir/$archive" -C "$dir"
mv "$dir/davit-$os-$arch/davit"* "$DAVIT_BIN/"
rm -rf "$dir"

for shell in bash:/usr/share/bash-completion/completions/davit zsh:/usr/share/zsh/vendor-completions/_davit \
  fish:/usr/share/fish/vendor_completions.d/davit.fish; do
  file=${shell#*:}
  if [ -d "$(dirname "$file")" ]; then "$DAVIT_BIN/davit" completion "${shell%%:*}" >"$file"; fi
done
