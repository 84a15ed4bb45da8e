// Package diff compares what two CORS configurations do, and not how they are written.
//
// [Compare] asks both for every kind of request that either can tell from another, and
// reports what has changed for pages: what is granted or no longer granted, which
// headers scripts can read, whether they may use cookies, how long browsers keep a
// preflight. The order of entries, entries without effect, and how rules are split
// do not matter as such.
//
// The kinds of requests are finite: an entry of AllowedOrigins or AllowedHeaders holds
// one star at most, so that a few origins and header names stand for all (see
// internal/reach). Where there would be too many of them, the report says that it
// does not know.
package diff
