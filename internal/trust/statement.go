package trust

import (
	"encoding/json"
	"slices"
)

// statement is what is signed in a bundle: a statement of in-toto about artifacts.
type statement struct {
	Subject []struct {
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	Predicate string `json:"predicateType"`
}

// predicates are the statements that count as a signature: that of cosign sign, and how something was built. Other
// statements may say that something is not to be used.
var predicates = []string{"https://sigstore.dev/cosign/sign/v1", "https://slsa.dev/provenance/v1"}

// stated reports whether a statement that counts is about what has a digest.
func stated(text []byte, digest string) bool {
	var s statement
	if json.Unmarshal(text, &s) != nil || !slices.Contains(predicates, s.Predicate) {
		return false
	}
	for _, subject := range s.Subject {
		if hex := subject.Digest["sha256"]; hex != "" && "sha256:"+hex == digest {
			return true
		}
	}
	return false
}

// ParseBundle returns the signature in a bundle, which is JSON; ok is false for one without a statement.
func ParseBundle(text []byte) (s Signature, ok bool) {
	var b struct {
		Envelope struct {
			Payload []byte `json:"payload"`
			Type    string `json:"payloadType"`
		} `json:"dsseEnvelope"`
	}
	err := json.Unmarshal(text, &b)
	return Signature{Format: Bundle, Payload: b.Envelope.Payload, Text: string(text)},
		err == nil && b.Envelope.Type == "application/vnd.in-toto+json"
}
