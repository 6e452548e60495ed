package api

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// DefaultAddr is where other programs look for the API.
const DefaultAddr = store.DefaultAddr

var (
	// ErrBusy is wrapped by the error of Listen when another program has the port.
	ErrBusy = errors.New("the port is in use by another program")
	// ErrOpen is wrapped by the error of Listen for an address that other
	// computers can reach, when no token must come with calls.
	ErrOpen = errors.New("other computers could reach the API there without a token")
)

// Config is what a Server stands on. Engine is required; what is missing of the
// rest makes the calls that need it answer 503.
type Config struct {
	Version string
	Logger  *slog.Logger // default: none

	// Engine makes an engine, for one run after another; the Server closes it. It may give a CPU
	// engine when asked for a GPU: the engine's own Kind is what is reported.
	Engine func(engine.Kind) (engine.Engine, error)
	// Chooser decides for Auto; default: one of the Server's own.
	Chooser *engine.Chooser
	// GPU says whether there is a GPU now, and its name. Default: there is none.
	GPU func() (adapter string, ok bool)
	// Canvas gives the textures of the program that the window shows; ok is false
	// when there is none. Default: the status page shows the last run.
	Canvas func(context.Context) (c Canvas, ok bool, err error)

	Store *store.Store // scripts, runs, goals, map, metrics, cartridges
	Agent *agent.Agent // the loop

	// Token gives what must come with every call but /health and the status page, as
	// Authorization: Bearer; "", or nil: nothing must. It is asked at each call. See
	// [LoadToken].
	Token func(context.Context) string
	// Hosts are further names a request may call this computer by, when it listens
	// for others.
	Hosts []string

	Runs    int // runs and assemblies at once; default: one for two processors, at least 1
	Waiting int // … that wait; default 32

	limits limits
}

// Canvas is the pictures of a machine.
type Canvas struct {
	Machine, Human *image.RGBA
}

// limits are the times and sizes that tests shorten.
type limits struct {
	header    time.Duration // to send the headers
	request   time.Duration // … and the body
	answer    time.Duration // from the headers to the end of the answer
	idle      time.Duration // between two requests
	patience  time.Duration // a run waits for its turn
	run       time.Duration // a run takes
	heartbeat time.Duration // between two signs of life of the events
	event     time.Duration // a reader of events takes to take one
	grace     time.Duration // requests that have begun have when the Server stops
	body      int64         // bytes
	memory    int64         // bytes of bodies, machines and answers, of all requests
	readers   int           // of events
}

var defaultLimits = limits{
	header: 5 * time.Second, request: 20 * time.Second, answer: time.Minute, idle: time.Minute,
	patience: 5 * time.Second, run: 10 * time.Second,
	heartbeat: 15 * time.Second, event: 5 * time.Second, grace: 2 * time.Second,
	body: 4 << 20, memory: 512 << 20, readers: 64,
}

// A Server answers the API. Make one with New; its methods may be called from
// any goroutine.
type Server struct {
	config  Config
	limits  limits
	log     *slog.Logger
	began   time.Time
	queue   *queue
	quota   *quota
	engines enginePool
	events  *hub
	last    lastRun
	listed  cartridgeCache
	handler http.Handler

	// reachable is the token as it was when the Server began to listen where other
	// computers reach it, and must come from then on; "": it does not.
	reachable string

	writing sync.Mutex // held while a cartridge's file changes
	spec    []byte     // the OpenAPI description
}

// New makes a Server. It starts nothing. Serve frees what it gathers; who does not
// call that calls Close.
func New(c Config) (*Server, error) {
	if c.Engine == nil {
		return nil, errors.New("the API needs engines: Config.Engine is nil")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Chooser == nil {
		c.Chooser = &engine.Chooser{}
	}
	if c.Token == nil {
		c.Token = func(context.Context) string { return "" }
	}
	if c.GPU == nil {
		c.GPU = func() (string, bool) { return "", false }
	}
	if c.Runs < 1 {
		c.Runs = max(1, runtime.GOMAXPROCS(0)/2)
	}
	if c.Waiting < 1 {
		c.Waiting = 32
	}
	if c.limits == (limits{}) {
		c.limits = defaultLimits
	}
	s := &Server{
		config: c, limits: c.limits, log: c.Logger, began: time.Now(),
		engines: enginePool{most: c.Runs},
		queue:   newQueue(c.Runs, c.Waiting, c.limits.patience),
		quota:   &quota{free: c.limits.memory},
		events:  newHub(c.limits.readers),
	}
	table := s.routes()
	var err error
	if s.spec, err = describe(c.Version, table); err != nil {
		return nil, err
	}
	s.handler = s.guard(s.mux(table))
	return s, nil
}

// Close frees the engines that are kept between runs. Runs after it make engines
// of their own.
func (s *Server) Close() error { return s.engines.close() }

// Listen takes an address, host:port. Its errors are sentences for a person;
// they wrap ErrBusy when the port is taken and ErrOpen when other computers
// could come in without a token.
func (s *Server) Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the API has no address %q: it is host:port, as %s", addr, DefaultAddr)
	}
	token := s.config.Token(context.Background())
	if !loopback(host) && token == "" {
		return nil, fmt.Errorf("the API does not listen on %s: %w", addr, ErrOpen)
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the API is off: %s: %w; choose another with --addr", addr, ErrBusy)
	case err != nil:
		return nil, fmt.Errorf("the API is off: %w", err)
	}
	// A name may mean anything: what counts is where it led.
	if a, ok := l.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		if token == "" {
			l.Close()
			return nil, fmt.Errorf("the API does not listen on %s: %w", addr, ErrOpen)
		}
		s.reachable = token
	}
	return l, nil
}

// Serve answers on a listener, which it closes, until ctx ends; then requests that
// have begun get a moment, and it returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: s.limits.header,
		ReadTimeout:       s.limits.request,
		WriteTimeout:      s.limits.answer,
		IdleTimeout:       s.limits.idle,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		// Runs and event streams end with the Server.
		BaseContext:                  func(net.Listener) context.Context { return ctx },
		DisableGeneralOptionsHandler: true,
	}
	var stopped sync.WaitGroup
	stopped.Go(s.watch(ctx))
	stopped.Go(func() {
		<-ctx.Done()
		grace, done := context.WithTimeout(context.Background(), s.limits.grace)
		defer done()
		if h.Shutdown(grace) != nil {
			h.Close()
		}
	})
	s.log.Info("the API listens", "addr", l.Addr().String())
	err := h.Serve(l)
	cancel()
	stopped.Wait()
	if err := s.Close(); err != nil {
		s.log.Warn("closing the engines of the API", "err", err)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("the API has ended: %w", err)
}

// loopback says whether a host is this computer and reached from it alone: a
// loopback address, or localhost.
func loopback(host string) bool {
	if equalFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Zone() == "" && a.Unmap().IsLoopback()
}
