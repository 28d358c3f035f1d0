# bash completion for davit: source <(davit completion bash)
_davit() {
  local line words typed="${COMP_LINE:0:COMP_POINT}" shown=""
  read -ra words <<<"$typed" # not COMP_WORDS, since bash also splits those at each ":"
  [[ $typed == *[[:space:]] ]] && words+=("")
  line="${words[${#words[@]} - 1]}"
  [[ $line == *:* && $COMP_WORDBREAKS == *:* ]] && shown="${line%:*}:"
  [[ $line == *=* && $COMP_WORDBREAKS == *=* ]] && shown="${line%%=*}="
  COMPREPLY=()
  while IFS= read -r line; do
    line="${line%%$'\t'*}"
    COMPREPLY+=("${line#"$shown"}")
  done < <(davit __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _davit davit
