
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'bp-import' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'bp-import'
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
        'bp-import' {
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'What the input is: csv, tsv, json, ndjson, xlsx (any workbook) or vcard [default: by content and name]')
            [CompletionResult]::new('--input-name', '--input-name', [CompletionResultType]::ParameterName, 'A name for stdin, by which the same command goes on with an unfinished run')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding of the text, such as windows-1252 [default: by content]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'What stands between columns: a character, tab, comma, semicolon or pipe [default: by content]')
            [CompletionResult]::new('--escape', '--escape', [CompletionResultType]::ParameterName, 'What escapes a quote inside quotes where it is not doubled: a character such as ''\'', or none [default: by content]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook [default: the first whose header names a phone]')
            [CompletionResult]::new('--records', '--records', [CompletionResultType]::ParameterName, 'Where the list is in a JSON document: its keys, as in data.customers or edges[].node [default: the only list with phones]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Send the first N contacts for real, then stop in order')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Take only rows with this value in this column; repeatable')
            [CompletionResult]::new('--except', '--except', [CompletionResultType]::ParameterName, 'Leave out rows with this value in this column; repeatable')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Fill a field from a column: --map name="{First} {Last}"; repeatable')
            [CompletionResult]::new('--mapping', '--mapping', [CompletionResultType]::ParameterName, 'Use the mapping that stands in this file (TOML)')
            [CompletionResult]::new('--save-mapping', '--save-mapping', [CompletionResultType]::ParameterName, 'Write the mapping in force to this file')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Add a tag to every contact; repeatable')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'Set an attribute on every contact; repeatable')
            [CompletionResult]::new('--tag-separator', '--tag-separator', [CompletionResultType]::ParameterName, 'What separates the tags in a cell [default: any of , ; |]')
            [CompletionResult]::new('--empty-lists', '--empty-lists', [CompletionResultType]::ParameterName, 'How lists without an element are sent')
            [CompletionResult]::new('--on-bad-email', '--on-bad-email', [CompletionResultType]::ParameterName, 'What to do with a row with an invalid e-mail: drop the e-mail, or reject the row')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'The country of numbers without +: IN, India, or intl where they start with their calling code')
            [CompletionResult]::new('--on-doubtful-phone', '--on-doubtful-phone', [CompletionResultType]::ParameterName, 'What to do with a phone that its numbering plan does not know: reject or send')
            [CompletionResult]::new('--batch-size', '--batch-size', [CompletionResultType]::ParameterName, 'The most contacts in a request')
            [CompletionResult]::new('--batch-bytes', '--batch-bytes', [CompletionResultType]::ParameterName, 'The most bytes in a request')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests in flight at once; auto starts at 1, and finds out what the server answers well, up to 16')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'The most requests a second, evenly spaced: 5, or 0.5 for one every 2 s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'The most one request may take, its answer included')
            [CompletionResult]::new('--retry-for', '--retry-for', [CompletionResultType]::ParameterName, 'How long a batch is tried again')
            [CompletionResult]::new('--max-errors', '--max-errors', [CompletionResultType]::ParameterName, 'Stop when more rows than this are invalid, refused or unknown: 50 or 2%')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Send these too: contacts that opted out, or rows that the sheet hides; repeatable')
            [CompletionResult]::new('--suppress', '--suppress', [CompletionResultType]::ParameterName, 'Never send the phones in this file (a list, or any file that can be imported); repeatable')
            [CompletionResult]::new('--on-duplicate', '--on-duplicate', [CompletionResultType]::ParameterName, 'What to send of a phone that stands in several rows: the first or the last of them, one contact merged from all, or each')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for another run of the same import')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Send the Kth of N parts, each by a process of its own: 2/4')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The summary as text or as JSON lines')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How progress is shown')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Where rows go that did not arrive [default: STEM.rejected.csv here]')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'The file that holds the access token, where BP_IMPORT_TOKEN does not')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s host, or the whole …/inbox/users/import')
            [CompletionResult]::new('--bot-id', '--bot-id', [CompletionResultType]::ParameterName, 'The bot the contacts belong to, where the account has several')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'A name for the account in this machine''s ledger, whatever the token')
            [CompletionResult]::new('--same-account', '--same-account', [CompletionResultType]::ParameterName, 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'What the token is: a platform access token (key), or one copied from the browser (session)')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The first row is a contact: columns go by their numbers, as in --map phone=2')
            [CompletionResult]::new('--all-attributes', '--all-attributes', [CompletionResultType]::ParameterName, 'Make an attribute of every column that is used for nothing else')
            [CompletionResult]::new('--changed', '--changed', [CompletionResultType]::ParameterName, 'Leave out what this machine already sent to this account in this form')
            [CompletionResult]::new('--restart', '--restart', [CompletionResultType]::ParameterName, 'Forget the unfinished run of these inputs, and send everything')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Send nothing: show what would be sent, and what is wrong')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing: show what would be sent, and what is wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well and nobody opted out, and one line otherwise')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well and nobody opted out, and one line otherwise')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Take every guess instead of asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Take every guess instead of asking')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask, not even on a terminal: what is in doubt is an error, or told (so when CI is set)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Name every row that is not fine, and why')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Name every row that is not fine, and why')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Import into an API inside this process: nothing leaves this machine')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Import one contact from flags')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a loopback API that behaves as documented, to try things on')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run''s outcome')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bp-import;add' {
            [CompletionResult]::new('--phone', '--phone', [CompletionResultType]::ParameterName, 'The phone: +91 98765 43210, or a local number with --country')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'The e-mail address')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'A tag; repeatable')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute; repeatable')
            [CompletionResult]::new('--empty-lists', '--empty-lists', [CompletionResultType]::ParameterName, 'How lists without an element are sent')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'The country of numbers without +: IN, India, or intl where they start with their calling code')
            [CompletionResult]::new('--on-doubtful-phone', '--on-doubtful-phone', [CompletionResultType]::ParameterName, 'What to do with a phone that its numbering plan does not know: reject or send')
            [CompletionResult]::new('--suppress', '--suppress', [CompletionResultType]::ParameterName, 'Never send the phones in this file (a list, or any file that can be imported); repeatable')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'The most one request may take, its answer included')
            [CompletionResult]::new('--retry-for', '--retry-for', [CompletionResultType]::ParameterName, 'How long a batch is tried again')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The summary as text or as JSON lines')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How progress is shown')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'The file that holds the access token, where BP_IMPORT_TOKEN does not')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The API''s host, or the whole …/inbox/users/import')
            [CompletionResult]::new('--bot-id', '--bot-id', [CompletionResultType]::ParameterName, 'The bot the contacts belong to, where the account has several')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'A name for the account in this machine''s ledger, whatever the token')
            [CompletionResult]::new('--same-account', '--same-account', [CompletionResultType]::ParameterName, 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'What the token is: a platform access token (key), or one copied from the browser (session)')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Send nothing: show what would be sent, and what is wrong')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing: show what would be sent, and what is wrong')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing when all is well and nobody opted out, and one line otherwise')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing when all is well and nobody opted out, and one line otherwise')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Import into an API inside this process: nothing leaves this machine')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bp-import;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port; 0 takes any that is free')
            [CompletionResult]::new('--faults', '--faults', [CompletionResultType]::ParameterName, 'Faults to play, such as 503:0.1,reject:+911234…')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Write what is received to this file, one JSON object a line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bp-import;history' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'As text, or as a JSON line for each run')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bp-import;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'bp-import;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Import one contact from flags')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a loopback API that behaves as documented, to try things on')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show past runs, or one run''s outcome')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bp-import;help;add' {
            break
        }
        'bp-import;help;sandbox' {
            break
        }
        'bp-import;help;history' {
            break
        }
        'bp-import;help;completions' {
            break
        }
        'bp-import;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
