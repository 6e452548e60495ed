package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
)

// spec is the description as it is served.
func (d *client) specification() m {
	d.t.Helper()
	return d.want(200, "GET", "/api/openapi.json", nil)
}

// The description names every path and method that is served, and no other:
// what it names answers, what it does not name is refused.
func TestTheDescriptionIsOfWhatIsServed(t *testing.T) {
	d := open(t, withStore(t))
	spec := d.specification()
	if spec["openapi"] != "3.1.0" || spec["info"].(m)["version"] != "test" {
		t.Errorf("%v %v", spec["openapi"], spec["info"])
	}
	ids := map[string]bool{}
	for path, operations := range spec["paths"].(m) {
		if path == "/api/events" {
			continue // it does not end
		}
		concrete := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "1")
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH"} {
			op, described := operations.(m)[strings.ToLower(method)].(m)
			res, b := d.do(method, concrete, nil)
			if served := res.StatusCode != http.StatusMethodNotAllowed; served != described {
				t.Errorf("%s %s: described %v, served %v", method, path, described, served)
			}
			if !described {
				continue
			}
			id := op["operationId"].(string)
			if ids[id] || op["summary"] == "" {
				t.Errorf("%s %s: operation %q", method, path, id)
			}
			ids[id] = true
			declared, ok := op["responses"].(m)[fmt.Sprint(res.StatusCode)].(m)
			if !ok {
				t.Errorf("%s %s answers %s, which is not described: %.200s", method, path, res.Status, b)
				continue
			}
			media, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
			matches := false
			for m := range declared["content"].(m) {
				m, _, _ = strings.Cut(m, ";")
				matches = matches || m == media
			}
			if !matches {
				t.Errorf("%s %s answers %s, which is not described", method, path, media)
			}
		}
	}
	if len(ids) != len(d.routes())-1 {
		t.Errorf("%d operations", len(ids))
	}
}

// What the calls answer is what the description says, name by name.
func TestAnswersAreAsDescribed(t *testing.T) {
	c := withStore(t)
	script, _ := seed(t, c.Store)
	addOffer(t, c.Store, script, "CLS red\nHALT\n", 20)
	addOffer(t, c.Store, script, "CLS red\nHALT ; shorter\n", 30)
	if err := c.Store.AddMetric(t.Context(), "speed", 1, ""); err != nil {
		t.Fatal(err)
	}
	c.Agent = agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir()})
	d := open(t, c)
	spec := d.specification()
	program := d.want(200, "POST", "/api/pixel/assemble", m{"source": hello})["program"]
	for _, call := range []struct {
		method, path, pattern string
		body                  any
		status                int
	}{
		{"GET", "/status", "", nil, 200},
		{"GET", "/api/pixel/backends", "", nil, 200},
		{"POST", "/api/pixel/assemble", "", m{"source": hello}, 200},
		{"POST", "/api/pixel/assemble", "", m{"source": "TXTT"}, 200},
		{"POST", "/api/pixel/run", "", m{"program": program, "canvas_width": 4, "canvas_height": 2}, 200},
		{"POST", "/api/pixel/run", "", m{"source": "ASSERT 0", "canvas_width": 4, "include": []string{"human_png", "machine_png"}}, 200},
		{"POST", "/api/pixel/run", "", m{}, 400},
		{"POST", "/api/pixel/run", "", m{"source": "", "backend": "x"}, 422},
		{"POST", "/api/cartridges", "", m{"id": "x", "name": "x", "code": hello}, 201},
		{"POST", "/api/cartridges", "", m{"id": "x", "name": "x", "code": hello}, 409},
		{"GET", "/api/cartridges", "", nil, 200},
		{"GET", "/api/cartridges/x", "/api/cartridges/{id}", nil, 200},
		{"GET", "/api/cartridges/y", "/api/cartridges/{id}", nil, 404},
		{"PUT", "/api/cartridges/x", "/api/cartridges/{id}", m{"name": "x", "code": hello}, 200},
		{"POST", "/api/execute", "", m{"code": "x"}, 200},
		{"DELETE", "/api/cartridges/x", "/api/cartridges/{id}", nil, 200},
		{"GET", "/api/scripts", "", nil, 200},
		{"POST", "/api/scripts", "", m{"name": "x", "code": "NOP"}, 201},
		{"GET", "/api/runs", "", nil, 200},
		{"GET", "/api/runs?limit=0", "/api/runs", nil, 400},
		{"GET", "/api/goals", "", nil, 200},
		{"POST", "/api/goals", "", m{"goal": "x"}, 201},
		{"GET", "/api/map", "", nil, 200},
		{"GET", "/api/metrics", "", nil, 200},
		{"POST", "/api/goals", "", m{"goal": "a red dot", "target": redDot, "check": "ASSERT peek(0, 0) == red", "max_cost": 5000, "script": "seeded"}, 201},
		{"POST", "/api/goals", "", m{"goal": "x", "target": "no base64"}, 422},
		{"GET", "/api/goals", "", nil, 200},
		{"GET", "/api/offers", "", nil, 200},
		{"GET", "/api/offers?state=offered", "/api/offers", nil, 200},
		{"GET", "/api/offers?state=odd", "/api/offers", nil, 400},
		{"GET", "/api/offers/1", "/api/offers/{id}", nil, 200},
		{"GET", "/api/offers/77", "/api/offers/{id}", nil, 404},
		{"POST", "/api/offers/2/reject", "/api/offers/{id}/reject", m{"why": "it is not"}, 200},
		{"POST", "/api/offers/2/approve", "/api/offers/{id}/approve", nil, 409},
		{"POST", "/api/offers/1/approve", "/api/offers/{id}/approve", nil, 200},
		{"POST", "/api/offers/1/rollback", "/api/offers/{id}/rollback", nil, 200},
		{"POST", "/api/offers/1/rollback", "/api/offers/{id}/rollback", nil, 409},
		{"GET", "/api/improve", "", nil, 200},
		{"GET", "/api/improve?since=yesterday", "/api/improve", nil, 400},
		{"GET", "/api/scripts/1", "/api/scripts/{id}", nil, 200},
		{"PATCH", "/api/scripts/1", "/api/scripts/{id}", m{"enabled": false}, 200},
		{"PATCH", "/api/scripts/1", "/api/scripts/{id}", m{"name": "seeded"}, 409},
		{"POST", "/api/scripts/1/run", "/api/scripts/{id}/run", nil, 202},
		{"DELETE", "/api/scripts/1", "/api/scripts/{id}", nil, 200},
		{"DELETE", "/api/scripts/1", "/api/scripts/{id}", nil, 404},
		{"POST", "/api/loop/pause", "", nil, 200},
		{"POST", "/api/loop/resume", "", nil, 200},
		{"POST", "/api/loop/run", "", nil, 202},
		{"POST", "/api/loop/input", "", nil, 200},
		{"POST", "/api/goals/1/done", "/api/goals/{id}/done", nil, 200},
	} {
		res, b := d.do(call.method, call.path, call.body)
		var v any
		if err := json.Unmarshal(b, &v); err != nil || res.StatusCode != call.status {
			t.Errorf("%s %s: %s, want %d: %v", call.method, call.path, res.Status, call.status, err)
			continue
		}
		pattern := call.pattern
		if pattern == "" {
			pattern = call.path
		}
		op := spec["paths"].(m)[pattern].(m)[strings.ToLower(call.method)].(m)
		response, ok := op["responses"].(m)[fmt.Sprint(call.status)].(m)
		if !ok {
			t.Errorf("%s %s: %d is not described", call.method, call.path, call.status)
			continue
		}
		schema := response["content"].(m)["application/json"].(m)["schema"].(m)
		for _, wrong := range conforms(spec, schema, v, "answer") {
			t.Errorf("%s %s: %s", call.method, call.path, wrong)
		}
		if call.body != nil && call.status < 300 {
			var sent any
			b, _ := json.Marshal(call.body)
			if err := json.Unmarshal(b, &sent); err != nil {
				t.Fatal(err)
			}
			schema := op["requestBody"].(m)["content"].(m)["application/json"].(m)["schema"].(m)
			for _, wrong := range conforms(spec, schema, sent, "body") {
				t.Errorf("%s %s: %s", call.method, call.path, wrong)
			}
		}
	}
}

// conforms holds a value to a schema, as far as the description uses JSON
// Schema, and to having no name that the schema does not.
func conforms(spec, schema m, v any, at string) (wrong []string) {
	if ref, ok := schema["$ref"].(string); ok {
		name, ok := strings.CutPrefix(ref, "#/components/schemas/")
		target, found := spec["components"].(m)["schemas"].(m)[name].(m)
		if !ok || !found {
			return []string{at + ": " + ref + " leads nowhere"}
		}
		return conforms(spec, target, v, at)
	}
	var kinds []string
	switch k := schema["type"].(type) {
	case string:
		kinds = []string{k}
	case []any:
		for _, one := range k {
			kinds = append(kinds, one.(string))
		}
	}
	kind := ""
	switch v := v.(type) {
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case string:
		kind = "string"
		if schema["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339Nano, v); err != nil {
				wrong = append(wrong, fmt.Sprintf("%s: %q is no time", at, v))
			}
		}
	case float64:
		kind = "number"
		if v == math.Trunc(v) && slices.Contains(kinds, "integer") {
			kind = "integer"
		}
		if most, ok := schema["maximum"].(float64); ok && (v > most || v < schema["minimum"].(float64)) {
			wrong = append(wrong, fmt.Sprintf("%s: %v is out of range", at, v))
		}
	case []any:
		kind = "array"
		for i, one := range v {
			wrong = append(wrong, conforms(spec, schema["items"].(m), one, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case m:
		kind = "object"
		properties, _ := schema["properties"].(m)
		for name, one := range v {
			if p, ok := properties[name].(m); ok {
				wrong = append(wrong, conforms(spec, p, one, at+"."+name)...)
			} else {
				wrong = append(wrong, at+"."+name+" is not described")
			}
		}
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s.%v is missing", at, name))
			}
		}
	}
	if !slices.Contains(kinds, kind) {
		wrong = append(wrong, fmt.Sprintf("%s is a %s, described as %v", at, kind, kinds))
	}
	return wrong
}
