package org.savedstring.store.valkey;

import java.util.regex.Pattern;

/** What helps with each trouble with Valkey; {@code docs/trouble.md} has the same, held against this by a test. */
enum Advice {
    OTHER_STORE(
            "another store",
            "another store answers at this address, not the one that this instance knows",
            "check SAVED_STRING_VALKEY_ADDRESS; if the other store is now the right one, restart the instances"),
    UNREADABLE_ENTRY(
            "can't be read",
            "entry 7-0 of the stream {saved-string} can't be read",
            "PUT the string again, or remove the entry with XDEL and its id"),
    REPLICA(
            "server is a replica",
            "the server is a replica",
            "put the primary's address in SAVED_STRING_VALKEY_ADDRESS"),
    NO_OWNER(
            "no node of the cluster owns",
            "no node of the cluster owns the slot of the string",
            "assign the slot to a node (CLUSTER ADDSLOTS), or wait for the migration of slots to end"),
    UNCONFIRMED(
            "replicas confirmed|NOREPLICAS",
            "only 0 of 1 replicas confirmed",
            "bring a replica back, or see SAVED_STRING_VALKEY_CONFIRMING_REPLICAS: 0 for a single Valkey without replicas"),
    MEMORY(
            "OOM|maxmemory",
            "OOM command not allowed when used memory > 'maxmemory'.",
            "give Valkey more memory (store_node_type), or keep fewer versions: SAVED_STRING_HISTORY_VERSIONS_MAX"),
    SNAPSHOT(
            "MISCONF",
            "MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist to disk.",
            "free some space on the disk that Valkey saves to; without confirming replicas reads go on meanwhile"),
    PERMISSION(
            "NOPERM",
            "NOPERM User saved-string has no permissions to run the 'evalsha' command",
            "grant the user (SAVED_STRING_VALKEY_USERNAME) what store_access in terraform/store.tf lists"),
    SIGN_IN(
            "WRONGPASS|NOAUTH",
            "WRONGPASS invalid username-password pair or user is disabled.",
            "check SAVED_STRING_VALKEY_USERNAME and SAVED_STRING_VALKEY_PASSWORD_FILE, or with"
                    + " SAVED_STRING_VALKEY_IAM_REPLICATION_GROUP the instance's role and clock"),
    PASSWORD_FILE(
            "password-file",
            "saved-string.valkey.password-file: /run/password (expected: a file that can be read)",
            "let the service read the file of SAVED_STRING_VALKEY_PASSWORD_FILE"),
    CONNECTIONS(
            "max number of clients",
            "ERR max number of clients reached",
            "raise Valkey's maxclients, or find out who else opens connections (CLIENT LIST)"),
    LOADING(
            "LOADING|MASTERDOWN",
            "LOADING Valkey is loading the dataset in memory",
            "wait: it will be used as soon as it has loaded"),
    CLUSTER_DOWN(
            "CLUSTERDOWN",
            "CLUSTERDOWN The cluster is down",
            "promote a replica, or bring back the nodes that are gone"),
    BUSY(
            "BUSY",
            "BUSY Valkey is busy running a script.",
            "end the other script with SCRIPT KILL; none of the service's own takes this long"),
    MOVED(
            "MOVED|READONLY|NOSCRIPT|TRYAGAIN|ASK |UNBLOCKED|with replica instances",
            "MOVED 1234 10.0.0.5:6379",
            "wait: the service looks for the primary and asks again"),
    CERTIFICATE(
            "certif|PKIX|SSL|TLS|Signature|[Tt]rust",
            "PKIX path validation failed: validity check failed",
            "renew the certificate, or check SAVED_STRING_VALKEY_TLS_CA_FILE and SAVED_STRING_VALKEY_TLS"),
    NAME(
            "UnknownHost|resolve",
            "Failed to resolve 'valkey.example'",
            "check SAVED_STRING_VALKEY_ADDRESS and the DNS server"),
    REFUSED("[Rr]efused", "Connection refused: /10.0.0.5:6379", "start Valkey, or check SAVED_STRING_VALKEY_ADDRESS"),
    SLOW(
            "within \\d+ ms|timed out",
            "Valkey did not answer within 350 ms",
            "see whether the node is overloaded, frozen or cut off; SAVED_STRING_VALKEY_TIMEOUT is how long the service waits"),
    CLOSED(
            "closed|lost|reset|[Dd]isconnected|not connected|not registered",
            "the connection was closed by Valkey",
            "if it goes on, see Valkey's log for the reason"),
    OTHER("", "", "check SAVED_STRING_VALKEY_ADDRESS and the other SAVED_STRING_VALKEY_ settings");

    private final Pattern words;
    private final String example;
    private final String help;

    Advice(String words, String example, String help) {
        this.words = Pattern.compile(words);
        this.example = example;
        this.help = help;
    }

    static Advice on(String words) {
        for (Advice advice : values()) {
            if (advice.words.matcher(words).find()) {
                return advice;
            }
        }
        return OTHER;
    }

    String example() {
        return example;
    }

    String help() {
        return help;
    }
}
