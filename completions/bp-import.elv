
use builtin;
use str;

set edit:completion:arg-completer[bp-import] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'bp-import'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'bp-import'= {
            cand --input-format 'What the input is: csv, tsv, json, ndjson, xlsx (any workbook) or vcard [default: by content and name]'
            cand --input-name 'A name for stdin, by which the same command goes on with an unfinished run'
            cand --encoding 'The encoding of the text, such as windows-1252 [default: by content]'
            cand --delimiter 'What stands between columns: a character, tab, comma, semicolon or pipe [default: by content]'
            cand --escape 'What escapes a quote inside quotes where it is not doubled: a character such as ''\'', or none [default: by content]'
            cand --sheet 'The sheet of a workbook [default: the first whose header names a phone]'
            cand --records 'Where the list is in a JSON document: its keys, as in data.customers or edges[].node [default: the only list with phones]'
            cand --limit 'Send the first N contacts for real, then stop in order'
            cand --only 'Take only rows with this value in this column; repeatable'
            cand --except 'Leave out rows with this value in this column; repeatable'
            cand --map 'Fill a field from a column: --map name="{First} {Last}"; repeatable'
            cand --mapping 'Use the mapping that stands in this file (TOML)'
            cand --save-mapping 'Write the mapping in force to this file'
            cand --tag 'Add a tag to every contact; repeatable'
            cand --attr 'Set an attribute on every contact; repeatable'
            cand --tag-separator 'What separates the tags in a cell [default: any of , ; |]'
            cand --empty-lists 'How lists without an element are sent'
            cand --on-bad-email 'What to do with a row with an invalid e-mail: drop the e-mail, or reject the row'
            cand --country 'The country of numbers without +: IN, India, or intl where they start with their calling code'
            cand --on-doubtful-phone 'What to do with a phone that its numbering plan does not know: reject or send'
            cand --batch-size 'The most contacts in a request'
            cand --batch-bytes 'The most bytes in a request'
            cand --concurrency 'Requests in flight at once; auto starts at 1, and finds out what the server answers well, up to 16'
            cand --rate 'The most requests a second, evenly spaced: 5, or 0.5 for one every 2 s'
            cand --timeout 'The most one request may take, its answer included'
            cand --retry-for 'How long a batch is tried again'
            cand --max-errors 'Stop when more rows than this are invalid, refused or unknown: 50 or 2%'
            cand --include 'Send these too: contacts that opted out, or rows that the sheet hides; repeatable'
            cand --suppress 'Never send the phones in this file (a list, or any file that can be imported); repeatable'
            cand --on-duplicate 'What to send of a phone that stands in several rows: the first or the last of them, one contact merged from all, or each'
            cand --wait 'How long to wait for another run of the same import'
            cand --shard 'Send the Kth of N parts, each by a process of its own: 2/4'
            cand --output 'The summary as text or as JSON lines'
            cand --progress 'How progress is shown'
            cand --rejects 'Where rows go that did not arrive [default: STEM.rejected.csv here]'
            cand --token-file 'The file that holds the access token, where BP_IMPORT_TOKEN does not'
            cand --base-url 'The API''s host, or the whole …/inbox/users/import'
            cand --bot-id 'The bot the contacts belong to, where the account has several'
            cand --account 'A name for the account in this machine''s ledger, whatever the token'
            cand --same-account 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it'
            cand --auth 'What the token is: a platform access token (key), or one copied from the browser (session)'
            cand --no-header 'The first row is a contact: columns go by their numbers, as in --map phone=2'
            cand --all-attributes 'Make an attribute of every column that is used for nothing else'
            cand --changed 'Leave out what this machine already sent to this account in this form'
            cand --restart 'Forget the unfinished run of these inputs, and send everything'
            cand -n 'Send nothing: show what would be sent, and what is wrong'
            cand --dry-run 'Send nothing: show what would be sent, and what is wrong'
            cand --json 'The same as --output json'
            cand -q 'Print nothing when all is well and nobody opted out, and one line otherwise'
            cand --quiet 'Print nothing when all is well and nobody opted out, and one line otherwise'
            cand -y 'Take every guess instead of asking'
            cand --yes 'Take every guess instead of asking'
            cand --no-input 'Never ask, not even on a terminal: what is in doubt is an error, or told (so when CI is set)'
            cand -v 'Name every row that is not fine, and why'
            cand --verbose 'Name every row that is not fine, and why'
            cand --sandbox 'Import into an API inside this process: nothing leaves this machine'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand add 'Import one contact from flags'
            cand sandbox 'Run a loopback API that behaves as documented, to try things on'
            cand history 'Show past runs, or one run''s outcome'
            cand completions 'Print the completions for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bp-import;add'= {
            cand --phone 'The phone: +91 98765 43210, or a local number with --country'
            cand --name 'The name'
            cand --email 'The e-mail address'
            cand --tag 'A tag; repeatable'
            cand --attr 'An attribute; repeatable'
            cand --empty-lists 'How lists without an element are sent'
            cand --country 'The country of numbers without +: IN, India, or intl where they start with their calling code'
            cand --on-doubtful-phone 'What to do with a phone that its numbering plan does not know: reject or send'
            cand --suppress 'Never send the phones in this file (a list, or any file that can be imported); repeatable'
            cand --timeout 'The most one request may take, its answer included'
            cand --retry-for 'How long a batch is tried again'
            cand --output 'The summary as text or as JSON lines'
            cand --progress 'How progress is shown'
            cand --token-file 'The file that holds the access token, where BP_IMPORT_TOKEN does not'
            cand --base-url 'The API''s host, or the whole …/inbox/users/import'
            cand --bot-id 'The bot the contacts belong to, where the account has several'
            cand --account 'A name for the account in this machine''s ledger, whatever the token'
            cand --same-account 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it'
            cand --auth 'What the token is: a platform access token (key), or one copied from the browser (session)'
            cand -n 'Send nothing: show what would be sent, and what is wrong'
            cand --dry-run 'Send nothing: show what would be sent, and what is wrong'
            cand --json 'The same as --output json'
            cand -q 'Print nothing when all is well and nobody opted out, and one line otherwise'
            cand --quiet 'Print nothing when all is well and nobody opted out, and one line otherwise'
            cand --sandbox 'Import into an API inside this process: nothing leaves this machine'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bp-import;sandbox'= {
            cand --port 'The port; 0 takes any that is free'
            cand --faults 'Faults to play, such as 503:0.1,reject:+911234…'
            cand --store 'Write what is received to this file, one JSON object a line'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bp-import;history'= {
            cand --output 'As text, or as a JSON line for each run'
            cand --json 'The same as --output json'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bp-import;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'bp-import;help'= {
            cand add 'Import one contact from flags'
            cand sandbox 'Run a loopback API that behaves as documented, to try things on'
            cand history 'Show past runs, or one run''s outcome'
            cand completions 'Print the completions for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bp-import;help;add'= {
        }
        &'bp-import;help;sandbox'= {
        }
        &'bp-import;help;history'= {
        }
        &'bp-import;help;completions'= {
        }
        &'bp-import;help;help'= {
        }
    ]
    $completions[$command]
}
