// SPDX-License-Identifier: Apache-2.0

// Loads a Compose file as Docker Compose would, once for each set of profiles, and fails where a set is not complete.
// Usage: compose-check FILE PROFILES…, profiles of a set joined by commas, "-" for none.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	failed := false
	for _, set := range os.Args[2:] {
		var profiles []string
		if set != "-" {
			profiles = strings.Split(set, ",")
		}
		services, err := load(os.Args[1], profiles)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s with profiles %s: %v\n", os.Args[1], set, err)
			failed = true
			continue
		}
		fmt.Printf("profiles %-14s %s\n", set+":", strings.Join(services, " "))
	}
	if failed {
		os.Exit(1)
	}
}

func load(file string, profiles []string) ([]string, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithWorkingDirectory(filepath.Dir(file)), cli.WithOsEnv,
		cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles(profiles))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	services := project.ServiceNames()
	for name, service := range project.Services {
		for dependency := range service.DependsOn {
			if _, there := project.Services[dependency]; !there {
				return nil, fmt.Errorf("%s depends on %s, which no profile of these starts", name, dependency)
			}
		}
	}
	sort.Strings(services)
	return services, nil
}
