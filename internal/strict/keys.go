package strict

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// firstUnknown cuts a key off after its first part that v does not know.
func firstUnknown(v any, key []string) []string {
	for i := range key {
		if known := keysAt(v, key[:i]); known != nil && !slices.Contains(known, key[i]) {
			return key[:i+1]
		}
	}
	return key
}

// keysAt returns the keys that v knows in the table at a path.
func keysAt(v any, path []string) []string {
	t := reflect.TypeOf(v)
	for _, key := range path {
		if t = fieldType(t, key); t == nil {
			return nil
		}
	}
	var keys []string
	for t = element(t); t.Kind() == reflect.Struct && len(keys) < t.NumField(); {
		keys = append(keys, name(t.Field(len(keys))))
	}
	return keys
}

// fieldType returns the type of a key of a table of type t, or nil.
func fieldType(t reflect.Type, key string) reflect.Type {
	switch t = element(t); t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			if name(t.Field(i)) == key {
				return t.Field(i).Type
			}
		}
	}
	return nil
}

// wanted returns ", wanted array of strings" for the type that v has at a path, or "" if it takes any.
func wanted(v any, path []string) string {
	t := reflect.TypeOf(v)
	for _, key := range path {
		if t = fieldType(t, key); t == nil {
			return ""
		}
	}
	if name := typeName(t); name != "" {
		return ", wanted " + name
	}
	return ""
}

// typeName returns the name that TOML has for a type, or "" for one of several.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Slice:
		if of := typeName(t.Elem()); of != "" {
			return "array of " + of + "s"
		}
		return "array"
	case reflect.Map, reflect.Struct:
		return "table"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Float64:
		return "float"
	}
	return ""
}

func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

func name(f reflect.StructField) string {
	tag, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	if tag == "" {
		return strings.ToLower(f.Name)
	}
	return tag
}

// locate returns the line and column of a key, or 0 and 0 if it is not in the file.
func locate(data []byte, key []string) (line, column int) {
	var p unstable.Parser
	p.Reset(bytes.TrimPrefix(data, []byte("\ufeff")))
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		here, at := path(e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = here
		case unstable.KeyValue:
			here = append(slices.Clone(table), here...)
		}
		if at != nil && len(here) >= len(key) && slices.Equal(here[:len(key)], key) {
			start := p.Shape(p.Range(at.Data)).Start
			return start.Line, start.Column
		}
	}
	return 0, 0
}

// path returns the dotted key of an expression and the node of its first part.
func path(e *unstable.Node) (key []string, first *unstable.Node) {
	if e.Kind != unstable.KeyValue && e.Kind != unstable.Table && e.Kind != unstable.ArrayTable {
		return nil, nil
	}
	for it := e.Key(); it.Next(); {
		if first == nil {
			n := *it.Node()
			first = &n
		}
		key = append(key, string(it.Node().Data))
	}
	return key, first
}
