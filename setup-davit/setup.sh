# The step of setup-davit: it installs davit and davit-engine into DAVIT_BIN, and adds that to the PATH of the next steps.
set -eu
case ${DAVIT_FROM:-release} in
release) sh "$GITHUB_ACTION_PATH/../templates/pipeline/install.sh" ;;
go)
  for program in davit davit-engine; do
    GOBIN=$DAVIT_BIN go install "github.com/davit-dev/davit/cmd/$program@${DAVIT_VERSION:-latest}"
  done
  ;;
*)
  echo "from is \"$DAVIT_FROM\", wanted release or go" >&2
  exit 1
  ;;
esac
echo "$DAVIT_BIN" >>"$GITHUB_PATH"
"$DAVIT_BIN/davit" --version
