" Specs in KDL and policies in Cedar. YAML is known to the editor itself.
autocmd BufRead,BufNewFile *.kdl setfiletype kdl
autocmd BufRead,BufNewFile *.cedar setfiletype cedar
