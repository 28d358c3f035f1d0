package trust

import (
	"encoding/json"
	"slices"
	"strconv"
)

// The formats of signatures.
const (
	Cosign = "cosign" // base64 of what cosign sign makes with a key
	SSH    = "ssh"    // what ssh-keygen -Y sign -n davit makes
	Bundle = "bundle" // a bundle of Sigstore, as cosign 3 makes it, with a key or by an identity
)

// Namespace is that of signatures by ssh, so that no signature for another purpose counts.
const Namespace = "davit"

// A Signature is somebody's signature of a payload, which is cosign's, or the statement of a bundle.
type Signature struct {
	Format string `json:"format"`
	// Payload is what is signed.
	Payload []byte `json:"payload"`
	// Text is the signature.
	Text string `json:"text"`
	// Manifest is that of the artifact with the module, if it is known. The payload has its digest.
	Manifest []byte `json:"manifest,omitempty"`
}

// A Signer has a private key.
type Signer interface {
	// Key returns the public key.
	Key() Key
	Sign(payload []byte) (Signature, error)
	// Verify returns nil if a signature is by this key.
	Verify(Signature) error
}

// payload is the payload of cosign's signatures of artifacts in a registry.
type payload struct {
	Critical critical          `json:"critical"`
	Optional map[string]string `json:"optional"`
}

// claims returns the payload of a signature; ok is false for one that is not cosign's.
func (s Signature) claims() (p payload, ok bool) {
	err := json.Unmarshal(s.Payload, &p)
	return p, err == nil && s.Format != Bundle && slices.Contains(types, p.Critical.Type)
}

type critical struct {
	Identity identity `json:"identity"`
	Image    image    `json:"image"`
	Type     string   `json:"type"`
}

type identity struct {
	Repository string `json:"docker-reference"`
}

type image struct {
	Digest string `json:"docker-manifest-digest"`
}

// types are those that cosign gives to payloads.
var types = []string{"cosign container image signature", "https://sigstore.dev/cosign/sign/v1"}

// moduleKey is the annotation with the digest of the module in the artifact, by which its signatures are found when no tag
// names the artifact any more.
const moduleKey = "dev.davit.module"

// releaseKey is the annotation with the number of a release.
const releaseKey = "dev.davit.release"

// NewPayload returns what is signed about an artifact with one module.
func NewPayload(repository, artifact, module string) ([]byte, error) {
	return json.Marshal(payload{critical{identity{repository}, image{artifact}, types[0]}, map[string]string{moduleKey: module}})
}

// NewImagePayload returns what is signed about an image in a repository, as cosign has it.
func NewImagePayload(repository, digest string) ([]byte, error) {
	return json.Marshal(payload{critical{identity{repository}, image{digest}, types[0]}, nil})
}

// NewReleasePayload returns what is signed about the record of a release, of a project and its environment.
func NewReleasePayload(project, environment string, number int, digest string) ([]byte, error) {
	name := project + "/" + environment
	return json.Marshal(payload{critical{identity{name}, image{digest}, types[0]}, map[string]string{releaseKey: strconv.Itoa(number)}})
}

// Covers reports whether a signature is about a module: the payload has its digest, or that of an artifact with that module
// alone.
func (s Signature) Covers(module string) bool {
	if onlyLayer(s.Manifest) == module && s.CoversImage(idOf(s.Manifest)) {
		return true
	}
	p, ok := s.claims()
	return ok && p.Optional[moduleKey] == module
}

// CoversImage reports whether a signature is about the image of a digest.
func (s Signature) CoversImage(digest string) bool {
	if s.Format == Bundle {
		return stated(s.Payload, digest)
	}
	p, ok := s.claims()
	return ok && p.Critical.Image.Digest == digest && p.Optional[releaseKey] == ""
}

// CoversRelease reports whether a signature is about the record of a release, by the digest of its text.
func (s Signature) CoversRelease(digest string) bool {
	p, ok := s.claims()
	return ok && p.Critical.Image.Digest == digest && p.Optional[releaseKey] != ""
}

// onlyLayer returns the digest of the only layer of a manifest; "" if it has another number of them.
func onlyLayer(manifest []byte) string {
	var m struct {
		Layers []struct {
			Digest string `json:"digest"`
		} `json:"layers"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil || len(m.Layers) != 1 {
		return ""
	}
	return m.Layers[0].Digest
}
