
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gatec' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gatec'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gatec' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Begin a spec: write a small gate.kdl that can be checked, tested and served')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Find the mistakes in a spec: everything that a replica would refuse, and what is likely not meant')
            [CompletionResult]::new('fmt', 'fmt', [CompletionResultType]::ParameterValue, 'Lay out specs and policies in one way; comments are kept')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Write a KDL spec as YAML, or a YAML spec as KDL, without loss of meaning')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Build the bundle that a replica runs')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what is in a bundle, or what a spec compiles to')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain the code of a finding: what it means, why it is a mistake, and how to mend it')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'Tell which route takes a request and why, and why others do not. Exits 1 if none takes it')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the tests of a spec, offline, through the same engine that serves')
            [CompletionResult]::new('lsp', 'lsp', [CompletionResultType]::ParameterValue, 'Serve an editor: the language server, over standard input and output')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Look at Cedar policies: what they can speak of, what they come to, and why one decides as it does')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a spec')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make a spec from another tool''s configuration')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Make certificates for development')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make, list and revoke keys for `api-key` and `bearer` identities')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Make a signed token for development, as an identity of a spec takes it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print what a shell needs to complete the arguments of `gatec`')
            break
        }
        'gatec;init' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Write gate.yaml instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;check' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Check under this profile only')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--fail-level', '--fail-level', [CompletionResultType]::ParameterName, 'The least severity that counts: exit 1 where there is such a finding')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--deny-warnings', '--deny-warnings', [CompletionResultType]::ParameterName, 'The same as --fail-level warning')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Apply the fixes that are certain, and tell what is left. A spec on standard input is written to standard output, and the report to standard error')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Write nothing: show what --fix would change, and exit 1 if it would change anything')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Check again whenever something changes, until interrupted')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Check anew, and keep nothing. The cache is in `$GATEC_CACHE_DIR`, by default in the user''s folder for caches')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;fmt' {
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing: show what would change, and exit 1 if anything would')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;convert' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The form to write; left out, the other one')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write; left out, standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write; left out, standard output')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a file that is there')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;build' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Build for this profile')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;inspect' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The form of the effective spec')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Compile under this profile, and show what it replaced')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--effective', '--effective', [CompletionResultType]::ParameterName, 'Show the spec as it holds: every value, defaults included, files taken in and the profile merged')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List every code instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;why' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'A header of the request; can be given several times')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'A header of the request; can be given several times')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'The body of the request: its text, or `@FILE`')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder')
            [CompletionResult]::new('--route', '--route', [CompletionResultType]::ParameterName, 'Tell why this route does or does not take it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Look under this profile')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the output')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;test' {
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Run only tests whose name holds this')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Test under this profile')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;lsp' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--stdio', '--stdio', [CompletionResultType]::ParameterName, 'Many editors give it; there is no other way')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;policy' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the Cedar schema of a spec: the types of principals, the actions, what is known of each request')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check policies and identities alone, and tell for each route who may use it')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'Tell whether a request would be let in, and what each policy has to say about it. Exits 1 if it would not')
            break
        }
        'gatec;policy;schema' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Look under this profile')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the schema')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;policy;check' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Look under this profile')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;policy;why' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The identity that took the credentials; left out, there are none')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'A claim of who asks; can be given several times, and a set has commas between its values')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The client''s address')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'When it is asked, as RFC 3339; left out, now')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'A header of the request; can be given several times')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'A header of the request; can be given several times')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The spec or bundle, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Look under this profile')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the output')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;schema' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the output; the schema is JSON either way')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;import' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('nox', 'nox', [CompletionResultType]::ParameterValue, 'From a configuration of nox (YAML). What cannot be expressed is named on standard error and in comments')
            break
        }
        'gatec;import;nox' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The form to write; left out, by the output''s name, else KDL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The file to write; left out, standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write; left out, standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a file that is there')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;cert' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('dev', 'dev', [CompletionResultType]::ParameterValue, 'Make a certificate for development, from an authority of your own')
            break
        }
        'gatec;cert;dev' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A further host or address that the certificate is for; `*.shop.test` for all of them. Can be repeated')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder to write into; made if it is not there')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;key' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a key: 256 random bits. The key itself is shown once and kept nowhere; its hash goes to the file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys of a file: whose they are and whether they are good')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke every key of an id. Replicas that watch the file take no further request with them')
            break
        }
        'gatec;key;new' {
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'What is known of them; a set has commas between. Can be repeated')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'How long it is good, such as `90d`. Left out, until it is revoked')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file to add it to; made if it is not there. Left out, the line is printed after the key')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;key;list' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;key;revoke' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file that they are in')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;token' {
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The identity that is to take it')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'What the token says; a set has commas between. Can be repeated')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'How long it is good')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key to sign with, in PEM')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file with the secret to sign with')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key, where the issuer has several (`kid`)')
            [CompletionResult]::new('--new-key', '--new-key', [CompletionResultType]::ParameterName, 'Write a fresh pair of keys (ES256) into NAME.key and NAME.pem; without --identity nothing else is done')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of the spec')
            [CompletionResult]::new('--stdin-format', '--stdin-format', [CompletionResultType]::ParameterName, 'The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin at its folder')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gatec;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours. NO_COLOR is heeded')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
