# count prints how often each line of the standard input stands there: "3 word", the most frequent first, then by word.
count() {
	LC_ALL=C sort | uniq -c | awk '{ print $1, $2 }' | LC_ALL=C sort -k1,1nr -k2,2
}
