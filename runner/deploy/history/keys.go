package history

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Keys are what the values of secrets of an environment are hashed with: a random key that is kept in the store,
// beside the records, or one that the caller gives. They are never mirrored. They are safe for concurrent use.
type Keys struct {
	store   Store
	project string
	given   *release.Key
	options Options
	other   release.Key

	mu   sync.Mutex
	kept []release.Key // nil before they are read
}

// NewKeys returns the keys of an environment. A given secret has precedence over the key in the store.
func NewKeys(o Options, given []byte) *Keys {
	k := &Keys{store: o.Store, project: o.Environment.Project, options: o, other: release.NewKey()}
	if len(given) > 0 {
		key := release.KeyOf(given)
		k.given = &key
	}
	return k
}

// Current returns the key for new hashes. The first use of an environment makes it.
func (k *Keys) Current(ctx context.Context) (release.Key, error) {
	if k.given != nil {
		return *k.given, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.read(ctx); err != nil {
		return release.Key{}, err
	}
	if len(k.kept) == 0 {
		if err := k.create(ctx); err != nil {
			return release.Key{}, fmt.Errorf("the key of the hashes of secrets cannot be kept: %w", err)
		}
	}
	return k.kept[0], nil
}

// Find returns the key with an id, and whether it is known. A key that is not known is replaced by a random one: no
// hash of it equals another.
func (k *Keys) Find(ctx context.Context, id string) (release.Key, bool, error) {
	switch {
	case id == "" && k.given != nil: // an old davit hashed with that too
		return release.Key{Secret: k.given.Secret}, true, nil
	case id == "":
		return release.DerivedKey(k.project), true, nil
	case k.given != nil && k.given.ID == id:
		return *k.given, true, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.read(ctx)
	if i := slices.IndexFunc(k.kept, func(one release.Key) bool { return one.ID == id }); i >= 0 {
		return k.kept[i], true, nil
	}
	return k.other, false, err
}

// read reads the keys in the store, the oldest first, unless there are some already.
func (k *Keys) read(ctx context.Context) error {
	if len(k.kept) > 0 {
		return nil
	}
	documents, err := k.store.List(ctx, KeyRecord)
	slices.SortFunc(documents, func(a, b Document) int { return a.Time.Compare(b.Time) })
	for _, d := range documents {
		text, failed := k.store.Read(ctx, d)
		var key release.Key
		if failed == nil {
			failed = key.UnmarshalText(text)
		}
		if failed != nil {
			return fmt.Errorf("the key of the hashes of secrets cannot be read: %w", failed)
		}
		k.kept = append(k.kept, key)
	}
	return err
}

// create keeps a new key. Of several davits that do so at once all get the one that was proposed first. Whoever
// proposes after a key was kept finds that.
func (k *Keys) create(ctx context.Context) error {
	text, _ := release.NewKey().MarshalText() // it never fails
	text, err := k.store.Propose(ctx, KeyRecord, text)
	if err != nil {
		return err
	}
	if err := k.read(ctx); err != nil {
		return err
	}
	if len(k.kept) == 0 {
		if err := k.store.Write(ctx, Document{Kind: KeyRecord, Time: k.options.Now()}, text); err != nil {
			return err
		}
		var key release.Key
		if err := key.UnmarshalText(text); err != nil {
			return err
		}
		k.kept = []release.Key{key}
	}
	return k.store.EndProposal(ctx, KeyRecord)
}
