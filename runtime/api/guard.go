package api

import (
	"cmp"
	"crypto/subtle"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"slices"
	"strings"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// guard lets a request through to next when it may come in at all.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.log.Error("a handler panicked", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				answer(w, http.StatusInternalServerError, failure{Error: "something went wrong here; the log says what"})
			}
		}()
		headers(w.Header())
		switch {
		case !s.hostAllowed(r):
			s.answerError(w, r, refuse(http.StatusMisdirectedRequest, "this is not the server of %q: call it 127.0.0.1 or localhost, with its own port", clip(r.Host)))
		case crossSiteRead(r):
			s.answerError(w, r, refuse(http.StatusForbidden, "another site may not read from here"))
		case origin.Check(r) != nil:
			s.answerError(w, r, refuse(http.StatusForbidden, "another site may not ask for this"))
		case !cleanPath(r):
			s.answerError(w, r, notFound(r))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// headers are on every answer: it is nobody else's to embed, frame, sniff or keep.
func headers(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// hostAllowed checks the name that the request calls this computer by. A page
// that has rebound its own name to 127.0.0.1 comes with that name. Where the
// Server listens for other computers, their addresses for this one are as good:
// no page can own an address.
func (s *Server) hostAllowed(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	host, port := r.Host, ""
	if h, p, err := net.SplitHostPort(host); err == nil {
		host, port = h, p
		if port == "" {
			return false
		}
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	if port != "" {
		tcp, ok := local.(*net.TCPAddr)
		if own, err := netip.ParseAddrPort("127.0.0.1:" + port); !ok || err != nil || int(own.Port()) != tcp.Port {
			return false
		}
	}
	if loopback(host) {
		return true
	}
	if tcp, ok := local.(*net.TCPAddr); !ok || tcp.IP.IsLoopback() {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return slices.ContainsFunc(s.config.Hosts, func(h string) bool { return equalFold(h, host) })
}

// crossSiteRead says whether a browser sends a safe request for a page of
// another site, other than to show it in a window of its own. Such a page could
// not read the answer, but it could show pictures and measure times.
func crossSiteRead(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	navigation := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return !navigation
}

// cleanPath says whether a path is in its one form: the standard mux would
// redirect others, which helps nobody but those who probe.
func cleanPath(r *http.Request) bool {
	p := r.URL.EscapedPath()
	return strings.HasPrefix(p, "/") && path.Clean(p) == p
}

func notFound(r *http.Request) error {
	return refuse(http.StatusNotFound, "there is nothing at %s; GET /api/openapi.json lists what there is", clip(r.URL.Path))
}

// clip keeps what comes back in a sentence short.
func clip(s string) string { return clipTo(s, 80) }

// clipTo is the beginning of a text, so many bytes at most.
func clipTo(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// mux serves a table of routes.
func (s *Server) mux(table []route) http.Handler {
	mux := http.NewServeMux()
	paths := map[string]map[string]*route{}
	for i, rt := range table {
		pattern := rt.path
		if pattern == "/" {
			pattern = "/{$}"
		}
		methods := paths[pattern]
		if methods == nil {
			methods = map[string]*route{}
			paths[pattern] = methods
			mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
				if err := s.dispatch(w, r, methods); err != nil {
					s.answerError(w, r, err)
				}
			})
		}
		methods[rt.method] = &table[i]
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.answerError(w, r, notFound(r)) })
	return mux
}

// dispatch finds the route of a path's method, and takes the body in.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, methods map[string]*route) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	rt := methods[method]
	if rt == nil {
		allow := []string{}
		for m := range methods {
			allow = append(allow, m)
			if m == http.MethodGet {
				allow = append(allow, http.MethodHead)
			}
		}
		slices.Sort(allow)
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return refuse(http.StatusMethodNotAllowed, "%s is not for %s here; it takes %s", clip(r.URL.Path), clip(r.Method), strings.Join(allow, ", "))
	}
	if !rt.open && !s.authorized(r) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="gvpie"`)
		return refuse(http.StatusUnauthorized, "this needs the token of this installation, as Authorization: Bearer TOKEN")
	}
	c := &request{Server: s, w: w, r: r}
	defer c.done()
	if rt.body != nil {
		if kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" ||
			params["charset"] != "" && !equalFold(params["charset"], "utf-8") {
			return refuse(http.StatusUnsupportedMediaType, "the body must be JSON, and say so: Content-Type: application/json")
		}
		if err := c.readBody(); err != nil {
			return err
		}
	} else if r.ContentLength > s.limits.body {
		return tooLarge(s.limits.body)
	}
	return rt.handle(c)
}

// authorized says whether a request has the token, if there is one. The time it
// takes does not tell how much of a wrong one was right.
func (s *Server) authorized(r *http.Request) bool {
	must := cmp.Or(s.config.Token(r.Context()), s.reachable)
	if must == "" {
		return true
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return equalFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(must)) == 1
}
