" KDL 2. Newer Neovims bring a syntax of their own; this is for the others.
if exists('b:current_syntax')
  finish
endif

syntax match kdlNode /\%(^\|[{;]\)\s*\%(([^()]*)\s*\)\?\zs[^[:space:]\\\/(){};\[\]="#]\+/
syntax match kdlProperty /[^[:space:]\\\/(){};\[\]="#]\+\ze\s*=/
syntax match kdlAnnotation /([^()]*)/
syntax match kdlNumber /\%(^\|[[:space:]=]\)\@1<=[+-]\?\%(0x[0-9a-fA-F_]\+\|0o[0-7_]\+\|0b[01_]\+\|\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d[0-9_]*\)\?\)\ze\%([[:space:];{})]\|$\)/
syntax match kdlKeyword /#\%(true\|false\|null\|-\?inf\|nan\)\>/

syntax match kdlEscape /\\\%([nrt"\\bfs]\|u{\x\{1,6}}\)/ contained
syntax region kdlString start=/"/ skip=/\\\\\|\\"/ end=/"/ oneline contains=kdlEscape
syntax region kdlString start=/"""/ skip=/\\\\\|\\"/ end=/"""/ contains=kdlEscape
syntax region kdlRawString start=/\z(#\+\)"/ end=/"\z1/ oneline
syntax region kdlRawString start=/\z(#\+\)"""/ end=/"""\z1/

syntax match kdlComment /\/\/.*$/ contains=@Spell,kdlTodo
syntax region kdlComment start=/\/\*/ end=/\*\// contains=kdlComment,@Spell,kdlTodo
syntax keyword kdlTodo TODO FIXME XXX NOTE contained
syntax match kdlSlashdash /\/-/

syntax sync minlines=200

highlight default link kdlNode Statement
highlight default link kdlProperty Identifier
highlight default link kdlAnnotation Type
highlight default link kdlNumber Number
highlight default link kdlKeyword Boolean
highlight default link kdlEscape SpecialChar
highlight default link kdlString String
highlight default link kdlRawString String
highlight default link kdlComment Comment
highlight default link kdlSlashdash Comment
highlight default link kdlTodo Todo

let b:current_syntax = 'kdl'
