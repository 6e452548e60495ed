package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// codeMost is how many bytes of code a script may have. No more are read.
const codeMost = 16 << 20

// scriptColumns is the query for scripts, with expressions for names, purpose and
// code. It takes enabled as it lies there: it alone decides whether a script runs.
func scriptColumns(name, purpose func(string) string, code string) string {
	return "SELECT " + sqlquery.Columns("s.id", name("s.name"), name("s.lang"), purpose("s.purpose"), code, sqlquery.Integer("octet_length(s.code)"),
		"coalesce(s.enabled, 0)", "CAST(s.created_at AS TEXT)", "CAST(s.last_run_at AS TEXT)", sqlquery.Integer("s.run_count"), sqlquery.Integer("s.success_count"),
		sqlquery.Integer("t.consecutive_failures"), "CAST(t.not_before AS TEXT)", sqlquery.Text("t.tried_hash")) +
		" FROM improvement_scripts s LEFT JOIN script_state t ON t.script_id = s.id "
}

var scriptQuery = scriptColumns(sqlquery.Text, sqlquery.Text, fmt.Sprintf("iif(octet_length(s.code) > %d, '', %s)", codeMost, sqlquery.Text("s.code")))

// readScripts reads scripts with all of their code.
func readScripts(ctx context.Context, q querier, which string, args ...any) ([]Script, error) {
	all, err := sqlquery.Collect(ctx, q, scanListedScript, scriptQuery+which, args...)
	if err != nil {
		return nil, err
	}
	files := &bundle.Reader{Q: q}
	for i := range all {
		s := &all[i]
		var lost string
		if s.Code, lost, err = wholeCode(ctx, files, s.Code); err != nil {
			return nil, err
		}
		s.CodeBytes, s.CodeHash = max(s.CodeBytes, int64(len(s.Code))), chain.HashText(s.Code)
		s.judge(lost)
	}
	return all, nil
}

// readScript reads the script that which finds; sql.ErrNoRows for none.
func readScript(ctx context.Context, q querier, which string, arg any) (Script, error) {
	all, err := readScripts(ctx, q, which, arg)
	if err == nil && len(all) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return Script{}, err
	}
	return all[0], nil
}

// references is an SQL expression for the end of a script's code that may refer to files.
var references = fmt.Sprintf("iif(instr(s.code, '%[1]s') > 0, CAST(substr(s.code, instr(s.code, '%[1]s')) AS TEXT), '')", bundle.Begins)

// listCode makes listed scripts whole, of which those with more than most bytes of code
// have the end of it that refers to files: in a list they have none.
func listCode(ctx context.Context, q querier, all []Script, most int) error {
	files := &bundle.Reader{Q: q}
	for i := range all {
		s := &all[i]
		by, err := files.Grows(ctx, s.Code)
		if lost := (*bundle.Lost)(nil); errors.As(err, &lost) {
			s.judge(lost.Error())
		} else if err != nil {
			return err
		}
		s.CodeBytes += by
		s.judge("")
		if s.CodeBytes > int64(most) {
			s.Code = ""
			continue
		}
		lost := ""
		if s.Code, lost, err = wholeCode(ctx, files, s.Code); err != nil {
			return err
		}
		s.judge(lost)
	}
	return nil
}

// codeOf is the code of a script; sql.ErrNoRows where there is none.
func codeOf(ctx context.Context, q querier, id int64) (code string, err error) {
	if err = q.QueryRowContext(ctx, "SELECT "+sqlquery.Text("code")+" FROM improvement_scripts WHERE id = ?", id).Scan(&code); err != nil {
		return "", err
	}
	code, _, err = wholeCode(ctx, &bundle.Reader{Q: q}, code)
	return code, err
}

// judge says why the loop cannot use a script, of which lost is what is wrong with its
// files.
func (s *Script) judge(lost string) {
	switch {
	case s.Fault != "":
	case s.CodeBytes > codeMost:
		s.Fault = fmt.Sprintf("its code has %d MB, and a script may have %d", s.CodeBytes>>20, codeMost>>20)
	default:
		s.Fault = lost
	}
}

// scanListedScript scans a script whose code may not have been read.
func scanListedScript(scan func(...any) error) (s Script, err error) {
	var created, last, notBefore sql.NullString
	var enabled any
	err = scan(&s.ID, &s.Name, &s.Lang, &s.Purpose, &s.Code, &s.CodeBytes, &enabled, &created, &last,
		&s.RunCount, &s.SuccessCount, &s.ConsecutiveFailures, &notBefore, &s.TriedHash)
	s.CreatedAt, s.LastRunAt, s.NotBefore = sqlquery.ParseTime(created), sqlquery.ParseTime(last), sqlquery.ParseTime(notBefore)
	var ok bool
	if s.Enabled, ok = isOn(enabled); !ok && err == nil {
		s.Fault = fmt.Sprintf("enabled is %.40q, where 1 would be on and 0 off", enabled)
	}
	s.judge("")
	return s, err
}

// isOn says whether a value of the column enabled means on: any number but 0 does. ok
// is false for what is no number.
func isOn(enabled any) (on, ok bool) {
	switch v := enabled.(type) {
	case int64:
		return v != 0, true
	case float64:
		return v != 0, true
	case string: // in an earlier program's column, numbers may be texts
		n, err := strconv.ParseFloat(v, 64)
		return err == nil && n != 0, err == nil
	}
	return false, false
}

// A Skipped is a row that the loop cannot use, and why.
type Skipped struct {
	Table string `json:"table"`
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Why   string `json:"why"` // a clause: "enabled is …"
}

func (s Skipped) String() string {
	return fmt.Sprintf("row %d of %s (%s) is skipped: %s", s.ID, s.Table, s.Name, s.Why)
}

func (s *Script) skip() Skipped { return Skipped{"improvement_scripts", s.ID, s.Name, s.Fault} }
