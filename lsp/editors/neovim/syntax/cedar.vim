" Policies in Cedar. The server's semantic tokens say more where the editor takes them.
if exists("b:current_syntax")
  finish
endif

syn keyword cedarEffect permit forbid
syn keyword cedarKeyword when unless if then else in is has like
syn keyword cedarVariable principal action resource context
syn keyword cedarBoolean true false
syn match cedarNumber "\<\d\+\>"
syn match cedarType "\<\u\w*\>"
syn match cedarAnnotation "@\w\+"
syn match cedarSlot "?\(principal\|resource\)\>"
syn region cedarString start=+"+ skip=+\\.+ end=+"+ oneline
syn match cedarComment "//.*$" contains=@Spell

hi def link cedarEffect Statement
hi def link cedarKeyword Keyword
hi def link cedarVariable Identifier
hi def link cedarBoolean Boolean
hi def link cedarNumber Number
hi def link cedarType Type
hi def link cedarAnnotation PreProc
hi def link cedarSlot Special
hi def link cedarString String
hi def link cedarComment Comment

let b:current_syntax = "cedar"
