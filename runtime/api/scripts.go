package api

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

type script struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	Lang         string     `json:"lang" doc:"pixel, cartridge or python"`
	Purpose      string     `json:"purpose"`
	Code         string     `json:"code" doc:"in a list only where it has at most 16384 bytes, else empty"`
	CodeBytes    int64      `json:"code_bytes"`
	Enabled      bool       `json:"enabled"`
	CreatedAt    *time.Time `json:"created_at"`
	LastRunAt    *time.Time `json:"last_run_at"`
	RunCount     int64      `json:"run_count"`
	SuccessCount int64      `json:"success_count"`
	Failures     int        `json:"consecutive_failures"`
	NotBefore    *time.Time `json:"not_before" doc:"it backs off until then"`
}

type scriptsAnswer struct {
	Success bool     `json:"success"`
	Scripts []script `json:"scripts" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func getScripts(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.ScriptPage, func(s store.Script) (script, int64) { return scriptOf(s), s.ID })
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, scriptsAnswer{true, rows, next})
	return nil
}

func scriptOf(s store.Script) script {
	return script{
		s.ID, s.Name, s.Lang, s.Purpose, s.Code, s.CodeBytes, s.Enabled, when(s.CreatedAt), when(s.LastRunAt),
		s.RunCount, s.SuccessCount, s.ConsecutiveFailures, when(s.NotBefore),
	}
}

type scriptRequest struct {
	Name    string  `json:"name" need:"yes"`
	Lang    string  `json:"lang" doc:"pixel (the default), cartridge or python"`
	Purpose string  `json:"purpose"`
	Code    *string `json:"code" need:"yes"`
	Enabled *bool   `json:"enabled" doc:"default true; counts for a new script"`
	Replace bool    `json:"replace" doc:"give a script of that name this code"`
}

type addedAnswer struct {
	Success bool  `json:"success"`
	ID      int64 `json:"id"`
}

func addScript(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	req, err := decode[scriptRequest](c)
	if err != nil {
		return err
	}
	if req.Lang == "" {
		req.Lang = "pixel"
	}
	if req.Code == nil {
		req.Code = new(string)
	}
	wanted := store.Script{Name: req.Name, Lang: req.Lang, Purpose: req.Purpose, Code: *req.Code, Enabled: req.Enabled == nil || *req.Enabled}
	if err := checkScript(c, wanted); err != nil {
		return err
	}
	ctx := c.r.Context()
	old, err := db.Script(ctx, req.Name)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return stored(err)
	}
	if known && !req.Replace && (old.Code != *req.Code || old.Lang != req.Lang || old.Purpose != req.Purpose) {
		return refuse(http.StatusConflict, "there is a script %q already; say \"replace\": true to give it this code", clip(req.Name))
	}
	id, _, err := db.UpsertScript(ctx, wanted)
	if err != nil {
		return stored(err)
	}
	status := http.StatusCreated
	if known {
		status = http.StatusOK
	}
	answer(c.w, status, addedAnswer{true, id})
	return nil
}

// checkScript refuses a script that the loop could not run.
func checkScript(c *request, s store.Script) error {
	switch {
	case strings.TrimSpace(s.Name) == "" || len(s.Name) > nameMost || strings.ContainsFunc(s.Name, unicode.IsControl):
		return refuse(http.StatusUnprocessableEntity, "name is missing, too long, or of more than one line")
	case s.Lang != "pixel" && s.Lang != "cartridge" && s.Lang != "python":
		return refuse(http.StatusUnprocessableEntity, "lang is %q; it may be pixel, cartridge or python", clip(s.Lang))
	case strings.TrimSpace(s.Code) == "":
		return refuse(http.StatusUnprocessableEntity, "code is missing")
	case len(s.Purpose) > textMost:
		return refuse(http.StatusUnprocessableEntity, "purpose is longer than %d bytes", textMost)
	case s.Lang != "pixel":
		return nil
	}
	leave, err := c.enterFor(int64(16 * len(s.Code)))
	if err != nil {
		return err
	}
	defer leave()
	if a := pxl.AssembleBundle(s.Name, s.Code); !a.OK() {
		return refuse(http.StatusUnprocessableEntity, "%s", *refusal(diagnostics(a, 0)))
	}
	return nil
}
