// render CHART VALUES.yaml ...: writes what Helm would apply of a chart as one JSON list. Later values win. It has of Helm what a chart of
// ours may use: sprig's functions, include, toYaml and required.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func main() {
	objects, err := render(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(objects)
}

func render(chart string, valueFiles []string) ([]any, error) {
	values := map[string]any{}
	for _, path := range append([]string{filepath.Join(chart, "values.yaml")}, valueFiles...) {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		read := map[string]any{}
		if err := yaml.Unmarshal(text, &read); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		merge(values, read)
	}
	paths, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return nil, err
	}
	sort.Strings(paths)
	all := template.New("chart").Funcs(sprig.TxtFuncMap())
	all.Funcs(functions(all))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if _, err := all.New(filepath.Base(path)).Parse(string(text)); err != nil {
			return nil, err
		}
	}
	data := map[string]any{"Values": values, "Release": map[string]any{"Name": "release", "Namespace": "media"}}
	objects := []any{}
	for _, path := range paths {
		if strings.HasSuffix(path, ".tpl") {
			continue
		}
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, filepath.Base(path), data); err != nil {
			return nil, err
		}
		if strings.Contains(text.String(), "<no value>") {
			return nil, fmt.Errorf("%s: a value is missing (<no value>)", path)
		}
		decoder := yaml.NewDecoder(&text)
		for {
			var object any
			if err := decoder.Decode(&object); err != nil {
				if err.Error() == "EOF" {
					break
				}
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			if object != nil {
				objects = append(objects, object)
			}
		}
	}
	return objects, nil
}

func functions(all *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var text bytes.Buffer
			err := all.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
		"toYaml": func(value any) (string, error) {
			text, err := yaml.Marshal(value)
			return strings.TrimSuffix(string(text), "\n"), err
		},
		"required": func(message string, value any) (any, error) {
			if value == nil || value == "" {
				return nil, fmt.Errorf("%s", message)
			}
			return value, nil
		},
	}
}

func merge(into, from map[string]any) {
	for key, value := range from {
		inner, isMap := value.(map[string]any)
		if known, ok := into[key].(map[string]any); ok && isMap {
			merge(known, inner)
		} else {
			into[key] = value
		}
	}
}
