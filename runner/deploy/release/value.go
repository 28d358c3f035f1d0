package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// A field is a text. That of a secret is "hmac:" with a hash; any other text that begins so is
// escaped, so that no value of a user's is ever taken for a secret.
const (
	hmacPrefix    = "hmac:"
	literalPrefix = "text:"
)

// Literal returns a text as a field.
func Literal(text string) string {
	if strings.HasPrefix(text, hmacPrefix) || strings.HasPrefix(text, literalPrefix) {
		return literalPrefix + text
	}
	return text
}

// HMACSecret returns the field of a secret text. It is the same for the same text and key, and tells nothing
// without the key.
func HMACSecret(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return hmacPrefix + hex.EncodeToString(h.Sum(nil)[:16])
}

// IsSecret reports whether a field stands for a secret.
func IsSecret(field string) bool { return strings.HasPrefix(field, hmacPrefix) }

// A Value is one side of a difference. The zero Value is absent.
//
// In JSON it is null when absent, a string (empty for a value without a text, such as an alias), or
// {"secret": "hash"}.
type Value struct {
	Set    bool
	Text   string // the hash of a secret
	Secret bool
}

// Text returns the value of a text; "" is a value that is present without one.
func Text(text string) Value { return Value{Set: true, Text: text} }

// valueOf returns the value of a field.
func valueOf(field string, has bool) Value {
	if !has {
		return Value{}
	}
	if hash, ok := strings.CutPrefix(field, hmacPrefix); ok {
		return Value{Set: true, Text: hash, Secret: true}
	}
	return Text(plain(field))
}

// plain returns the text of a field that is no secret.
func plain(field string) string {
	text, _ := strings.CutPrefix(field, literalPrefix)
	return text
}

// String returns the value for a reader; it reveals nothing of a secret.
func (v Value) String() string {
	if v.Secret {
		return "a secret"
	}
	return v.Text
}

// MarshalJSON returns the form that the type describes.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case !v.Set:
		return []byte("null"), nil
	case v.Secret:
		return json.Marshal(map[string]string{"secret": v.Text})
	}
	return json.Marshal(v.Text)
}

// UnmarshalJSON reads the form that the type describes.
func (v *Value) UnmarshalJSON(text []byte) error {
	var read any
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	switch value := read.(type) {
	case nil:
		*v = Value{}
		return nil
	case string:
		*v = Text(value)
		return nil
	case map[string]any:
		if hash, ok := value["secret"].(string); ok && len(value) == 1 {
			*v = Value{Set: true, Text: hash, Secret: true}
			return nil
		}
	}
	return fmt.Errorf("%s is no value: wanted null, a string, or {\"secret\": \"hash\"}", text)
}
