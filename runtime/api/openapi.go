package api

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object of the description.
type object map[string]any

// describe makes the OpenAPI 3.1 description of a table of routes.
func describe(version string, table []route) ([]byte, error) {
	d := &describer{schemas: object{}}
	paths := map[string]object{}
	for _, rt := range table {
		if paths[rt.path] == nil {
			paths[rt.path] = object{}
		}
		paths[rt.path][strings.ToLower(rt.method)] = d.operation(&rt)
	}
	d.schemaOf(reflect.TypeFor[failure](), true)
	d.schemaOf(reflect.TypeFor[event](), true)
	if version == "" {
		version = "0"
	}
	return marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "GVPIE", "version": version,
			"description": "Pixel programs over HTTP, for programs on this computer. Every refusal is {success: false, error} with a status that says what kind.",
		},
		"servers": []object{{"url": "http://" + DefaultAddr}},
		"paths":   paths,
		"components": object{
			"schemas":         d.schemas,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer", "description": "Where the installation asks for it."}},
		},
	})
}

type describer struct {
	schemas object
}

// everyRefusal may meet any call: no token, another site, another host, too
// large, a fault of this program.
var everyRefusal = []int{401, 403, 413, 421, 500}

// bodyRefusals may meet a call with a body.
var bodyRefusals = []int{400, 415, 503}

func (rt *route) success() int {
	if rt.status != 0 {
		return rt.status
	}
	return http.StatusOK
}

func (d *describer) operation(rt *route) object {
	op := object{"operationId": rt.id, "summary": rt.doc}
	var params []object
	for _, part := range strings.Split(rt.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			params = append(params, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	for _, p := range rt.query {
		params = append(params, object{"name": p.name, "in": "query", "description": p.doc, "schema": object{"type": p.kind}})
	}
	if params != nil {
		op["parameters"] = params
	}
	if rt.open {
		op["security"] = []object{}
	} else {
		op["security"] = []object{{}, {"token": []string{}}}
	}
	if rt.body != nil {
		op["requestBody"] = object{"required": true, "content": object{
			"application/json": object{"schema": d.schemaOf(reflect.TypeOf(rt.body), false)},
		}}
	}
	var content object
	switch {
	case rt.answer != nil:
		content = object{"application/json": object{"schema": d.schemaOf(reflect.TypeOf(rt.answer), true)}}
	case rt.media == "application/json":
		content = object{rt.media: object{"schema": object{"type": "object"}}}
	default:
		content = object{rt.media: object{}}
	}
	responses := object{strconv.Itoa(rt.success()): object{"description": http.StatusText(rt.success()), "content": content}}
	if rt.also != 0 {
		responses[strconv.Itoa(rt.also)] = object{"description": http.StatusText(rt.also), "content": content}
	}
	codes := slices.Concat(everyRefusal, rt.refusals)
	if rt.body != nil {
		codes = append(codes, bodyRefusals...)
	}
	for _, code := range codes {
		responses[strconv.Itoa(code)] = object{
			"description": http.StatusText(code),
			"content":     object{"application/json": object{"schema": object{"$ref": "#/components/schemas/failure"}}},
		}
	}
	op["responses"] = responses
	return op
}

// schemaOf describes a type. Of an answer every name that is always written is
// required; of a request those marked need.
func (d *describer) schemaOf(t reflect.Type, isAnswer bool) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[whole]():
		return object{"type": []string{"integer", "null"}}
	case reflect.TypeFor[texels]():
		return object{"type": "array", "items": object{"type": "integer", "minimum": 0, "maximum": 255}}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Uint8:
		return object{"type": "integer", "minimum": 0, "maximum": 255}
	case reflect.Int, reflect.Int64, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Slice:
		list := object{"type": "array", "items": d.schemaOf(t.Elem(), isAnswer)}
		if !isAnswer {
			list["type"] = []string{"array", "null"}
		}
		return list
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.schemaOf(t.Elem(), isAnswer)}
	case reflect.Pointer:
		inner := d.schemaOf(t.Elem(), isAnswer)
		if kind, ok := inner["type"].(string); ok {
			inner["type"] = []string{kind, "null"}
		}
		return inner
	case reflect.Struct:
		return d.named(t, isAnswer)
	}
	panic(fmt.Sprintf("a %v in the API", t)) // the table is fixed: any test meets this
}

// named describes a struct once, under its name.
func (d *describer) named(t reflect.Type, isAnswer bool) object {
	name := t.Name()
	name, _, _ = strings.Cut(name, "[")
	if t.Name() != name { // a generic type: of what
		inner := t.Name()[strings.LastIndexByte(t.Name(), '.')+1:]
		name += "_" + strings.TrimSuffix(inner, "]")
	}
	ref := object{"$ref": "#/components/schemas/" + name}
	if _, ok := d.schemas[name]; ok {
		return ref
	}
	properties, required := object{}, []string{}
	schema := object{"type": "object", "properties": properties}
	d.schemas[name] = schema
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous { // its names are this one's
			d.named(f.Type, isAnswer)
			inner := d.schemas[f.Type.Name()].(object)
			maps.Copy(properties, inner["properties"].(object))
			required = append(required, inner["required"].([]string)...)
			continue
		}
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "" || tag == "-" {
			continue
		}
		p := d.schemaOf(f.Type, isAnswer)
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		properties[tag] = p
		if isAnswer && !strings.Contains(options, "omit") || f.Tag.Get("need") != "" {
			required = append(required, tag)
		}
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	return ref
}
