
use builtin;
use str;

set edit:completion:arg-completer[gatec] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gatec'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gatec'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand init 'Begin a spec: write a small gate.kdl that can be checked, tested and served'
            cand check 'Find the mistakes in a spec: everything that a replica would refuse, and what is likely not meant'
            cand fmt 'Lay out specs and policies in one way; comments are kept'
            cand convert 'Write a KDL spec as YAML, or a YAML spec as KDL, without loss of meaning'
            cand build 'Build the bundle that a replica runs'
            cand inspect 'Show what is in a bundle, or what a spec compiles to'
            cand explain 'Explain the code of a finding: what it means, why it is a mistake, and how to mend it'
            cand why 'Tell which route takes a request and why, and why others do not. Exits 1 if none takes it'
            cand test 'Run the tests of a spec, offline, through the same engine that serves'
            cand lsp 'Serve an editor: the language server, over standard input and output'
            cand policy 'Look at Cedar policies: what they can speak of, what they come to, and why one decides as it does'
            cand schema 'Print the JSON Schema of a spec'
            cand import 'Make a spec from another tool''s configuration'
            cand cert 'Make certificates for development'
            cand key 'Make, list and revoke keys for `api-key` and `bearer` identities'
            cand token 'Make a signed token for development, as an identity of a spec takes it'
            cand completions 'Print what a shell needs to complete the arguments of `gatec`'
        }
        &'gatec;init'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --yaml 'Write gate.yaml instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;check'= {
            cand --profile 'Check under this profile only'
            cand --format 'The form of the report'
            cand --fail-level 'The least severity that counts: exit 1 where there is such a finding'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --deny-warnings 'The same as --fail-level warning'
            cand --fix 'Apply the fixes that are certain, and tell what is left. A spec on standard input is written to standard output, and the report to standard error'
            cand --diff 'Write nothing: show what --fix would change, and exit 1 if it would change anything'
            cand --watch 'Check again whenever something changes, until interrupted'
            cand --no-cache 'Check anew, and keep nothing. The cache is in `$GATEC_CACHE_DIR`, by default in the user''s folder for caches'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;fmt'= {
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --check 'Write nothing: show what would change, and exit 1 if anything would'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;convert'= {
            cand --to 'The form to write; left out, the other one'
            cand -o 'The file to write; left out, standard output'
            cand --output 'The file to write; left out, standard output'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --force 'Replace a file that is there'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;build'= {
            cand -o 'The file to write'
            cand --output 'The file to write'
            cand --profile 'Build for this profile'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;inspect'= {
            cand --to 'The form of the effective spec'
            cand --profile 'Compile under this profile, and show what it replaced'
            cand --format 'The form of the report'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --effective 'Show the spec as it holds: every value, defaults included, files taken in and the profile merged'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;explain'= {
            cand --format 'The form of the output'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --list 'List every code instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;why'= {
            cand -H 'A header of the request; can be given several times'
            cand --header 'A header of the request; can be given several times'
            cand --body 'The body of the request: its text, or `@FILE`'
            cand -f 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder'
            cand --file 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder'
            cand --route 'Tell why this route does or does not take it'
            cand --profile 'Look under this profile'
            cand --format 'The form of the output'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;test'= {
            cand --filter 'Run only tests whose name holds this'
            cand --profile 'Test under this profile'
            cand --format 'The form of the report'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;lsp'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --stdio 'Many editors give it; there is no other way'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;policy'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand schema 'Print the Cedar schema of a spec: the types of principals, the actions, what is known of each request'
            cand check 'Check policies and identities alone, and tell for each route who may use it'
            cand why 'Tell whether a request would be let in, and what each policy has to say about it. Exits 1 if it would not'
        }
        &'gatec;policy;schema'= {
            cand --profile 'Look under this profile'
            cand --format 'The form of the schema'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;policy;check'= {
            cand --profile 'Look under this profile'
            cand --format 'The form of the report'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;policy;why'= {
            cand --as 'The identity that took the credentials; left out, there are none'
            cand --claim 'A claim of who asks; can be given several times, and a set has commas between its values'
            cand --from 'The client''s address'
            cand --at 'When it is asked, as RFC 3339; left out, now'
            cand -H 'A header of the request; can be given several times'
            cand --header 'A header of the request; can be given several times'
            cand -f 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder'
            cand --file 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder'
            cand --profile 'Look under this profile'
            cand --format 'The form of the output'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;schema'= {
            cand --format 'The form of the output; the schema is JSON either way'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;import'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand nox 'From a configuration of nox (YAML). What cannot be expressed is named on standard error and in comments'
        }
        &'gatec;import;nox'= {
            cand --to 'The form to write; left out, by the output''s name, else KDL'
            cand -o 'The file to write; left out, standard output'
            cand --output 'The file to write; left out, standard output'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand --force 'Replace a file that is there'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;cert'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand dev 'Make a certificate for development, from an authority of your own'
        }
        &'gatec;cert;dev'= {
            cand --host 'A further host or address that the certificate is for; `*.shop.test` for all of them. Can be repeated'
            cand --dir 'The folder to write into; made if it is not there'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;key'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand new 'Make a key: 256 random bits. The key itself is shown once and kept nowhere; its hash goes to the file'
            cand list 'List the keys of a file: whose they are and whether they are good'
            cand revoke 'Revoke every key of an id. Replicas that watch the file take no further request with them'
        }
        &'gatec;key;new'= {
            cand --claim 'What is known of them; a set has commas between. Can be repeated'
            cand --expires 'How long it is good, such as `90d`. Left out, until it is revoked'
            cand --file 'The file to add it to; made if it is not there. Left out, the line is printed after the key'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;key;list'= {
            cand --file 'The file'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;key;revoke'= {
            cand --file 'The file that they are in'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;token'= {
            cand --identity 'The identity that is to take it'
            cand --claim 'What the token says; a set has commas between. Can be repeated'
            cand --expires 'How long it is good'
            cand --key 'The private key to sign with, in PEM'
            cand --secret-file 'The file with the secret to sign with'
            cand --kid 'The name of the key, where the issuer has several (`kid`)'
            cand --new-key 'Write a fresh pair of keys (ES256) into NAME.key and NAME.pem; without --identity nothing else is done'
            cand --profile 'The profile of the spec'
            cand --stdin-format 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line'
            cand --stdin-filename 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder'
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gatec;completions'= {
            cand --color 'When to use colours. NO_COLOR is heeded'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
