package deploytest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A past is an environment with releases, and a machine that has seen them.
type past struct {
	memory
	dir     string
	keep    int
	records []deploytest.Record
	seen    history.Seen
}

const versioned = `services: {web: {image: busybox, command: [sleep, "%d"], environment: {TOKEN: "${PASSWORD}", VERSION: v%[1]d}, volumes: ["data:/data"]}, db: {image: busybox}}
volumes: {data: {}}`

// newPast returns an environment with so many releases.
func newPast(t *testing.T, releases int) *past {
	p := &past{memory: memory{t, deploytest.NewWorld(), t.TempDir()}, dir: t.TempDir(), keep: 10}
	p.engine().AddImage("busybox", deploytest.Image{Content: "busybox"})
	b := p.machine("ann")
	for n := 1; n <= releases; n++ {
		p.record(b, n, fmt.Sprintf(versioned, n))
	}
	p.records = p.engine().Records(p.Environment("dev"))
	seen, err := p.seenBy("ann").Load()
	if p.seen = seen; err != nil || seen.Number != releases {
		t.Fatal(seen, err)
	}
	return p
}

func (p *past) seenBy(name string) history.SeenFile {
	return history.NewSeenFile(filepath.Join(p.dir, name), "", p.Environment("dev"))
}

// machine returns the backend on the machine of somebody.
func (p *past) machine(name string) *deploytest.Memory {
	return p.world.Backend(p.Environment("dev"), deploytest.Options{Key: []byte("key"),
		Secrets: map[string]string{"PASSWORD": "open sesame"}, Seen: p.seenBy(name)})
}

// record records a release of a Compose file, as a deploy does.
func (p *past) record(b *deploytest.Memory, number int, compose string) {
	p.t.Helper()
	p.Write(compose)
	i, err := b.Pull(p.t.Context(), "busybox", false, nil)
	p.check(err)
	images := map[string]release.Image{"web": i, "db": i}
	r := release.Release{Number: number, Project: "shop", Environment: "dev", Images: images, By: "ann",
		Keep: p.keep, Result: release.Pending}
	d, err := b.Desired(p.t.Context(), images)
	r.Model, r.Compose, r.Key = d.Model, d.Compose, d.Key
	p.check(err)
	p.check(b.Record(p.t.Context(), r))
	r.Result = release.Healthy
	p.check(b.Record(p.t.Context(), r))
}

func (p *past) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// held reports whether tampered records are refused on the machine of somebody, or have no effect at all.
func (p *past) held(name string, records []deploytest.Record) (held, refused bool) {
	p.engine().ReplaceRecords(p.Environment("dev"), p.records)
	before, err := p.machine(name).Releases(p.t.Context())
	p.check(err)
	p.engine().ReplaceRecords(p.Environment("dev"), records)
	b := p.machine(name)
	err = b.VerifyHistory(p.t.Context(), true, false)
	if fault.Of(err) == fault.Refused {
		_, is := errors.AsType[*history.RewrittenError](err)
		return is && !strings.Contains(err.Error(), "\n"), true
	}
	after, listed := b.Releases(p.t.Context())
	return err == nil && listed == nil && reflect.DeepEqual(before, after), false
}

// tamper is one way in which whoever can write to an engine changes records.
type tamper struct {
	name string
	// change returns the records after a change, or nil if there is no such change.
	change func(r *rand.Rand, all []deploytest.Record) []deploytest.Record
}

var tampers = []tamper{
	{"byte", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i, text := r.IntN(len(all)), ""
		at := r.IntN(len(all[i].Text))
		switch text = all[i].Text; r.IntN(3) {
		case 0:
			text = text[:at] + string(rune(' '+r.IntN(90))) + text[at+1:]
		case 1:
			text = text[:at] + text[at+1:]
		case 2:
			text = text[:at] + string(rune(' '+r.IntN(90))) + text[at:]
		}
		if text == all[i].Text {
			return nil
		}
		all[i].Text = text
		return all
	}},
	{"leaf", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i := r.IntN(len(all))
		all[i].Text = changeLeaf(r, all[i].Text)
		return all
	}},
	{"label", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i := r.IntN(len(all))
		if r.IntN(2) == 0 {
			all[i].Number += r.IntN(3) - 1
		} else {
			all[i].Result = []release.Result{release.Healthy, release.Failed, release.Pending}[r.IntN(3)]
		}
		return all
	}},
	{"removal", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		number := all[r.IntN(len(all))].Number
		return slices.DeleteFunc(all, func(one deploytest.Record) bool { return one.Number == number })
	}},
	{"removal of a document", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i := r.IntN(len(all))
		return slices.Delete(all, i, i+1)
	}},
	{"swap", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i, j := r.IntN(len(all)), r.IntN(len(all))
		all[i].Text, all[j].Text = all[j].Text, all[i].Text
		return all
	}},
	{"order", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i, j := r.IntN(len(all)), r.IntN(len(all))
		all[i], all[j] = all[j], all[i]
		return all
	}},
	{"swapped texts", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		i, j := r.IntN(len(all)), r.IntN(len(all))
		a, b := parsed(all[i].Text), parsed(all[j].Text)
		key := []string{"compose", "images", "hashes", "chain"}[r.IntN(4)]
		a[key], b[key] = b[key], a[key]
		all[i].Text, all[j].Text = written(a), written(b)
		return all
	}},
	{"truncation", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		return all[:r.IntN(len(all))]
	}},
	{"copy", func(r *rand.Rand, all []deploytest.Record) []deploytest.Record {
		one := all[r.IntN(len(all))]
		doc := parsed(one.Text)
		one.Number = all[len(all)-1].Number + r.IntN(2)
		doc["number"], doc["by"] = one.Number, "eve"
		one.Text = written(doc)
		return append(all, one)
	}},
}

func parsed(text string) (doc map[string]any) {
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		panic(err)
	}
	return doc
}

func written(doc any) string {
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// changeLeaf changes one value of a record, somewhere.
func changeLeaf(r *rand.Rand, text string) string {
	doc := any(parsed(text))
	at := doc
	for {
		var keys []any
		switch v := at.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(func(yield func(string) bool) {
				for k := range v {
					if !yield(k) {
						return
					}
				}
			}) {
				keys = append(keys, k)
			}
		case []any:
			for i := range v {
				keys = append(keys, i)
			}
		}
		if len(keys) == 0 {
			return written(doc)
		}
		key := keys[r.IntN(len(keys))]
		get, set := func() any { return at.(map[string]any)[key.(string)] },
			func(v any) { at.(map[string]any)[key.(string)] = v }
		if list, is := at.([]any); is {
			get, set = func() any { return list[key.(int)] }, func(v any) { list[key.(int)] = v }
		}
		switch v := get().(type) {
		case string:
			set(v + "x")
			return written(doc)
		case float64:
			set(v + 1)
			return written(doc)
		case bool:
			set(!v)
			return written(doc)
		}
		at = get()
	}
}

// TestTamperedHistories: whatever somebody changes in one record, in the order of records, or in which there
// are, is refused on a machine that has seen them, or has no effect.
func TestTamperedHistories(t *testing.T) {
	t.Parallel()
	p := newPast(t, 4)
	r := rand.New(rand.NewPCG(3, 14))
	tried, held, refused := 0, 0, 0
	for _, one := range tampers {
		for range 40 {
			all := one.change(r, slices.Clone(p.records))
			if all == nil || slices.Equal(all, p.records) {
				continue
			}
			p.check(p.seenBy("ann").Save(p.seen))
			holds, refuses := p.held("ann", all)
			if tried++; holds {
				held++
			} else {
				t.Errorf("%s: not refused\n%+v", one.name, all)
			}
			if refuses {
				refused++
			}
		}
	}
	if t.Logf("%d tamperings tried, %d held: %d refused, %d without effect", tried, held, refused,
		held-refused); tried < 300 || refused < tried/3 {
		t.Error("too few")
	}
}

// TestTamperedHistoriesOfAStranger: a machine that has seen nothing finds everything but another newest record.
func TestTamperedHistoriesOfAStranger(t *testing.T) {
	t.Parallel()
	p := newPast(t, 4)
	r := rand.New(rand.NewPCG(15, 9))
	tried, held, refused := 0, 0, 0
	for range 100 {
		all := slices.Clone(p.records)
		i := r.IntN(len(all) - 2)
		all[i].Text = changeLeaf(r, all[i].Text)
		p.check(os.RemoveAll(filepath.Join(p.dir, "bob")))
		holds, refuses := p.held("bob", all)
		if tried++; holds {
			held++
		} else {
			t.Errorf("not refused: %+v", all[i])
		}
		if refuses {
			refused++
		}
	}
	if t.Logf("%d tamperings tried, %d held: %d refused, %d without effect", tried, held, refused,
		held-refused); refused < tried/3 {
		t.Error("too few")
	}
}

// TestAnotherHistory: one that is whole in itself, and not the one that a machine has seen, is refused; also
// one that goes on for long.
func TestAnotherHistory(t *testing.T) {
	t.Parallel()
	p := newPast(t, 3)
	for _, releases := range []int{1, 2, 3, 4, 9} {
		other := newPast(t, releases)
		for i := range other.records {
			other.records[i].Text = strings.ReplaceAll(other.records[i].Text, `"ann"`, `"eve"`)
		}
		eve := other.machine("eve")
		other.engine().ReplaceRecords(other.Environment("dev"), nil)
		for n := 1; n <= releases; n++ {
			other.record(eve, n, strings.ReplaceAll(fmt.Sprintf(versioned, n), "data:/data", "/:/host"))
		}
		p.check(p.seenBy("ann").Save(p.seen))
		p.engine().ReplaceRecords(p.Environment("dev"), other.engine().Records(other.Environment("dev")))
		err := p.machine("ann").VerifyHistory(t.Context(), true, false)
		if fault.Of(err) != fault.Refused {
			t.Errorf("%d releases: %v", releases, err)
		}
		if got, _ := p.seenBy("ann").Load(); got != p.seen {
			t.Errorf("it is remembered: %+v", got)
		}
		p.check(p.machine("ann").VerifyHistory(t.Context(), true, true))
		p.check(p.machine("ann").VerifyHistory(t.Context(), true, false))
	}
}

// TestOrdinaryDescent: two machines that deploy in turns, clean-ups, and a machine that was away for long, are no
// rewriting.
func TestOrdinaryDescent(t *testing.T) {
	t.Parallel()
	p := newPast(t, 1)
	p.keep = 3
	for n := 2; n <= 130; n++ {
		b := p.machine([]string{"bob", "carol"}[n%2])
		p.check(b.VerifyHistory(t.Context(), true, false))
		p.record(b, n, fmt.Sprintf(versioned, n))
		p.check(b.PruneReleases(t.Context(), 3))
		if n%40 == 0 {
			p.check(p.machine("ann").VerifyHistory(t.Context(), true, false))
		}
	}
	p.check(p.machine("ann").VerifyHistory(t.Context(), true, false))
	all, err := p.machine("dave").Releases(t.Context())
	if p.check(err); len(all) != 3 || len(all[0].Chain) != 100 || !all[0].Chain[50].Pruned {
		t.Errorf("%d releases, %+v", len(all), all[0].Chain)
	}
}

// TestOldRecords: records of a format without a chain are read, and the first one with a chain names the last
// without. Afterwards an old record is no successor.
func TestOldRecords(t *testing.T) {
	t.Parallel()
	p := newPast(t, 2)
	old := p.records[3]
	for i, r := range p.records {
		p.records[i].Text = oldFormat(t, p.machine("ann"), r)
	}
	p.engine().ReplaceRecords(p.Environment("dev"), p.records)
	p.check(os.RemoveAll(filepath.Join(p.dir, "ann")))
	b := p.machine("ann")
	p.check(b.VerifyHistory(t.Context(), true, false))
	all, err := b.Releases(t.Context())
	if p.check(err); all[0].Invalid != "" || all[0].Format != 2 || all[0].Model.Services["web"].Fields["environment.VERSION"] != "v2" {
		t.Errorf("release %+v", all[0])
	}
	p.record(b, 3, fmt.Sprintf(versioned, 3))
	p.check(p.machine("ann").VerifyHistory(t.Context(), true, false))
	all, err = b.Releases(t.Context())
	if p.check(err); len(all[0].Chain) != 2 || all[0].Chain[0].Digest != release.DigestOf([]byte(p.records[3].Text)) {
		t.Errorf("chain %+v", all[0].Chain)
	}
	forged := deploytest.Record{Number: 4, Result: release.Healthy,
		Text: strings.Replace(p.records[3].Text, `"number":2`, `"number":4`, 1)}
	p.engine().ReplaceRecords(p.Environment("dev"), append(p.engine().Records(p.Environment("dev")), forged))
	for _, name := range []string{"ann", "a stranger"} {
		if err := p.machine(name).VerifyHistory(t.Context(), true, false); fault.Of(err) != fault.Refused ||
			!strings.Contains(err.Error(), "release 4 is in no chain") {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.records = []deploytest.Record{p.records[3]}
	p.records[0].Text = strings.Replace(p.records[0].Text, parsed(p.records[0].Text)["compose"].(string),
		parsed(old.Text)["compose"].(string)[4:], 1)
	p.engine().ReplaceRecords(p.Environment("dev"), p.records)
	if err := p.machine("eve").VerifyHistory(t.Context(), true, false); fault.Of(err) != fault.Refused {
		t.Errorf("an old release whose parts disagree: %v", err)
	}
}

// oldFormat returns a record in format 2, which had a model besides the Compose text.
func oldFormat(t *testing.T, b *deploytest.Memory, r deploytest.Record) string {
	var of release.Release
	if err := json.Unmarshal([]byte(r.Text), &of); err != nil {
		t.Fatal(err)
	}
	model, err := b.DeriveModel(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	of.Format, of.Model, of.Hashes, of.SelfModified, of.Chain, of.Keep = 2, model, nil, nil, nil, 0
	return written(of)
}

// TestRememberedFiles: whatever is no file of davit's own is refused, until a history is accepted.
func TestRememberedFiles(t *testing.T) {
	t.Parallel()
	p := newPast(t, 2)
	f := p.seenBy("ann")
	for name, text := range map[string]string{"empty": "", "garbage": "\x00", "an unknown key": `{"version":1,"x":1}`,
		"another version": `{"version":2}`, "no release": `{"version":1,"last":{}}`, "big": strings.Repeat(" ", 70000)} {
		p.check(os.WriteFile(f.Path, []byte(text), 0o600))
		if err := p.machine("ann").VerifyHistory(t.Context(), true, false); fault.Of(err) != fault.Refused ||
			!strings.Contains(err.Error(), f.Path) {
			t.Errorf("%s: %v", name, err)
		}
		p.check(p.machine("ann").VerifyHistory(t.Context(), true, true))
		p.check(p.machine("ann").VerifyHistory(t.Context(), true, false))
	}
	p.check(os.Remove(f.Path))
	p.check(os.Symlink("/dev/zero", f.Path))
	if err := p.machine("ann").VerifyHistory(t.Context(), true, false); fault.Of(err) != fault.Refused {
		t.Errorf("a link: %v", err)
	}
	p.check(os.RemoveAll(filepath.Dir(f.Path)))
	p.check(os.WriteFile(filepath.Dir(f.Path), nil, 0o600))
	err := p.machine("ann").VerifyHistory(t.Context(), true, true)
	if _, is := errors.AsType[*deploy.NotRememberedError](err); !is && fault.Of(err) != fault.Refused {
		t.Errorf("a folder that cannot be made: %v", err)
	}
}
