package secret

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

// Words are the parts of a name that make it the name of a secret: API_KEY, dbPassword, auth-token.
var Words = []string{"password", "passwd", "pass", "pwd", "passphrase", "passcode", "secret", "secrets", "token",
	"key", "apikey", "dsn", "credential", "credentials", "salt", "pepper", "pat", "pin", "requirepass", "masterauth",
	"htpasswd", "storepass", "keypass", "pw", "cookie"}

// Endings are long enough to make a secret of a word that ends with one: PGPASSWORD, authtoken.
var Endings = []string{"password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "apikey",
	"accesskey", "secretkey", "privatekey"}

// Described are last words of names that only describe a secret: the path of a file with one, its lifetime.
var Described = []string{"file", "path", "dir", "url", "uri", "port", "host", "hostname", "user", "username", "name",
	"ttl", "length", "size", "count", "max", "min", "type", "mode", "method", "format", "version", "algorithm", "timeout",
	"expiry", "header", "prefix"}

// folders are variables of shells with a name like that of a secret.
var folders = []string{"PWD", "OLDPWD"}

// Names decide which names are those of secrets. The zero value is the built-in list.
type Names struct {
	// Add and Not are globs of whole names, in any case: "*_SEED". Not has precedence.
	Add, Not []string
}

// Has reports whether a name is that of a secret.
func (n Names) Has(name string) bool {
	switch {
	case matches(n.Not, name) || slices.Contains(folders, name):
		return false
	case matches(n.Add, name):
		return true
	}
	words := wordsOf(name)
	if len(words) == 0 || slices.Contains(words, "public") || slices.Contains(Described, words[len(words)-1]) {
		return false
	}
	return words[len(words)-1] == "auth" || slices.ContainsFunc(words, isSecret)
}

// isSecret reports whether a word of a name makes it the name of a secret.
func isSecret(word string) bool {
	return slices.Contains(Words, word) ||
		slices.ContainsFunc(Endings, func(end string) bool { return strings.HasSuffix(word, end) })
}

// IsWord reports whether a value is one of the words by which names are those of secrets: "password".
func IsWord(value string) bool {
	return slices.Contains(Words, strings.ToLower(value)) || slices.Contains(Endings, strings.ToLower(value))
}

// FirstBad returns the first of some globs that is none, and whether there is one.
func FirstBad(globs []string) (glob string, has bool) {
	for _, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil || glob == "" {
			return glob, true
		}
	}
	return "", false
}

func matches(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, _ := path.Match(strings.ToUpper(glob), strings.ToUpper(name)) // project.toml has no bad glob
		return ok
	})
}

// wordsOf returns the words of a name in lower case: "dbPassword", "DB_PASSWORD" and "db.password" have two.
func wordsOf(name string) (words []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			words, word = append(words, strings.ToLower(string(word))), nil
		}
	}
	before := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			end()
		}
		if before = r; unicode.IsLetter(r) || unicode.IsDigit(r) {
			word = append(word, r)
		} else {
			end()
		}
	}
	end()
	return words
}
