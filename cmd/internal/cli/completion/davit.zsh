#compdef davit
# zsh completion for davit: source <(davit completion zsh)
_davit() {
  local -a candidates
  local line
  while IFS= read -r line; do
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done < <(davit __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  _describe 'davit' candidates || _files
}
if [[ $funcstack[1] == _davit ]]; then
  _davit "$@" # the file is the function, as in a folder of fpath
else
  compdef _davit davit
fi
