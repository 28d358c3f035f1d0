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
// it, in base64 and in hexadecimal.
func Forms(value string) (forms []string) {
	for _, text := range []string{value, strconv.Quote(value)[1 : len(strconv.Quote(value))-1]} {
		forms = append(forms, text, asJSON(text, true), asJSON(text, false))
	}
	digits := hex.EncodeToString([]byte(value))
	forms = append(forms, base64.StdEncoding.EncodeToString([]byte(value)),
		base64.URLEncoding.EncodeToString([]byte(value)), digits, strings.ToUpper(digits))
	forms = append(forms, inAddresses(value)...)
	slices.Sort(forms)
	return slices.Compact(forms)
}

var percent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%[0-9A-F]{2}`) })

// inAddresses returns the forms of a value in addresses, which differ in what they escape, with hexadecimal digits
// of both cases.
func inAddresses(value string) (forms []string) {
	query := url.QueryEscape(value)
	every := strings.ReplaceAll(query, "+", "%20")
	for _, form := range []string{query, every, url.PathEscape(value), strings.ReplaceAll(every, "%2F", "/"),
		strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(every)} {
		forms = append(forms, form, percent().ReplaceAllStringFunc(form, strings.ToLower))
	}
	return forms
}

const (
	// pieceSize is the length of the pieces of base64 by which a value is found. It is more than "https://" has.
	pieceSize = 12
	// minPiece is the length from which a value is found in base64: shorter ones are in any text.
	minPiece = 8
	// maxPieces is the length of base64 from which pieces do not overlap.
	maxPieces = 1024
)

// Base64 returns the pieces of a value in base64 by which it is found whatever stands before and behind it, and
// where lines are broken in it: in each of the three ways in which it may begin, in both alphabets, without the
// characters at both ends that depend on what stands there.
func Base64(value string) (pieces []string) {
	if len(value) < minPiece/2 { // too short for any piece
		return nil
	}
	for shift := range 3 {
		text := append(make([]byte, shift), value...)
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			pieces = append(pieces, piecesOf(alphabet.EncodeToString(text)[(shift*8+5)/6:len(text)*8/6])...)
		}
	}
	slices.Sort(pieces)
	return slices.Compact(pieces)
}

// piecesOf returns pieces that cover a text; none if it is too short.
func piecesOf(text string) (pieces []string) {
	switch {
	case len(text) < minPiece:
		return nil
	case len(text) > maxPieces:
		for end := len(text); end >= pieceSize; end -= pieceSize {
			pieces = append(pieces, text[end-pieceSize:end])
		}
		return append(pieces, text[:pieceSize])
	}
	for start := range max(1, len(text)-pieceSize+1) {
		pieces = append(pieces, text[start:min(len(text), start+pieceSize)])
	}
	return append(pieces, brokenPieces(text)...)
}

// brokenPieces returns the pieces of a text in the middle of which a line ends.
func brokenPieces(text string) (pieces []string) {
	for at := range len(text) {
		before, behind := text[max(0, at-pieceSize/2):at], text[at:min(len(text), at+pieceSize/2)]
		if len(before)+len(behind) >= minPiece {
			pieces = append(pieces, before+"\n"+behind)
		}
	}
	return pieces
}

// asJSON returns a text as JSON has it, without the quotes.
func asJSON(text string, html bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(html)
	_ = e.Encode(text) // a string always marshals
	return b.String()[1 : b.Len()-2]
}
