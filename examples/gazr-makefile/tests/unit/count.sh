. tests/equal.sh
. lib/count.sh

equal "$(printf 'b\na\nb\nc\n' | count)" "$(printf '2 b\n1 a\n1 c')"
equal "$(printf '' | count)" ""
