package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strings"
)

//go:embed page.html
var pageText string

// pagePolicy lets the page run its own script and no other, and talk to nobody
// but this server. The two are known by their hashes (CSP level 3, section 6.7).
var pagePolicy = strings.Join([]string{
	"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
	"script-src " + hashOf("script"), "style-src " + hashOf("style"),
	"img-src blob: data:", "connect-src 'self'", "require-trusted-types-for 'script'",
}, "; ")

// hashOf is the hash of the one inline element of a name, as a policy has it.
func hashOf(element string) string {
	_, inside, _ := strings.Cut(pageText, "<"+element+">")
	inside, _, _ = strings.Cut(inside, "</"+element+">")
	sum := sha256.Sum256([]byte(inside))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// page is the same for everybody and tells nothing: what it shows it asks for,
// as any caller does.
func (c *request) page() error {
	c.w.Header().Set("Content-Security-Policy", pagePolicy)
	send(c.w, http.StatusOK, "text/html; charset=utf-8", []byte(pageText))
	return nil
}
