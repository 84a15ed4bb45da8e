//go:build go1.26

package corsserver_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// withAge is a document that lets every page read, and says which one it is.
func withAge(age int) []byte {
	return fmt.Appendf(nil, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":%d}]`, age)
}

// ageOf returns which document a policy is of; -1 if it grants nothing.
func ageOf(p *s3cors.Policy) int {
	age, err := strconv.Atoi(p.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).MaxAge())
	if err != nil {
		return -1
	}
	return age
}

// watched is an option that does what o does, and f before that.
func watched[T any](o func(*T), f func()) func(*T) {
	return func(t *T) {
		f()
		o(t)
	}
}

func TestEqualTextsShareOnePolicy(t *testing.T) {
	cache := &corsserver.ContentCache{}
	first, err := cache.Policy([]byte(document))
	require.NoError(t, err)
	require.Equal(t, s3cors.Granted, first.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome())
	second, err := cache.Policy([]byte(document))
	require.NoError(t, err)
	require.Same(t, first, second)
	other, err := cache.Policy([]byte(document + " "))
	require.NoError(t, err)
	require.NotSame(t, first, other, "what is not the same text is not compared further")
	require.Equal(t, 2, corsserver.Entries(cache))
	require.Zero(t, corsserver.Tasks(cache))
}

func TestTheStateOfADocument(t *testing.T) {
	for _, tt := range []struct {
		name     string
		document []byte
		lenient  bool
		state    s3cors.State
		err      string // what the error begins with; "": there is none
		entries  int
	}{
		{"nil is no configuration", nil, false, s3cors.StateUnconfigured, "", 0},
		{"nil is no configuration, leniently", nil, true, s3cors.StateUnconfigured, "", 0},
		{"no bytes cannot be read", []byte{}, false, 0, unreadable, 1},
		{"no bytes cannot be read, leniently", []byte{}, true, 0, unreadable, 1},
		{"XML", []byte(document), false, s3cors.StateConfigured, "", 1},
		{"JSON", withAge(1), false, s3cors.StateConfigured, "", 1},
		{"what S3 would refuse cannot be read", []byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ExposeHeaders":["*"]}]`), false, 0,
			"corsserver: the stored CORS document is invalid: 1:68: CORSRules[0].ExposeHeaders[0]: InvalidRequest", 1},
		{"what S3 would refuse counts leniently", []byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ExposeHeaders":["*"]}]`), true,
			s3cors.StateConfigured, "", 1},
		{"what breaks off cannot be read", []byte("<CORSConfiguration>"), false, 0,
			"corsserver: the stored CORS document is invalid: 1:20: CORSConfiguration: MalformedXML", 1},
		{"what breaks off cannot be read, leniently", []byte("<CORSConfiguration>"), true, 0,
			"corsserver: the stored CORS document is invalid: 1:20: CORSConfiguration: MalformedXML", 1},
		{"what is longer than any configuration is not even kept", []byte(document + strings.Repeat(" ", 1<<20)), false, 0,
			"corsserver: the stored CORS document is invalid: 1:1: CORSConfiguration: MaxMessageLengthExceeded", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cache := &corsserver.ContentCache{Lenient: tt.lenient}
			first, firstErr := cache.Policy(tt.document)
			again, err := cache.Policy(tt.document)
			require.Equal(t, tt.entries, corsserver.Entries(cache))
			if tt.err != "" {
				require.Nil(t, again)
				require.ErrorContains(t, err, tt.err)
				require.Equal(t, tt.entries == 1, firstErr == err, "that it cannot be read is kept")
				return
			}
			require.NoError(t, err)
			require.Same(t, first, again)
			require.NotNil(t, again)
			require.Equal(t, tt.state, again.State())
		})
	}
}

func TestOptionsReachThePoliciesOfTexts(t *testing.T) {
	cache := &corsserver.ContentCache{Options: []s3cors.Option{s3cors.VaryAlways()}}
	for _, text := range [][]byte{nil, []byte(document)} {
		policy, err := cache.Policy(text)
		require.NoError(t, err)
		require.Equal(t, varyValue, policy.Evaluate(s3cors.Request{Method: "GET", Origin: stranger}).Vary())
	}
}

func TestTheCallersDocumentIsNotKept(t *testing.T) {
	cache := &corsserver.ContentCache{}
	text := withAge(1)
	policy, err := cache.Policy(text)
	require.NoError(t, err)
	copy(text, withAge(2)) // as a server does whose buffers serve request after request
	require.Equal(t, 1, ageOf(policy))
	policy, err = cache.Policy(text)
	require.NoError(t, err)
	require.Equal(t, 2, ageOf(policy))
	copy(text, strings.Repeat("x", len(text)))
	for _, age := range []int{1, 2} {
		policy, err = cache.Policy(withAge(age))
		require.NoError(t, err)
		require.Equal(t, age, ageOf(policy))
	}
	require.Equal(t, 2, corsserver.Entries(cache))
}

func TestTextsAreBoundedInBytes(t *testing.T) {
	cache := &corsserver.ContentCache{}
	_, err := cache.Policy(withAge(10))
	require.NoError(t, err)
	size := corsserver.Bytes(cache)
	cache = &corsserver.ContentCache{MaxBytes: 5 * size}
	for age := range 90 {
		policy, err := cache.Policy(withAge(10 + age))
		require.NoError(t, err)
		require.Equal(t, 10+age, ageOf(policy))
		require.Equal(t, min(age+1, 5)*size, corsserver.Bytes(cache))
	}
	require.Equal(t, 5, corsserver.Entries(cache))
	for name, maxBytes := range map[string]int{"what is larger than the whole cache": size - 1, "anything, if the bound is negative": -1} {
		cache = &corsserver.ContentCache{MaxBytes: maxBytes}
		for range 3 {
			policy, err := cache.Policy(withAge(10))
			require.NoError(t, err)
			require.Equal(t, 10, ageOf(policy))
		}
		require.Zero(t, corsserver.Entries(cache), "it does not keep %s", name)
		require.Zero(t, corsserver.Tasks(cache))
	}
}

func TestBadTextsAreBoundedInBytes(t *testing.T) {
	cache := &corsserver.ContentCache{}
	_, err := cache.Policy(told([]byte("<x"), 0))
	require.ErrorContains(t, err, "corsserver: the stored CORS document is invalid: ")
	size := corsserver.Bytes(cache)
	require.Equal(t, 192+512+(18+4)+len(err.Error())+len(err.Error())/4, size)
	cache = &corsserver.ContentCache{MaxBytes: 5 * size}
	for i := range 100 {
		_, err := cache.Policy(told([]byte("<x"), i))
		require.ErrorContains(t, err, "corsserver: the stored CORS document is invalid: ")
	}
	require.Equal(t, 5, corsserver.Entries(cache))
	require.Equal(t, 5*size, corsserver.Bytes(cache))
}

func TestATextThatIsUsedStays(t *testing.T) {
	cache := &corsserver.ContentCache{MaxBytes: 10_000}
	popular, err := cache.Policy(withAge(0))
	require.NoError(t, err)
	for age := range 1000 {
		_, err := cache.Policy(withAge(1 + age))
		require.NoError(t, err)
		again, err := cache.Policy(withAge(0))
		require.NoError(t, err)
		require.Same(t, popular, again)
	}
}

// compilations counts how often a cache applies its options, and what one document
// costs of that.
func compilations(t *testing.T, before func()) (option s3cors.Option, count func() int, each int) {
	t.Helper()
	var applied atomic.Int64
	option = watched(s3cors.PassInvalid(), func() { applied.Add(1) })
	_, err := (&corsserver.ContentCache{Options: []s3cors.Option{option}}).Policy([]byte(document))
	require.NoError(t, err)
	each = int(applied.Swap(0))
	require.Positive(t, each)
	option = watched(s3cors.PassInvalid(), func() {
		applied.Add(1)
		before()
	})
	return option, func() int { return int(applied.Load()) }, each
}

func TestConcurrentRequestsReadATextOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		option, count, each := compilations(t, func() { <-let })
		cache := &corsserver.ContentCache{Options: []s3cors.Option{option}}
		policies := make(chan *s3cors.Policy, 100)
		for range cap(policies) {
			go func() {
				policy, err := cache.Policy([]byte(document))
				if err != nil {
					t.Error(err)
				}
				policies <- policy
			}()
		}
		synctest.Wait()
		require.Equal(t, 1, count(), "one reads, and the others wait")
		require.Equal(t, 1, corsserver.Tasks(cache))
		close(let)
		first := <-policies
		for range cap(policies) - 1 {
			require.Same(t, first, <-policies)
		}
		require.Equal(t, each, count())
		require.Zero(t, corsserver.Tasks(cache))
	})
}

func TestATextThatHasJustBeenReadIsNotReadAgain(t *testing.T) {
	option, count, each := compilations(t, func() {})
	cache := &corsserver.ContentCache{Options: []s3cors.Option{option}}
	first, err := corsserver.WaitForText(cache, []byte(document))
	require.NoError(t, err)
	again, err := corsserver.WaitForText(cache, []byte(document))
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Equal(t, each, count())
}

func TestDifferentTextsAreReadAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		option, count, _ := compilations(t, func() { <-let })
		cache := &corsserver.ContentCache{Options: []s3cors.Option{option}}
		var wg sync.WaitGroup
		for age := range 10 {
			wg.Go(func() {
				if policy, err := cache.Policy(withAge(age)); err != nil || ageOf(policy) != age {
					t.Error(policy, err)
				}
			})
		}
		synctest.Wait()
		require.Equal(t, 10, count())
		require.Equal(t, 10, corsserver.Tasks(cache))
		close(let)
		wg.Wait()
		require.Equal(t, 10, corsserver.Entries(cache))
	})
}

func TestAPanicWhileReadingBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		var panicked atomic.Bool
		option := watched(s3cors.PassInvalid(), func() {
			<-let
			if panicked.CompareAndSwap(false, true) {
				panic("oops")
			}
		})
		cache := &corsserver.ContentCache{Options: []s3cors.Option{option}}
		ends := make(chan any, 10)
		for range cap(ends) {
			go func() {
				defer func() {
					if p := recover(); p != nil {
						ends <- p
					}
				}()
				policy, err := cache.Policy([]byte(document))
				if err != nil {
					t.Error(err)
				}
				ends <- policy.State()
			}()
		}
		synctest.Wait()
		close(let)
		got := map[any]int{}
		for range cap(ends) {
			got[<-ends]++
		}
		require.Equal(t, map[any]int{"oops": 1, s3cors.StateConfigured: 9}, got)
		require.Zero(t, corsserver.Tasks(cache))
		require.Equal(t, 1, corsserver.Entries(cache))
	})
}

func TestManyTextsAtOnceInLittleRoom(t *testing.T) {
	cache := &corsserver.ContentCache{MaxBytes: 5_000}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 2000 {
				age := (j*(i+1) + j/7) % 20
				policy, err := cache.Policy(withAge(age))
				if err != nil || ageOf(policy) != age {
					t.Error(policy, err)
				}
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, corsserver.Bytes(cache), 5_000)
	require.Zero(t, corsserver.Tasks(cache))
}

// told returns the i-th of many texts with one meaning and one length.
func told(document []byte, i int) []byte {
	text := append([]byte(nil), document...)
	for bit := range 16 {
		text = append(text, " \n"[i>>bit&1])
	}
	return text
}

// What a policy weighs is the matter of TestEntriesHoldNoMoreThanTheyWeigh; here the
// text comes on top.
func TestTextsHoldNoMoreThanTheyWeigh(t *testing.T) {
	skipUnderRace(t)
	for _, name := range []string{"one rule as people write it", "100 smallest rules", "one string of the worst size class",
		"the shortest exact strings", "strings in a new hash table"} {
		configuration := configurations[name]
		require.NotNil(t, configuration, name)
		asXML, err := configuration.AppendXML(nil)
		require.NoError(t, err)
		asJSON, err := json.Marshal(configuration)
		require.NoError(t, err)
		for form, text := range map[string][]byte{"XML": asXML, "JSON": asJSON} {
			if len(text) > 1<<16-16 {
				text = asJSON
			}
			t.Run(name+", "+form, func(t *testing.T) {
				n := min(2000, 12+1<<17/len(text))
				cache := &corsserver.ContentCache{MaxBytes: 1 << 30}
				before := heap()
				for i := range n {
					_, err := cache.Policy(told(text, i))
					require.NoError(t, err)
				}
				held := (heap() - before) / n
				require.Equal(t, n, corsserver.Entries(cache))
				weight := corsserver.Bytes(cache) / n
				t.Logf("%d bytes weigh %d, %.2f times as many; the document has %d", held, weight, float64(weight)/float64(held), len(text))
				require.LessOrEqual(t, held, weight)
				require.Less(t, weight, 4*held)
			})
		}
	}
}

func TestWhatATextWeighs(t *testing.T) {
	cache := &corsserver.ContentCache{}
	_, err := cache.Policy([]byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`)) // 51 bytes
	require.NoError(t, err)
	require.Equal(t, 192+512+(51+12)+128+1+6, corsserver.Bytes(cache))
}
