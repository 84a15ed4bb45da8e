package suffix_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/suffix"
)

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"example.com": "example.com", "a.b.example.com": "example.com", "a.example.co.uk": "example.co.uk", "example.co.uk": "example.co.uk",
		"team.vercel.app": "team.vercel.app", "a.team.vercel.app": "team.vercel.app", "vercel.app": "vercel.app",
		"bucket.s3.eu-west-1.amazonaws.com": "bucket.s3.eu-west-1.amazonaws.com", "com": "com", "localhost": "localhost", "": "",
	} {
		require.Equal(t, want, suffix.Registrable(host), host)
	}
}

func TestIsPublic(t *testing.T) {
	for _, domain := range []string{"com", "co.uk", "com.br", "github.io", "s3.amazonaws.com", "s3-eu-west-1.amazonaws.com", "workers.dev.", ""} {
		require.True(t, suffix.IsPublic(domain), domain)
	}
	for _, domain := range []string{"example.com", "co.example", "me.github.io", "bbc.co.uk", "bucket.s3.amazonaws.com"} {
		require.False(t, suffix.IsPublic(domain), domain)
	}
}
