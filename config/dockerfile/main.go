// SPDX-License-Identifier: Apache-2.0

// Prints what BuildKit would warn of in Dockerfiles, for all of their stages, and fails if there is anything.
// Usage: dockerfile-lint FILE…
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/opencontainers/go-digest"
)

// offline knows nothing of any base image, so that no registry is asked.
type offline struct{}

func (offline) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config := []byte(`{"architecture": "amd64", "os": "linux"}`)
	return ref, digest.FromBytes(config), config, nil
}

func main() {
	failed := false
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		if err == nil {
			err = lint(name, text)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func lint(name string, text []byte) error {
	source := llb.NewSourceMap(nil, name, "Dockerfile", text)
	source.Definition = &llb.Definition{}
	results, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{},
		MetaResolver: offline{},
		SourceMap:    source,
	})
	if err != nil {
		return err
	}
	for _, warning := range results.Warnings {
		fmt.Fprintf(os.Stderr, "%s: %s: %s\n", name, warning.RuleName, warning.Detail)
	}
	if results.Error != nil {
		return fmt.Errorf("%s", results.Error.Message)
	}
	if len(results.Warnings) > 0 {
		return fmt.Errorf("%d warnings", len(results.Warnings))
	}
	return nil
}
