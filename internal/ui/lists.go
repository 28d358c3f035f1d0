package ui

import (
	"reflect"
	"strings"
)

// withLists returns a value in which each list that is nil is empty: JSON has [] for it, and null for a pointer alone. The
// value itself stays as it is.
func withLists(object any) any {
	if object == nil {
		return nil
	}
	return listed(reflect.ValueOf(object)).Interface()
}

// listed returns a copy of a value, as deep as there are lists in it.
func listed(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		return listedSlice(v)
	case reflect.Struct:
		return listedStruct(v)
	case reflect.Map:
		return listedMap(v)
	case reflect.Pointer, reflect.Interface:
		return listedElem(v)
	}
	return v
}

// listedStruct returns a copy of a struct. What JSON leaves out stays as it is: it may refer to the struct itself.
func listedStruct(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("json")
		leftOut := tag == "-" || v.Field(i).IsZero() && strings.HasSuffix(tag, ",omitzero")
		if c.Field(i).CanSet() && !leftOut {
			c.Field(i).Set(listed(v.Field(i)))
		}
	}
	return c
}

// listedSlice returns a copy of a list. One of bytes is a text in JSON.
func listedSlice(v reflect.Value) reflect.Value {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return v
	}
	c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		c.Index(i).Set(listed(v.Index(i)))
	}
	return c
}

func listedMap(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	c := reflect.MakeMapWithSize(v.Type(), v.Len())
	for key, value := range v.Seq2() {
		c.SetMapIndex(key, listed(value))
	}
	return c
}

func listedElem(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	if v.Kind() == reflect.Interface {
		c.Set(listed(v.Elem()))
		return c
	}
	c.Set(reflect.New(v.Type().Elem()))
	c.Elem().Set(listed(v.Elem()))
	return c
}
