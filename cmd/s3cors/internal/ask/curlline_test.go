package ask

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestACommandSendsTheRequestThatItWasMadeOf(t *testing.T) {
	for _, s := range []*Sent{
		{method: "GET", url: "https://b.example/k"},
		{method: "HEAD", url: "https://b.example/k"},
		{method: "OPTIONS", url: "https://b.example/it's", headers: [][2]string{{"Origin", "https://a.example"}, {"X-Empty", ""}}},
		{method: "$(rm x)", url: "https://b.example/`id`", headers: [][2]string{{"X-A", `'"; $HOME \ !`}}},
	} {
		got, err := ReadPasted(CurlLine(s.method, s.url, s.headers))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(&Pasted{Kind: "a curl command", Sent: []*Sent{s}}, got, cmp.AllowUnexported(Sent{})))
	}
}

func TestAnArchiveMayBeAnEntryOfOne(t *testing.T) {
	const entry = `{"request":{"method":"PUT","url":"https://b.example/k","headers":[{"name":":authority","value":"b.example"},{"name":"origin","value":"https://a.example"}]},"response":{"status":301}}`
	one, err := new(Given).HAR("it", []byte(entry))
	require.NoError(t, err)
	archive, err := new(Given).HAR("it", []byte(`{"log":{"entries":[`+entry+`]}}`))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(archive, one))
	require.Equal(t, "PUT https://b.example/k from https://a.example", one[0].Title)
	_, err = new(Given).HAR("it", []byte(`{"request":{}}`))
	require.EqualError(t, err, "it is no HTTP archive, which is a JSON object with the member log")
}
