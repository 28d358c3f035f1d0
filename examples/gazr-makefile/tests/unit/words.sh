. tests/equal.sh
. lib/words.sh

equal "$(printf 'To be,\nor not: TO be!' | words)" "$(printf 'to\nbe\nor\nnot\nto\nbe')"
equal "$(printf '' | words)" ""
equal "$(printf '%s' '-- ...' | words)" ""
