package sandbox

import (
	"context"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	Child()
	os.Exit(m.Run())
}

func TestFirst(t *testing.T) {
	res, err := Run(context.Background(), Spec{Code: "import os,math,json\nprint(json.dumps({'x':math.pi}), os.getpid(), os.listdir('/'))\n1/0\n"})
	t.Logf("%+v %v", res, err)
}
