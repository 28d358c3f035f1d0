package release

// Redact replaces the texts at some paths by their keyed hashes. Hashes and absent paths stay as they are.
func (f Fields) Redact(key []byte, paths ...string) {
	for _, path := range paths {
		if text, has := f[path]; has && !IsSecret(text) {
			f[path] = HMACSecret(key, plain(text))
		}
	}
}
