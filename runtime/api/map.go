package api

import (
	"net/http"
	"time"

	"gvpie/runtime/store"
)

type mapRow struct {
	ID            int64      `json:"id"`
	Iteration     int64      `json:"iteration"`
	Task          string     `json:"task_description" doc:"in a list how it begins"`
	Code          string     `json:"code" doc:"in a list only where it has at most 16384 bytes, else empty"`
	CodeBytes     int64      `json:"code_bytes"`
	Result        string     `json:"result" doc:"JSON, as text; in a list a long one says only how the run came out"`
	Analysis      string     `json:"analysis" doc:"in a list how it begins"`
	AnalysisBytes int64      `json:"analysis_bytes" doc:"of the whole text"`
	Timestamp     *time.Time `json:"timestamp"`
	Parent        int64      `json:"parent_iteration" doc:"0: none"`
	Hash          string     `json:"hash" doc:"its link of the chain"`
	RunID         int64      `json:"run_id" doc:"0: none"`
}

type mapAnswer struct {
	Success bool     `json:"success"`
	Map     []mapRow `json:"map" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func getMap(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.MapList, func(r store.MapRow) (mapRow, int64) { return mapRowOf(r), r.ID })
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, mapAnswer{true, rows, next})
	return nil
}

func mapRowOf(r store.MapRow) mapRow {
	return mapRow{r.ID, r.Iteration, r.Task, r.Code, r.CodeBytes, r.Result, r.Analysis, r.AnalysisBytes, when(r.Timestamp), r.Parent, r.Hash, r.RunID}
}

type mapRowAnswer struct {
	Success bool   `json:"success"`
	Row     mapRow `json:"row"`
}

// getMapRow answers one row of the map with its texts whole.
func getMapRow(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	id, err := c.rowID()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	rows, err := db.MapList(ctx, store.Page{Before: id + 1, Limit: 1})
	if err == nil && (len(rows) == 0 || rows[0].ID != id) {
		err = store.ErrNotFound
	}
	if err != nil {
		return stored(err)
	}
	r := rows[0]
	if err := c.wholeRow(r.TaskBytes + r.CodeBytes + r.ResultBytes + r.AnalysisBytes); err != nil {
		return err
	}
	if r, err = db.MapRow(ctx, id); err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusOK, mapRowAnswer{true, mapRowOf(r)})
	return nil
}
