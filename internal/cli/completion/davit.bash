# bash completion for davit: source <(davit completion bash)
_davit() {
  local line words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <(davit __complete -- "${words[@]}" 2>/dev/null)
  __ltrim_colon_completions "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null || true
}
complete -o default -F _davit davit
