package main

import (
	"reflect"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// What others may write where a screen shows a name or a number: the longest that are taken, without a place to break them.
var (
	endlessName   = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" + "WWW" // 66 letters
	endlessNumber = strings.Repeat("0123456789", 50)
)

// nameFields and numberFields are the fields of a snapshot that others fill in.
var (
	nameFields = []string{"DisplayName", "Name", "Label", "Organisation", "Customer", "Given", "Family", "Type", "Category",
		"Title", "File",
		"Host", "Connected", "Brand", "Server"}
	numberFields = []string{"User", "Number", "Dialled", "Dial", "Typed", "Digits", "Target", "To", "Extension"}
)

// hostile is a screen whose names and numbers are endless; nameless leaves the numbers alone, which then stand for the names.
func hostile(s screen.Snapshot, nameless bool) screen.Snapshot {
	v := reflect.New(reflect.TypeOf(s)).Elem()
	v.Set(reflect.ValueOf(s))
	name := endlessName
	if nameless {
		name = ""
	}
	stretch(v, name)
	return v.Interface().(screen.Snapshot)
}

// stretch fills the fields of a copy in: slices and pointers are copied before, because other screens share them.
func stretch(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			copied := reflect.New(v.Type().Elem())
			copied.Elem().Set(v.Elem())
			stretch(copied.Elem(), name)
			v.Set(copied)
		}
	case reflect.Slice:
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(copied, v)
		for i := range copied.Len() {
			stretch(copied.Index(i), name)
		}
		if !v.IsNil() {
			v.Set(copied)
		}
	case reflect.Struct:
		stretchStruct(v, name)
	}
}

func stretchStruct(v reflect.Value, name string) {
	if x, ok := v.Interface().(text.Sentence); ok {
		v.Set(reflect.ValueOf(stretchSentence(x)))
		return
	}
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i)
		switch {
		case !field.IsExported():
		case f.Kind() != reflect.String:
			stretch(f, name)
		case f.String() == "" || f.Type() != reflect.TypeFor[string]():
		case slices.Contains(numberFields, field.Name):
			f.SetString(endlessNumber)
		case slices.Contains(nameFields, field.Name):
			f.SetString(name)
		}
	}
	if c, ok := v.Addr().Interface().(*screen.Contact); ok && c.Name == "" {
		c.Name = endlessNumber // there is none without a name
	}
}

// stretchSentence lengthens what a sentence is filled with, but for counts and codes.
func stretchSentence(s text.Sentence) text.Sentence {
	s.Args = slices.Clone(s.Args)
	for i := 1; i < len(s.Args); i += 2 {
		switch s.Args[i-1] {
		case "name", "target", "server", "file":
			s.Args[i] = endlessName
		case "number":
			s.Args[i] = endlessNumber
		}
	}
	return s
}
