package explain_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// applyPatch applies a JSON Patch, as far as fixes use it: RFC 6902 sections 4.1 and 4.3.
func applyPatch(t *testing.T, document, patch []byte) []byte {
	t.Helper()
	var operations []struct {
		Op    string
		Path  string
		Value any
	}
	require.NoError(t, unmarshal(patch, &operations))
	var root any
	require.NoError(t, unmarshal(document, &root))
	for _, o := range operations {
		require.Contains(t, []string{"add", "replace"}, o.Op)
		steps := strings.Split(o.Path, "/")
		require.Empty(t, steps[0])
		root = applyOne(t, root, steps[1:], o.Op == "add", o.Value)
	}
	result, err := json.Marshal(root)
	require.NoError(t, err)
	return result
}

func unmarshal(data []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(v)
}

// applyOne returns what is at a place with the change made below it.
func applyOne(t *testing.T, at any, steps []string, add bool, value any) any {
	t.Helper()
	if object, ok := at.(map[string]any); ok {
		old, found := object[steps[0]]
		if len(steps) == 1 {
			require.True(t, add || found, "nothing to replace at %s", steps[0])
			object[steps[0]] = value
			return object
		}
		require.True(t, found, "nothing at %s", steps[0])
		object[steps[0]] = applyOne(t, old, steps[1:], add, value)
		return object
	}
	array, ok := at.([]any)
	require.True(t, ok, "no array at %v", steps)
	i := len(array)
	if steps[0] != "-" {
		var err error
		i, err = strconv.Atoi(steps[0])
		require.NoError(t, err)
	}
	if len(steps) == 1 && add {
		require.LessOrEqual(t, i, len(array))
		return slices.Insert(array, i, value)
	}
	require.Less(t, i, len(array))
	if len(steps) == 1 {
		array[i] = value
	} else {
		array[i] = applyOne(t, array[i], steps[1:], add, value)
	}
	return array
}
