# bash completion for davit: source <(davit completion bash)

# _davit_words sets words to those before the cursor, as they are typed, since bash also splits them at each ":" and "=".
_davit_words() {
  local typed="${COMP_LINE:0:COMP_POINT}" space word
  words=()
  for word in "${COMP_WORDS[@]:0:COMP_CWORD + 1}"; do
    space="${typed%%[![:space:]]*}"
    typed="${typed#"$space"}"
    [[ -n $space || ${#words[@]} == 0 ]] && words+=("")
    words[${#words[@]} - 1]+="${typed:0:${#word}}"
    typed="${typed:${#word}}"
  done
}

# _davit_unquote sets word to what a word means, and quote to the quotation mark that is still open in it.
_davit_unquote() {
  local rest="$1" c
  word="" quote=""
  while [[ -n $rest ]]; do
    c="${rest:0:1}" rest="${rest:1}"
    if [[ $c == "\\" && $quote != "'" ]]; then
      word+="${rest:0:1}" rest="${rest:1}"
    elif [[ -z $quote && ($c == "'" || $c == '"') ]]; then
      quote="$c"
    elif [[ $c == "$quote" ]]; then
      quote=""
    else
      word+="$c"
    fi
  done
}

_davit() {
  local words word quote line shown="" i
  _davit_words
  for i in "${!words[@]}"; do
    _davit_unquote "${words[i]}"
    words[i]="$word"
  done
  [[ $word == *:* && $COMP_WORDBREAKS == *:* ]] && shown="${word%:*}:"
  [[ $word == *=* && $COMP_WORDBREAKS == *=* ]] && shown="${word%%=*}="
  [[ -n $quote ]] && shown="" # nothing splits what is quoted
  COMPREPLY=()
  while IFS= read -r line; do
    line="${line%%$'\t'*}"
    line="${line#"$shown"}"
    [[ -z $quote && $line == *[[:space:]]* ]] && printf -v line %q "$line"
    COMPREPLY+=("$line")
  done < <(davit __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _davit davit
