" Indentation by braces.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=GatecIndent()
setlocal indentkeys=0},!^F,o,O
setlocal nosmartindent
let b:undo_indent = 'setlocal indentexpr< indentkeys< smartindent<'

if exists('*GatecIndent')
  finish
endif

" The line without its strings and its comment, so that braces in them do not count.
function! s:Bare(line) abort
  let bare = substitute(a:line, '#"""*.\{-}"""*#\|#".\{-}"#\|"\%([^"\\]\|\\.\)*"', '', 'g')
  return substitute(bare, '//.*$', '', '')
endfunction

function! GatecIndent() abort
  let before = prevnonblank(v:lnum - 1)
  if before == 0
    return 0
  endif
  let indent = indent(before)
  if s:Bare(getline(before)) =~# '{\s*$'
    let indent += shiftwidth()
  endif
  if getline(v:lnum) =~# '^\s*}'
    let indent -= shiftwidth()
  endif
  return indent
endfunction
