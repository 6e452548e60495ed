//go:build !nofleet

package fleet

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gvpie/runtime/token"
)

// Config is what a Home and a Worker are made of.
type Config struct {
	URL       string // nats://HOST:PORT
	TokenFile string // "": the URL has the token, or none is asked for
	Version   string // of this gvpie
	// Told is told what a person should know: a sentence. Nil: nobody is.
	Told func(text string) `json:"-"`

	silence time.Duration // 0: ackWait
	kills   int           // 0: kills
}

func (c *Config) defaults() {
	if c.Told == nil {
		c.Told = func(string) {}
	}
	if c.silence == 0 {
		c.silence = ackWait
	}
	if c.kills == 0 {
		c.kills = kills
	}
}

// connect connects to the server, now or whenever it comes.
func connect(c Config, name string) (*nats.Conn, jetstream.JetStream, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Host == "" {
		return nil, nil, fmt.Errorf("%q is no address of a NATS server: it is nats://HOST:PORT", c.URL)
	}
	o := []nats.Option{nats.Name(name), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond)}
	if c.TokenFile != "" {
		secret, err := token.Read(c.TokenFile)
		if err != nil {
			return nil, nil, fmt.Errorf("the token of the fleet: %w", err)
		}
		if secret == "" {
			return nil, nil, fmt.Errorf("%s holds no token, or others than its owner may read it: chmod 600 it, or copy it again from the machine of gvpie fleet serve", c.TokenFile)
		}
		o = append(o, nats.Token(secret))
	}
	nc, err := nats.Connect(c.URL, o...)
	if err != nil {
		return nil, nil, fmt.Errorf("the server of the fleet: %w", err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return nc, js, nil
}

// away is the sentence for a server that does not answer.
func away(c Config, err error) error {
	u, bad := url.Parse(c.URL)
	if bad != nil {
		return err
	}
	if strings.Contains(strings.ToLower(err.Error()), "authorization") {
		return fmt.Errorf("the server of the fleet at %s does not take this token: %w", u.Host, err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the server of the fleet at %s does not answer (gvpie fleet serve is one)", u.Host)
	}
	return fmt.Errorf("the server of the fleet at %s does not answer (gvpie fleet serve is one): %w", u.Host, err)
}
