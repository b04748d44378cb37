// Runs a command and says what it cost by the system's own account of an ended process: `meter SECONDS COMMAND ARG…`.
// The command's output goes to standard output; one line of JSON ends standard error. The command is killed after the
// bound, and when standard input ends, so that none is left behind when whoever started this dies.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: meter SECONDS COMMAND ARG…")
	}
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	if err != nil {
		log.Fatal(err)
	}
	command := exec.Command(os.Args[2], os.Args[3:]...)
	command.Stdout = os.Stdout
	command.Stderr = os.Stderr
	startedAt := time.Now()
	if err := command.Start(); err != nil {
		log.Fatal(err)
	}
	timedOut := false
	bound := time.AfterFunc(time.Duration(seconds*float64(time.Second)), func() {
		timedOut = true
		_ = command.Process.Kill()
	})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = command.Process.Kill()
	}()
	_ = command.Wait()
	bound.Stop()
	report(command.ProcessState, time.Since(startedAt), timedOut)
}

func report(state *os.ProcessState, wall time.Duration, timedOut bool) {
	peakKiB := int64(0)
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		peakKiB = usage.Maxrss
	}
	if runtime.GOOS == "darwin" { // bytes there
		peakKiB /= 1024
	}
	line := map[string]any{
		"exitCode": state.ExitCode(),
		"timedOut": timedOut,
		"wallUs":   wall.Microseconds(),
		"cpuUs":    (state.UserTime() + state.SystemTime()).Microseconds(),
		"peakKiB":  peakKiB,
	}
	if err := json.NewEncoder(os.Stderr).Encode(line); err != nil {
		log.Print(err)
	}
}
