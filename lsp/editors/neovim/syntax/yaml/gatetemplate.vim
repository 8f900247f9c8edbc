" Templates, in specs alone: other YAML has templates of other programs.
if expand('%:t') =~# '^gate\.ya\?ml$\|\.gate\.ya\?ml$'
  runtime! syntax/kdl/gatetemplate.vim
endif
