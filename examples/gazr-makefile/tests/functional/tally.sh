. tests/equal.sh

equal "$(echo 'The sea, the SEA, the ship' | bin/tally)" "$(printf '3 the\n2 sea\n1 ship')"
equal "$(echo 'The sea, the SEA, the ship' | bin/tally 1)" "3 the"

message=$(bin/tally many 2>&1 </dev/null)
equal "$?" 2
equal "$message" 'tally: "many" is not a number'
