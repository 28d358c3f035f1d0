package runner

import "bytes"

// storeReports stores the reports of a result; ok is false if one could not be stored.
func (c *Cache) storeReports(reports map[string][]byte) (digests map[string]string, ok bool) {
	for name, data := range reports {
		if digests == nil {
			digests = map[string]string{}
		}
		if digests[name], ok = c.store.Put(bytes.NewReader(data)); !ok {
			return nil, false
		}
	}
	return digests, true
}

// reports returns the reports of an entry; ok is false if one is not in the store any more.
func (c *Cache) reports(e entry) (reports map[string][]byte, ok bool) {
	for name, digest := range e.Reports {
		var data bytes.Buffer
		if !c.store.Copy(&data, digest) {
			return nil, false
		}
		if reports == nil {
			reports = map[string][]byte{}
		}
		reports[name] = data.Bytes()
	}
	return reports, true
}
