# words prints the words of the standard input in small letters, one a line.
words() {
	tr 'A-Z' 'a-z' | tr -cs 'a-z0-9' '\n' | sed '/^$/d'
}
