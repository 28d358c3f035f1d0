#!/bin/sh
# tally [N]: the N most frequent words of the standard input, each with its count. All words, if there is no N.
. lib/words.sh
. lib/count.sh

case ${1:-all} in
all) words | count ;;
*[!0-9]*)
	echo "tally: \"$1\" is not a number" >&2
	exit 2
	;;
*) words | count | sed "${1}q" ;;
esac
