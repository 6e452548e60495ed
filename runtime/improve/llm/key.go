package llm

import (
	"fmt"
	"os"
	"strings"
)

// Key is the key for a model's server: GVPIE_LLM_KEY, or what the file holds that
// GVPIE_LLM_KEY_FILE names, which nobody else may read. "": there is none.
func Key(getenv func(string) string) (string, error) {
	if k := getenv("GVPIE_LLM_KEY"); k != "" {
		return strings.TrimSpace(k), nil
	}
	path := getenv("GVPIE_LLM_KEY_FILE")
	if path == "" {
		return "", nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("GVPIE_LLM_KEY_FILE: %w", err)
	}
	if private := info.Mode().Perm()&0o077 == 0; !private && os.PathSeparator == '/' {
		return "", fmt.Errorf("GVPIE_LLM_KEY_FILE: others may read %s: chmod 600 it", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("GVPIE_LLM_KEY_FILE: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}
