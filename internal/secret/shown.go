package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// minHidden is the number of characters from which a value is hidden where davit prints: shorter ones are in any
// text.
const minHidden = 8

var host = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(:\d+)?$`)
})

// Hideable reports whether a value is hidden where davit prints: it has eight characters or more, and is neither a
// number nor the name of a host.
func Hideable(value string) bool {
	if len([]rune(value)) < minHidden || Empty(value) {
		return false
	}
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		return false
	}
	if _, err := netip.ParseAddr(value); err == nil {
		return false
	}
	return !host().MatchString(value)
}

// Forms returns a value and the other forms in which programs print it: as JSON and Go quote it, as addresses have
// it, and in base64.
func Forms(value string) (forms []string) {
	for _, text := range []string{value, strconv.Quote(value)[1 : len(strconv.Quote(value))-1]} {
		forms = append(forms, text, asJSON(text, true), asJSON(text, false))
	}
	forms = append(forms, url.QueryEscape(value), url.PathEscape(value),
		base64.StdEncoding.EncodeToString([]byte(value)), base64.URLEncoding.EncodeToString([]byte(value)),
		hex.EncodeToString([]byte(value)))
	slices.Sort(forms)
	return slices.Compact(forms)
}

// asJSON returns a text as JSON has it, without the quotes.
func asJSON(text string, html bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(html)
	_ = e.Encode(text) // a string always marshals
	return b.String()[1 : b.Len()-2]
}
