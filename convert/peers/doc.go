// Package peers holds package convert to what other people's readers make of the
// documents that it writes: HashiCorp's of HCL and of Terraform's JSON, and two of YAML,
// one for each version of the language. It has tests only, in a module of its own,
// so that the module of convert needs none of them.
package peers
