package secret

import "regexp"

// Forms of values that are secret whatever their names are. Each is one that ordinary text does not have.
var (
	// header is that of HTTP with a scheme and credentials.
	header = lazy(`(?i)\bauthorization["']?[ \t]*(?:[:=][ \t]*["']?|[ \t]["'])(?:bearer|basic|token|apikey|digest|negotiate)[ \t]+([^\s"',;]+)`)
	// bearer is a token of OAuth without the name of its header.
	bearer = lazy(`(?i)\bbearer[ \t]+([A-Za-z0-9._~+/=-]*[0-9][A-Za-z0-9._~+/=-]*)`)
	// hashed is a password as htpasswd, crypt and LDAP have it.
	hashed = lazy(`(?:^|[\s:"'=,])(\$(?:apr1|1|2[abxy]?|5|6|7|y|scrypt)\$[A-Za-z0-9./$=+-]{16,}|\$argon2[a-z]*\$[A-Za-z0-9./$=,+-]{16,}|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20,}={0,2})`)
	// dsn is an address of a database as drivers of Go have it.
	dsn = lazy(`(?:^|[\s"'=])[A-Za-z0-9_.-]+:([^\s"'@/]+)@(?:tcp|udp|unix)\(`)
	// issued is a credential that its issuer marks by a prefix, so that it is found: those of GitHub, GitLab, AWS, Slack,
	// Stripe, Google, npm, PyPI and Docker Hub, a JSON Web Token, and an incoming webhook of Slack.
	issued = lazy(`\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{36,}|glpat-[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}` +
		`|xox[abeoprs]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}` +
		`|pypi-[A-Za-z0-9_-]{50,}|dckr_pat_[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}` +
		`|hooks\.slack\.com/services/[A-Za-z0-9/]{20,})`)
)

// minBearer is the length from which a word behind "bearer" is a token.
const minBearer = 16

// formed returns the spans of values that are secret by their form.
func formed(text string) (all []Span) {
	for _, form := range []struct {
		name  string
		shape *regexp.Regexp
		least int
	}{{"authorization", header(), 1}, {"bearer", bearer(), minBearer}, {"password_hash", hashed(), 1}, {"password", dsn(), 1}, {"token", issued(), 1}} {
		for _, m := range form.shape.FindAllStringSubmatchIndex(text, -1) {
			if s, ok := valueAt(text, m[2], m[3]); ok && s.End-s.Start >= form.least {
				s.Name = form.name
				all = append(all, s)
			}
		}
	}
	return all
}
