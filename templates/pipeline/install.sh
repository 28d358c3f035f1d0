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
