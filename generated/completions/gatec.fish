# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gatec_global_optspecs
    string join \n color= h/help V/version
end

function __fish_gatec_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gatec_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gatec_using_subcommand
    set -l cmd (__fish_gatec_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gatec -n "__fish_gatec_needs_command" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_needs_command" -s V -l version -d 'Print version'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "init" -d 'Begin a spec: write a small gate.kdl that can be checked, tested and served'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "check" -d 'Find the mistakes in a spec: everything that a replica would refuse, and what is likely not meant'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "fmt" -d 'Lay out specs and policies in one way; comments are kept'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "convert" -d 'Write a KDL spec as YAML, or a YAML spec as KDL, without loss of meaning'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "build" -d 'Build the bundle that a replica runs'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "inspect" -d 'Show what is in a bundle, or what a spec compiles to'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "explain" -d 'Explain the code of a finding: what it means, why it is a mistake, and how to mend it'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "why" -d 'Tell which route takes a request and why, and why others do not. Exits 1 if none takes it'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "test" -d 'Run the tests of a spec, offline, through the same engine that serves'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "lsp" -d 'Serve an editor: the language server, over standard input and output'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "policy" -d 'Look at Cedar policies: what they can speak of, what they come to, and why one decides as it does'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "schema" -d 'Print the JSON Schema of a spec'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "import" -d 'Make a spec from another tool\'s configuration'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "cert" -d 'Make certificates for development'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "key" -d 'Make, list and revoke keys for `api-key` and `bearer` identities'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "token" -d 'Make a signed token for development, as an identity of a spec takes it'
complete -c gatec -n "__fish_gatec_needs_command" -f -a "completions" -d 'Print what a shell needs to complete the arguments of `gatec`'
complete -c gatec -n "__fish_gatec_using_subcommand init" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand init" -l yaml -d 'Write gate.yaml instead'
complete -c gatec -n "__fish_gatec_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand check" -l profile -d 'Check under this profile only' -r
complete -c gatec -n "__fish_gatec_using_subcommand check" -l format -d 'The form of the report' -r -f -a "human\t'For people: the source around each place'
concise\t'A line for each finding'
json\t'One JSON array'
json-lines\t'A JSON object on each line'
github\t'Annotations of GitHub Actions'
gitlab\t'A GitLab Code Quality report'
sarif\t'SARIF 2.1.0'
junit\t'JUnit XML'
agent\t'For coding agents: blocks of text, complete in themselves, with fixes as diffs'"
complete -c gatec -n "__fish_gatec_using_subcommand check" -l fail-level -d 'The least severity that counts: exit 1 where there is such a finding' -r -f -a "advice\t'Every finding'
warning\t'Warnings and errors'
error\t'Errors'
never\t'None'"
complete -c gatec -n "__fish_gatec_using_subcommand check" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand check" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand check" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand check" -l deny-warnings -d 'The same as --fail-level warning'
complete -c gatec -n "__fish_gatec_using_subcommand check" -l fix -d 'Apply the fixes that are certain, and tell what is left. A spec on standard input is written to standard output, and the report to standard error'
complete -c gatec -n "__fish_gatec_using_subcommand check" -l diff -d 'Write nothing: show what --fix would change, and exit 1 if it would change anything'
complete -c gatec -n "__fish_gatec_using_subcommand check" -l watch -d 'Check again whenever something changes, until interrupted'
complete -c gatec -n "__fish_gatec_using_subcommand check" -l no-cache -d 'Check anew, and keep nothing. The cache is in `$GATEC_CACHE_DIR`, by default in the user\'s folder for caches'
complete -c gatec -n "__fish_gatec_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand fmt" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand fmt" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand fmt" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand fmt" -l check -d 'Write nothing: show what would change, and exit 1 if anything would'
complete -c gatec -n "__fish_gatec_using_subcommand fmt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand convert" -l to -d 'The form to write; left out, the other one' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand convert" -s o -l output -d 'The file to write; left out, standard output' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand convert" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand convert" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand convert" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand convert" -l force -d 'Replace a file that is there'
complete -c gatec -n "__fish_gatec_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand build" -s o -l output -d 'The file to write' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand build" -l profile -d 'Build for this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand build" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand build" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand build" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand build" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l to -d 'The form of the effective spec' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l profile -d 'Compile under this profile, and show what it replaced' -r
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l format -d 'The form of the report' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -l effective -d 'Show the spec as it holds: every value, defaults included, files taken in and the profile merged'
complete -c gatec -n "__fish_gatec_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand explain" -l format -d 'The form of the output' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand explain" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand explain" -l list -d 'List every code instead'
complete -c gatec -n "__fish_gatec_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand why" -s H -l header -d 'A header of the request; can be given several times' -r
complete -c gatec -n "__fish_gatec_using_subcommand why" -l body -d 'The body of the request: its text, or `@FILE`' -r
complete -c gatec -n "__fish_gatec_using_subcommand why" -s f -l file -d 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand why" -l route -d 'Tell why this route does or does not take it' -r
complete -c gatec -n "__fish_gatec_using_subcommand why" -l profile -d 'Look under this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand why" -l format -d 'The form of the output' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand why" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand why" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand why" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand test" -l filter -d 'Run only tests whose name holds this' -r
complete -c gatec -n "__fish_gatec_using_subcommand test" -l profile -d 'Test under this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand test" -l format -d 'The form of the report' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand test" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand test" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand test" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand lsp" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand lsp" -l stdio -d 'Many editors give it; there is no other way'
complete -c gatec -n "__fish_gatec_using_subcommand lsp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and not __fish_seen_subcommand_from schema check why" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and not __fish_seen_subcommand_from schema check why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and not __fish_seen_subcommand_from schema check why" -f -a "schema" -d 'Print the Cedar schema of a spec: the types of principals, the actions, what is known of each request'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and not __fish_seen_subcommand_from schema check why" -f -a "check" -d 'Check policies and identities alone, and tell for each route who may use it'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and not __fish_seen_subcommand_from schema check why" -f -a "why" -d 'Tell whether a request would be let in, and what each policy has to say about it. Exits 1 if it would not'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -l profile -d 'Look under this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -l format -d 'The form of the schema' -r -f -a "cedar\t'As Cedar\'s own schemas are written'
json\t'As JSON, which other tools for Cedar take too'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -l profile -d 'Look under this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -l format -d 'The form of the report' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l as -d 'The identity that took the credentials; left out, there are none' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l claim -d 'A claim of who asks; can be given several times, and a set has commas between its values' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l from -d 'The client\'s address' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l at -d 'When it is asked, as RFC 3339; left out, now' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -s H -l header -d 'A header of the request; can be given several times' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -s f -l file -d 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l profile -d 'Look under this profile' -r
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l format -d 'The form of the output' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand policy; and __fish_seen_subcommand_from why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand schema" -l format -d 'The form of the output; the schema is JSON either way' -r -f -a "human\t'For people'
json\t'For programs'"
complete -c gatec -n "__fish_gatec_using_subcommand schema" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand import; and not __fish_seen_subcommand_from nox" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand import; and not __fish_seen_subcommand_from nox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand import; and not __fish_seen_subcommand_from nox" -f -a "nox" -d 'From a configuration of nox (YAML). What cannot be expressed is named on standard error and in comments'
complete -c gatec -n "__fish_gatec_using_subcommand import; and __fish_seen_subcommand_from nox" -l to -d 'The form to write; left out, by the output\'s name, else KDL' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand import; and __fish_seen_subcommand_from nox" -s o -l output -d 'The file to write; left out, standard output' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand import; and __fish_seen_subcommand_from nox" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand import; and __fish_seen_subcommand_from nox" -l force -d 'Replace a file that is there'
complete -c gatec -n "__fish_gatec_using_subcommand import; and __fish_seen_subcommand_from nox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand cert; and not __fish_seen_subcommand_from dev" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand cert; and not __fish_seen_subcommand_from dev" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand cert; and not __fish_seen_subcommand_from dev" -f -a "dev" -d 'Make a certificate for development, from an authority of your own'
complete -c gatec -n "__fish_gatec_using_subcommand cert; and __fish_seen_subcommand_from dev" -l host -d 'A further host or address that the certificate is for; `*.shop.test` for all of them. Can be repeated' -r
complete -c gatec -n "__fish_gatec_using_subcommand cert; and __fish_seen_subcommand_from dev" -l dir -d 'The folder to write into; made if it is not there' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand cert; and __fish_seen_subcommand_from dev" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand cert; and __fish_seen_subcommand_from dev" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand key; and not __fish_seen_subcommand_from new list revoke" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand key; and not __fish_seen_subcommand_from new list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand key; and not __fish_seen_subcommand_from new list revoke" -f -a "new" -d 'Make a key: 256 random bits. The key itself is shown once and kept nowhere; its hash goes to the file'
complete -c gatec -n "__fish_gatec_using_subcommand key; and not __fish_seen_subcommand_from new list revoke" -f -a "list" -d 'List the keys of a file: whose they are and whether they are good'
complete -c gatec -n "__fish_gatec_using_subcommand key; and not __fish_seen_subcommand_from new list revoke" -f -a "revoke" -d 'Revoke every key of an id. Replicas that watch the file take no further request with them'
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from new" -l claim -d 'What is known of them; a set has commas between. Can be repeated' -r
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from new" -l expires -d 'How long it is good, such as `90d`. Left out, until it is revoked' -r
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from new" -l file -d 'The file to add it to; made if it is not there. Left out, the line is printed after the key' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from new" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from list" -l file -d 'The file' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from revoke" -l file -d 'The file that they are in' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand key; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand token" -l identity -d 'The identity that is to take it' -r
complete -c gatec -n "__fish_gatec_using_subcommand token" -l claim -d 'What the token says; a set has commas between. Can be repeated' -r
complete -c gatec -n "__fish_gatec_using_subcommand token" -l expires -d 'How long it is good' -r
complete -c gatec -n "__fish_gatec_using_subcommand token" -l key -d 'The private key to sign with, in PEM' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand token" -l secret-file -d 'The file with the secret to sign with' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand token" -l kid -d 'The name of the key, where the issuer has several (`kid`)' -r
complete -c gatec -n "__fish_gatec_using_subcommand token" -l new-key -d 'Write a fresh pair of keys (ES256) into NAME.key and NAME.pem; without --identity nothing else is done' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand token" -l profile -d 'The profile of the spec' -r
complete -c gatec -n "__fish_gatec_using_subcommand token" -l stdin-format -d 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line' -r -f -a "kdl\t'KDL 2'
yaml\t'YAML 1.2'"
complete -c gatec -n "__fish_gatec_using_subcommand token" -l stdin-filename -d 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder' -r -F
complete -c gatec -n "__fish_gatec_using_subcommand token" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gatec -n "__fish_gatec_using_subcommand completions" -l color -d 'When to use colours. NO_COLOR is heeded' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c gatec -n "__fish_gatec_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
