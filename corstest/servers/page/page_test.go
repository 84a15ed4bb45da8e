package main

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/diagnosis"
	"github.com/s3cors/s3cors/corstest/report"
)

// runs are a directory as run leaves it.
func runs(results string) fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"versitygw.version": file("v1.8.0\n"),
		"versitygw.json": file(`{"schema":1,"target":"http://127.0.0.1:1","dialect":"aws","counts":{},"results":[` + results + `],
			"diagnoses":[{"bug":"expose-etag","title":"you expose ETag","seen":["versity/versitygw#1893"],"explains":["exact-match-is-granted"],"confidence":0.71},
			{"bug":"substring","title":"you look for a part","seen":[],"explains":["exact-match-is-granted"],"confidence":0.2}]}`),
		"ceph.json":      file(`{"schema":1,"results":[{"id":"op-get-none","verdict":"pass"}]}`),
		"ceph.ceph.json": file(`{"schema":1,"results":[{"id":"ceph-op-get-none","verdict":"pass"},{"id":"ceph-op-post","verdict":"fail"}]}`),
		"ceph.version":   file("16.2.15"),
		"minio.version":  file("v0"),
		"minio.error":    file("it could not be installed: no space | left\nmore"),
		"minio.json":     file("{}"),
	}
}

const failed = `{"id":"op-get-none","level":"must","verdict":"fail","diffs":[{"what":"steps[0].status","want":"404","got":"200"}]}`

func TestThePageHasAMatrixAndASectionForEachServer(t *testing.T) {
	found, err := read(runs(failed))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(`
Asked on 2026-11-26. A cell is passed/asked, of the vectors at `+"`must`"+`; a dash says that nothing could be asked.

| | [versitygw](#versitygw) | [Ceph RADOS Gateway](#ceph-rados-gateway) |
|---|--:|--:|
| version | v1.8.0 | 16.2.15 |
| actual requests | – | – |
| preflights | – | – |
| exact headers | – | – |
| PUT validation | 0/1 | 1/1 |
| error bodies | 1/1 | 1/1 |
| edge cases | – | – |
| **all at must** | **0/1** | **1/1** |
| all at should | – | – |
| all at may | – | – |

### versitygw

[versitygw](https://github.com/versity/versitygw) v1.8.0. The posix backend, with a sidecar directory for metadata.
Of 1 vector 0 passed, 1 failed, 0 had no answer, 0 were not asked.

What the failures look like, the likeliest first:

1. **you expose ETag** (`+"`expose-etag`"+`, confidence 0.71; explains 1 of 1 failure); seen: [versity/versitygw\#1893](https://github.com/versity/versitygw/issues/1893)

Less sure than 0.5: `+"`substring`"+`.

Known: [rules are validated by PUT ?cors](https://github.com/versity/versitygw/pull/1885); [ETag is exposed also where no rule says so](https://github.com/versity/versitygw/issues/1893); [header names are compared without case](https://github.com/versity/versitygw/pull/1492).

### Ceph RADOS Gateway

[Ceph RADOS Gateway](https://github.com/ceph/ceph) 16.2.15. The packages of Debian: one monitor, one manager, one OSD in memory, and radosgw. Where Ceph differs from S3 is written down in [ceph-cors.md](ceph-cors.md).
Of 1 vector 1 passed, 0 failed, 0 had no answer, 0 were not asked.
Held against [ceph-cors.md](ceph-cors.md), with `+"`-dialect ceph`"+`, 1 of 2 at `+"`must`"+` passed.

Known: [the rule is chosen by origin, method and headers from the main branch on](https://github.com/ceph/ceph/pull/69190); [CORS for the whole server](https://github.com/ceph/ceph/pull/66500).

### Not asked

- [MinIO](https://github.com/minio/minio): it could not be installed: no space | left

`, markdown(found, "2026-11-26")))
}

func TestADiagnosisThatIsNotSoIsNotShownAsOne(t *testing.T) {
	r := &report.Report{Diagnoses: []diagnosis.Diagnosis{
		{Bug: "cred-with-star", Title: "no", Confidence: 0.9}, {Bug: "a", Title: "yes", Confidence: 0.8}, {Bug: "b", Title: "b", Confidence: 0.79},
		{Bug: "srv-comma-dos", Title: "no", Confidence: 0.9},
	}}
	f := finding{server: server{unruly: true, doubts: map[string]string{"cred-with-star": "it has no star"}}, report: r}
	require.Equal(t, `
What the failures look like, the likeliest first:

1. **yes** (`+"`a`"+`, confidence 0.80; explains 0 of 0 failures)

Looked at, and not so: `+"`cred-with-star`"+` (it has no star), `+"`srv-comma-dos`"+` (what is too long for S3 is answered here, and nobody measured what that costs).

Less sure than 0.8: `+"`b`"+`.
`, diagnoses(f))
}

func TestAPageOfNothingIsAnError(t *testing.T) {
	_, err := read(fstest.MapFS{})
	require.EqualError(t, err, "the directory has nothing of any server")
}

func TestAnUnknownVectorIsAnError(t *testing.T) {
	_, err := read(runs(`{"id":"no-such-vector"}`))
	require.EqualError(t, err, "versitygw: there is no vector no-such-vector")
}

func TestAnotherSchemaIsAnError(t *testing.T) {
	directory := runs("")
	directory["versitygw.json"].Data = []byte(`{"schema":2}`)
	_, err := read(directory)
	require.EqualError(t, err, "versitygw: the schema is 2, and not 1")
}

func TestOnlyWhatStandsBetweenTheMarkersIsReplaced(t *testing.T) {
	page, err := between([]byte("a\n"+begin+"old\n"+end+"b\n"), []byte("new\n"))
	require.NoError(t, err)
	require.Equal(t, "a\n"+begin+"new\n"+end+"b\n", string(page))
	_, err = between([]byte("a\n"+end), nil)
	require.EqualError(t, err, "docs/servers.md has no markers")
}

func TestEveryServerHasAHomeAndASetup(t *testing.T) {
	for _, s := range servers {
		require.Regexp(t, `^[a-z0-9]+$`, s.name)
		require.Regexp(t, `^https://github\.com/`, s.home)
		require.Regexp(t, `\.$`, s.setup)
	}
}
