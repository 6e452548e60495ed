package store

import (
	"context"
	"database/sql"
	"errors"

	"gvpie/runtime/store/sqlquery"
)

// Setting is the value of a setting, or def where there is none.
func (s *settingTable) Setting(ctx context.Context, key, def string) (value string, err error) {
	err = s.read(ctx, "read setting "+key, func(ctx context.Context, q querier) error {
		err := q.QueryRowContext(ctx, "SELECT "+sqlquery.Text("value")+" FROM settings WHERE key = ?", key).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			value, err = def, nil
		}
		return err
	})
	if err != nil {
		return def, err
	}
	return value, nil
}

// Settings are all settings.
func (s *settingTable) Settings(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	err := s.read(ctx, "read the settings", func(ctx context.Context, q querier) error {
		rows, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (kv [2]string, err error) {
			err = scan(&kv[0], &kv[1])
			return kv, err
		}, "SELECT "+sqlquery.Columns(sqlquery.Text("key"), sqlquery.Text("value"))+" FROM settings")
		for _, kv := range rows {
			all[kv[0]] = kv[1]
		}
		return err
	})
	return all, err
}

// SetSetting writes a setting.
func (s *settingTable) SetSetting(ctx context.Context, key, value string) error {
	return s.write(ctx, "write setting "+key, func(ctx context.Context, q querier) error {
		return s.setSetting(ctx, q, key, value)
	})
}

func (s *core) setSetting(ctx context.Context, q querier, key, value string) error {
	_, err := q.ExecContext(ctx, `INSERT INTO settings (key, value, updated_at) VALUES (?1, ?2, ?3)
		ON CONFLICT (key) DO UPDATE SET value = ?2, updated_at = ?3`, key, value, s.now())
	return err
}
