# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bp_import_global_optspecs
    string join \n input-format= input-name= encoding= delimiter= escape= no-header sheet= records= limit= only= except= map= mapping= save-mapping= tag= attr= tag-separator= all-attributes empty-lists= on-bad-email= country= on-doubtful-phone= batch-size= batch-bytes= concurrency= rate= timeout= retry-for= max-errors= include= suppress= on-duplicate= changed restart wait= shard= n/dry-run output= json progress= q/quiet rejects= y/yes no-input v/verbose sandbox token-file= base-url= bot-id= account= same-account= auth= h/help V/version
end

function __fish_bp_import_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bp_import_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bp_import_using_subcommand
    set -l cmd (__fish_bp_import_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bp-import -n "__fish_bp_import_needs_command" -l input-format -d 'What the input is: csv, tsv, json, ndjson, xlsx (any workbook) or vcard [default: by content and name]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l input-name -d 'A name for stdin, by which the same command goes on with an unfinished run' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l encoding -d 'The encoding of the text, such as windows-1252 [default: by content]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l delimiter -d 'What stands between columns: a character, tab, comma, semicolon or pipe [default: by content]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l escape -d 'What escapes a quote inside quotes where it is not doubled: a character such as \'\\\', or none [default: by content]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l sheet -d 'The sheet of a workbook [default: the first whose header names a phone]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l records -d 'Where the list is in a JSON document: its keys, as in data.customers or edges[].node [default: the only list with phones]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l limit -d 'Send the first N contacts for real, then stop in order' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l only -d 'Take only rows with this value in this column; repeatable' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l except -d 'Leave out rows with this value in this column; repeatable' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l map -d 'Fill a field from a column: --map name="{First} {Last}"; repeatable' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l mapping -d 'Use the mapping that stands in this file (TOML)' -r -F
complete -c bp-import -n "__fish_bp_import_needs_command" -l save-mapping -d 'Write the mapping in force to this file' -r -F
complete -c bp-import -n "__fish_bp_import_needs_command" -l tag -d 'Add a tag to every contact; repeatable' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l attr -d 'Set an attribute on every contact; repeatable' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l tag-separator -d 'What separates the tags in a cell [default: any of , ; |]' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l empty-lists -d 'How lists without an element are sent' -r -f -a "send\t'As []'
omit\t'Not at all'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l on-bad-email -d 'What to do with a row with an invalid e-mail: drop the e-mail, or reject the row' -r -f -a "drop\t'It goes without the e-mail'
reject\t'The row is invalid'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l country -d 'The country of numbers without +: IN, India, or intl where they start with their calling code' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l on-doubtful-phone -d 'What to do with a phone that its numbering plan does not know: reject or send' -r -f -a "reject\t'The row is invalid'
send\t'It goes, with a warning'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l batch-size -d 'The most contacts in a request' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l batch-bytes -d 'The most bytes in a request' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l concurrency -d 'Requests in flight at once; auto starts at 1, and finds out what the server answers well, up to 16' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l rate -d 'The most requests a second, evenly spaced: 5, or 0.5 for one every 2 s' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l timeout -d 'The most one request may take, its answer included' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l retry-for -d 'How long a batch is tried again' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l max-errors -d 'Stop when more rows than this are invalid, refused or unknown: 50 or 2%' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l include -d 'Send these too: contacts that opted out, or rows that the sheet hides; repeatable' -r -f -a "opted-out\t'Contacts that said no, or gave no answer'
unanswered\t'Only contacts that were asked whether they agree, and gave no answer'
hidden\t'Rows that the sheet hides, by hand or by a filter'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l suppress -d 'Never send the phones in this file (a list, or any file that can be imported); repeatable' -r -F
complete -c bp-import -n "__fish_bp_import_needs_command" -l on-duplicate -d 'What to send of a phone that stands in several rows: the first or the last of them, one contact merged from all, or each' -r -f -a "first\t'The first row; the others repeat it'
last\t'The last row: the input is read twice'
merge\t'One contact of all rows: later values win, tags add up; read twice'
send\t'Every row in turn, each after the answer to the one before'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l wait -d 'How long to wait for another run of the same import' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l shard -d 'Send the Kth of N parts, each by a process of its own: 2/4' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l output -d 'The summary as text or as JSON lines' -r -f -a "text\t'For people'
json\t'For scripts'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l progress -d 'How progress is shown' -r -f -a "auto\t'A bar on a terminal, lines off it'
bar\t'A bar'
plain\t'A line every 30 s'
none\t'Nothing'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l rejects -d 'Where rows go that did not arrive [default: STEM.rejected.csv here]' -r -F
complete -c bp-import -n "__fish_bp_import_needs_command" -l token-file -d 'The file that holds the access token, where BP_IMPORT_TOKEN does not' -r -F
complete -c bp-import -n "__fish_bp_import_needs_command" -l base-url -d 'The API\'s host, or the whole …/inbox/users/import' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l bot-id -d 'The bot the contacts belong to, where the account has several' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l account -d 'A name for the account in this machine\'s ledger, whatever the token' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l same-account -d 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it' -r
complete -c bp-import -n "__fish_bp_import_needs_command" -l auth -d 'What the token is: a platform access token (key), or one copied from the browser (session)' -r -f -a "key\t'A platform access token'
session\t'A web-session token'"
complete -c bp-import -n "__fish_bp_import_needs_command" -l no-header -d 'The first row is a contact: columns go by their numbers, as in --map phone=2'
complete -c bp-import -n "__fish_bp_import_needs_command" -l all-attributes -d 'Make an attribute of every column that is used for nothing else'
complete -c bp-import -n "__fish_bp_import_needs_command" -l changed -d 'Leave out what this machine already sent to this account in this form'
complete -c bp-import -n "__fish_bp_import_needs_command" -l restart -d 'Forget the unfinished run of these inputs, and send everything'
complete -c bp-import -n "__fish_bp_import_needs_command" -s n -l dry-run -d 'Send nothing: show what would be sent, and what is wrong'
complete -c bp-import -n "__fish_bp_import_needs_command" -l json -d 'The same as --output json'
complete -c bp-import -n "__fish_bp_import_needs_command" -s q -l quiet -d 'Print nothing when all is well and nobody opted out, and one line otherwise'
complete -c bp-import -n "__fish_bp_import_needs_command" -s y -l yes -d 'Take every guess instead of asking'
complete -c bp-import -n "__fish_bp_import_needs_command" -l no-input -d 'Never ask, not even on a terminal: what is in doubt is an error, or told (so when CI is set)'
complete -c bp-import -n "__fish_bp_import_needs_command" -s v -l verbose -d 'Name every row that is not fine, and why'
complete -c bp-import -n "__fish_bp_import_needs_command" -l sandbox -d 'Import into an API inside this process: nothing leaves this machine'
complete -c bp-import -n "__fish_bp_import_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bp-import -n "__fish_bp_import_needs_command" -s V -l version -d 'Print version'
complete -c bp-import -n "__fish_bp_import_needs_command" -a "add" -d 'Import one contact from flags'
complete -c bp-import -n "__fish_bp_import_needs_command" -a "sandbox" -d 'Run a loopback API that behaves as documented, to try things on'
complete -c bp-import -n "__fish_bp_import_needs_command" -a "history" -d 'Show past runs, or one run\'s outcome'
complete -c bp-import -n "__fish_bp_import_needs_command" -a "completions" -d 'Print the completions for a shell'
complete -c bp-import -n "__fish_bp_import_needs_command" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l phone -d 'The phone: +91 98765 43210, or a local number with --country' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l name -d 'The name' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l email -d 'The e-mail address' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l tag -d 'A tag; repeatable' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l attr -d 'An attribute; repeatable' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l empty-lists -d 'How lists without an element are sent' -r -f -a "send\t'As []'
omit\t'Not at all'"
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l country -d 'The country of numbers without +: IN, India, or intl where they start with their calling code' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l on-doubtful-phone -d 'What to do with a phone that its numbering plan does not know: reject or send' -r -f -a "reject\t'The row is invalid'
send\t'It goes, with a warning'"
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l suppress -d 'Never send the phones in this file (a list, or any file that can be imported); repeatable' -r -F
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l timeout -d 'The most one request may take, its answer included' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l retry-for -d 'How long a batch is tried again' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l output -d 'The summary as text or as JSON lines' -r -f -a "text\t'For people'
json\t'For scripts'"
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l progress -d 'How progress is shown' -r -f -a "auto\t'A bar on a terminal, lines off it'
bar\t'A bar'
plain\t'A line every 30 s'
none\t'Nothing'"
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l token-file -d 'The file that holds the access token, where BP_IMPORT_TOKEN does not' -r -F
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l base-url -d 'The API\'s host, or the whole …/inbox/users/import' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l bot-id -d 'The bot the contacts belong to, where the account has several' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l account -d 'A name for the account in this machine\'s ledger, whatever the token' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l same-account -d 'Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH names it as history shows it' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l auth -d 'What the token is: a platform access token (key), or one copied from the browser (session)' -r -f -a "key\t'A platform access token'
session\t'A web-session token'"
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -s n -l dry-run -d 'Send nothing: show what would be sent, and what is wrong'
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l json -d 'The same as --output json'
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -s q -l quiet -d 'Print nothing when all is well and nobody opted out, and one line otherwise'
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -l sandbox -d 'Import into an API inside this process: nothing leaves this machine'
complete -c bp-import -n "__fish_bp_import_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bp-import -n "__fish_bp_import_using_subcommand sandbox" -l port -d 'The port; 0 takes any that is free' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand sandbox" -l faults -d 'Faults to play, such as 503:0.1,reject:+911234…' -r
complete -c bp-import -n "__fish_bp_import_using_subcommand sandbox" -l store -d 'Write what is received to this file, one JSON object a line' -r -F
complete -c bp-import -n "__fish_bp_import_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bp-import -n "__fish_bp_import_using_subcommand history" -l output -d 'As text, or as a JSON line for each run' -r -f -a "text\t'For people'
json\t'For scripts'"
complete -c bp-import -n "__fish_bp_import_using_subcommand history" -l json -d 'The same as --output json'
complete -c bp-import -n "__fish_bp_import_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bp-import -n "__fish_bp_import_using_subcommand completions" -s h -l help -d 'Print help'
complete -c bp-import -n "__fish_bp_import_using_subcommand help; and not __fish_seen_subcommand_from add sandbox history completions help" -f -a "add" -d 'Import one contact from flags'
complete -c bp-import -n "__fish_bp_import_using_subcommand help; and not __fish_seen_subcommand_from add sandbox history completions help" -f -a "sandbox" -d 'Run a loopback API that behaves as documented, to try things on'
complete -c bp-import -n "__fish_bp_import_using_subcommand help; and not __fish_seen_subcommand_from add sandbox history completions help" -f -a "history" -d 'Show past runs, or one run\'s outcome'
complete -c bp-import -n "__fish_bp_import_using_subcommand help; and not __fish_seen_subcommand_from add sandbox history completions help" -f -a "completions" -d 'Print the completions for a shell'
complete -c bp-import -n "__fish_bp_import_using_subcommand help; and not __fish_seen_subcommand_from add sandbox history completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
