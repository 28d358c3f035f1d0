package toml

// get returns the value at the keys of nested tables.
func get(m map[string]any, keys []string) (any, bool) {
	var v any = m
	for _, key := range keys {
		t, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = t[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// Has reports whether there is a value of any type at the end of the keys.
func Has(m map[string]any, keys ...string) bool {
	_, ok := get(m, keys)
	return ok
}

// String returns the string at the end of the keys, or "" where there is none.
func String(m map[string]any, keys ...string) string {
	v, _ := get(m, keys)
	s, _ := v.(string)
	return s
}

// Bool returns the boolean at the end of the keys, or false where there is none.
func Bool(m map[string]any, keys ...string) bool {
	v, _ := get(m, keys)
	b, _ := v.(bool)
	return b
}

// Table returns the table at the end of the keys, or nil where there is none. Reading a nil table is fine.
func Table(m map[string]any, keys ...string) map[string]any {
	v, _ := get(m, keys)
	t, _ := v.(map[string]any)
	return t
}

// List returns the array at the end of the keys, or nil where there is none.
func List(m map[string]any, keys ...string) []any {
	v, _ := get(m, keys)
	list, _ := v.([]any)
	return list
}

// Strings returns the strings of the array at the end of the keys. A single string counts as a list of one.
// Other values are left out.
func Strings(m map[string]any, keys ...string) (out []string) {
	if s := String(m, keys...); s != "" {
		return []string{s}
	}
	for _, v := range List(m, keys...) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Tables returns the tables of the array at the end of the keys, as [[header]] makes them. Other values are
// left out.
func Tables(m map[string]any, keys ...string) (out []map[string]any) {
	for _, v := range List(m, keys...) {
		if t, ok := v.(map[string]any); ok {
			out = append(out, t)
		}
	}
	return out
}
