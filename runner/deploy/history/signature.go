package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// signaturePrefix begins the tags of signatures in the mirror: "signature-000007-" and a part of the digest.
const signaturePrefix = "signature-"

// A signed is the document of a signature: which release it is of, and the digest of the record that it is about.
type signed struct {
	Number    int             `json:"release"`
	Digest    string          `json:"digest"`
	Signature trust.Signature `json:"signature"`
}

// SignWith has the records of releases signed that become healthy from now on.
func (h *History) SignWith(s trust.Signer) { h.signer = s }

// sign keeps a signature of the record of a release that is about to be kept, so that none is there without.
func (h *History) sign(ctx context.Context, r release.Release, text []byte) error {
	if h.signer == nil || r.Result != release.Healthy {
		return nil
	}
	digest := release.DigestOf(text)
	payload, err := trust.NewReleasePayload(r.Project, r.Environment, r.Number, digest)
	if err != nil {
		return err
	}
	s, err := h.signer.Sign(payload)
	if err != nil {
		return fmt.Errorf("release %d of %s cannot be signed: %w", r.Number, r.Environment, err)
	}
	document, err := json.Marshal(signed{r.Number, digest, s})
	if err != nil {
		return err
	}
	return h.Store.Write(ctx, Document{Kind: SignatureRecord, Time: h.Now()}, document)
}

// Signatures returns the signatures of the record of a release, from the store or else from the mirror. They are not
// verified.
func (h *History) Signatures(ctx context.Context, r release.Release) (all []trust.Signature, err error) {
	documents, err := h.signatures(ctx)
	if err == nil && h.mirror != nil && !slices.ContainsFunc(documents, func(d signatureDocument) bool { return d.Digest == r.Digest }) {
		documents, err = h.mirror.signatures(ctx, r.Number)
	}
	for _, d := range documents {
		if d.Digest == r.Digest && d.Signature.CoversRelease(r.Digest) {
			all = append(all, d.Signature)
		}
	}
	return all, err
}

// A signatureDocument is one that has been read.
type signatureDocument struct {
	Document
	signed
	text []byte
}

// tag returns the name of a signature in the mirror.
func (d signatureDocument) tag() string {
	return fmt.Sprintf("%s%s", signatureTags(d.signed.Number), strings.TrimPrefix(release.DigestOf(d.text), "sha256:")[:12])
}

// signatureTags returns the beginning of the names of the signatures of a release in the mirror.
func signatureTags(number int) string { return fmt.Sprintf("%s%06d-", signaturePrefix, number) }

// signatures returns those in the store. One that cannot be read is none.
func (h *History) signatures(ctx context.Context) (all []signatureDocument, err error) {
	documents, err := h.Store.List(ctx, SignatureRecord)
	for _, d := range documents {
		text, err := h.Store.Read(ctx, d)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		one := signatureDocument{Document: d, text: text}
		if json.Unmarshal(text, &one.signed) == nil {
			all = append(all, one)
		}
	}
	return all, err
}

// signatures returns those of a release in the mirror.
func (m *mirror) signatures(ctx context.Context, number int) (all []signatureDocument, err error) {
	tags, err := m.Tags(ctx)
	for _, tag := range tags {
		if !strings.HasPrefix(tag, signatureTags(number)) {
			continue
		}
		layer, err := m.Layer(ctx, tag)
		if err != nil {
			return nil, err
		}
		one := signatureDocument{}
		if one.text, err = Text(layer); err == nil && json.Unmarshal(one.text, &one.signed) == nil {
			all = append(all, one)
		}
	}
	return all, err
}

// removeSignatures removes the signatures of some releases.
func (h *History) removeSignatures(ctx context.Context, of func(number int) bool) error {
	all, err := h.signatures(ctx)
	for _, d := range all {
		if of(d.signed.Number) {
			err = errors.Join(err, h.Store.Delete(ctx, d.Document))
		}
	}
	return err
}

// signatures copies to the mirror the signatures that it lacks.
func (m *mirroring) signatures(ctx context.Context) error {
	all, err := m.h.signatures(ctx)
	for _, d := range all {
		if tag := d.tag(); err == nil && !slices.Contains(m.tags, tag) {
			m.tags = append(m.tags, tag)
			err = m.h.mirror.Put(ctx, tag, m.labels(), Layer(d.text))
		}
	}
	return err
}
