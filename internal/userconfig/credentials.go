package userconfig

import (
	"encoding/base64"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	// user is the user name and the password in an address.
	user = lazy(`(://)([^/\s"'?#]*)@`)
	// credential is an entry whose value is a credential, in any of the formats.
	credential = lazy(`(?im)((?:^|[^a-z0-9])(?:_authToken|_auth|_password|password|username|token|` +
		`npmAuthToken|npmAuthIdent|secret|secret[-_]key)["']?\s*[=:\s]\s*)("[^"\n]*"|'[^'\n]*'|(?:\$\{[^}\n]*\}|[^\s,}"'])+)`)
	// header is an HTTP header in the configuration of git.
	header = lazy(`(?im)(^\s*extraheader\s*=\s*)(.+)$`)
	// login is what a line of a .netrc says besides the machine.
	login = lazy(`(?m)(\b(?:login|account|password)\s+)(\S+)`)
	// loopback is an address of the loopback interface.
	loopback = lazy(`(?i)://([^/\s"'?#@]*@)?(127(\.\d+){3}|localhost|\[::1\])([:/\s,|"']|$)`)
	// certificate is an entry that names the file of a certificate.
	certificate = lazy(`(?im)^\s*(?:cafile|cert|client-cert|cainfo|httpsCaFilePath)["']?\s*[=:\s]\s*["']?(/[^\s"']+)`)
	// reference is a variable in a file of configuration.
	reference = lazy(`\$\{([A-Za-z_][A-Za-z0-9_]*)[^}\n]*\}|"\$([A-Za-z_][A-Za-z0-9_]*)"`)
)

// WithoutUser returns a text without the user names and passwords in its addresses.
func WithoutUser(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	return user().ReplaceAllString(text, "$1")
}

// Counted returns what counts of the text of a file: its addresses without user names and passwords, and that
// credentials are set.
func Counted(name, text string) string {
	if isNetrc(name) {
		return login().ReplaceAllString(text, "${1}set")
	}
	return header().ReplaceAllString(credential().ReplaceAllString(WithoutUser(text), "${1}set"), "${1}set")
}

// credentials returns the credentials in the text of a file, also in the forms in which tools may print them.
func credentials(name, text string) (found []string) {
	if isNetrc(name) {
		return matches(login(), text, func(key string) bool { return !strings.HasPrefix(key, "login") })
	}
	found = append(passwords(text), matches(header(), text, nil)...)
	values := matches(credential(), text, func(key string) bool { return !strings.Contains(key, "username") })
	for _, value := range values {
		found = append(found, value)
		if plain, err := base64.StdEncoding.DecodeString(value); err == nil {
			_, password, _ := strings.Cut(string(plain), ":")
			found = append(found, password)
		}
	}
	return slices.DeleteFunc(found, func(value string) bool { return value == "" })
}

// matches returns the values that an expression finds, for the keys that count.
func matches(e *regexp.Regexp, text string, counts func(key string) bool) (values []string) {
	for _, m := range e.FindAllStringSubmatch(text, -1) {
		if counts == nil || counts(strings.ToLower(m[1])) {
			values = append(values, strings.Trim(m[2], `"'`))
		}
	}
	return values
}

// passwords returns the passwords in the addresses of a text, and tokens in place of a user name, as they are
// and decoded.
func passwords(text string) (found []string) {
	for _, m := range user().FindAllStringSubmatch(text, -1) {
		name, password, both := strings.Cut(m[2], ":")
		if !both || password == "" {
			password = name
		}
		found = append(found, password)
		if plain, err := url.PathUnescape(password); err == nil && plain != password {
			found = append(found, plain)
		}
	}
	return found
}

// credentialFiles are the names of files of configuration that may hold credentials.
var credentialFiles = []string{".npmrc", "npmrc", "rc", "auth.ini", ".yarnrc", ".yarnrc.yml", ".bunfig.toml", "pip.conf",
	"pip.ini", "uv.toml", "config.toml", "config", "auth.toml", "env", ".gitconfig"}

// HoldsCredentials reports whether a file of configuration may hold credentials, by its name.
func HoldsCredentials(file string) bool {
	return slices.Contains(credentialFiles, filepath.Base(file)) || isNetrc(file)
}

func isNetrc(name string) bool { return strings.HasSuffix(path.Base(filepath.ToSlash(name)), "netrc") }

// OnLoopback reports whether a text has an address of the loopback interface.
func OnLoopback(text string) bool { return loopback().MatchString(text) }

// certificatesIn returns the files of certificates that the text of a file names.
func certificatesIn(text string) (paths []string) {
	for _, m := range certificate().FindAllStringSubmatch(text, -1) {
		paths = append(paths, m[1])
	}
	return paths
}

// references returns the names of the variables in a text.
func references(text string) (names []string) {
	for _, m := range reference().FindAllStringSubmatch(text, -1) {
		names = append(names, m[1]+m[2])
	}
	return names
}

// expand returns a text with the values of its variables that are set.
func (r *reader) expand(text string) string {
	return reference().ReplaceAllStringFunc(text, func(found string) string {
		if value, set := r.env[references(found)[0]]; set {
			return value
		}
		return found
	})
}
