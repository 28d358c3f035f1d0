package toml

// get walks along the keys of nested tables.
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

// Has tells whether there is a value of any type at the end of the keys.
func Has(m map[string]any, keys ...string) bool {
	_, ok := get(m, keys)
	return ok
}

// String is the string at the end of the keys, or "" where there is none.
func String(m map[string]any, keys ...string) string {
	v, _ := get(m, keys)
	s, _ := v.(string)
	return s
}

// Bool is the boolean at the end of the keys, or false where there is none.
func Bool(m map[string]any, keys ...string) bool {
	v, _ := get(m, keys)
	b, _ := v.(bool)
	return b
}

// Table is the table at the end of the keys, or nil where there is none. Reading a nil table is fine.
func Table(m map[string]any, keys ...string) map[string]any {
	v, _ := get(m, keys)
	t, _ := v.(map[string]any)
	return t
}

// List is the array at the end of the keys, or nil where there is none.
func List(m map[string]any, keys ...string) []any {
	v, _ := get(m, keys)
	list, _ := v.([]any)
	return list
}

// Strings are the strings of the array at the end of the keys; a string alone is a list of one. What is no string is left
// out.
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

// Tables are the tables of the array at the end of the keys, as [[header]] makes them. What is no table is left out.
func Tables(m map[string]any, keys ...string) (out []map[string]any) {
	for _, v := range List(m, keys...) {
		if t, ok := v.(map[string]any); ok {
			out = append(out, t)
		}
	}
	return out
}
