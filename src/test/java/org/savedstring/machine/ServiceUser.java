package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The user that the service signs in as: it may do what the service needs and nothing else. Its rules are those of the
 * deployed store, so that what is tested is what is deployed.
 */
public final class ServiceUser {

    public static final String NAME = "saved-string";
    public static final String PASSWORD = "p\u00e4ss w\u00f6rd";

    private static final Path STORE = Path.of("terraform/store.tf");
    private static final Pattern ACCESS = Pattern.compile(
            "store_access = join\\(\" \", concat\\(\\s*\\[(.*?)],\\s*formatlist\\(\"\\+%s\", \\[(.*?)]",
            Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    private ServiceUser() {}

    public static void create(ValkeyServer server) {
        set(
                server,
                Stream.concat(Stream.of("on", ">" + PASSWORD), rules().stream()).toList());
    }

    /** The same user, with a password, as an option of the command line. */
    static String[] option(String password) {
        return Stream.concat(Stream.of("--user", NAME, ">" + password), rules().stream())
                .toArray(String[]::new);
    }

    /** Changes the user by these rules, and makes it if there is none. */
    public static void set(ValkeyServer server, List<String> rules) {
        server.command(
                Stream.concat(Stream.of("ACL", "SETUSER", NAME), rules.stream()).toArray(String[]::new));
    }

    /** The keys and the commands that Terraform allows it. */
    public static List<String> rules() {
        MatchResult access = ACCESS.matcher(read(STORE))
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(STORE + " has no store_access"));
        return Stream.concat(quoted(access.group(1)), quoted(access.group(2)).map(command -> "+" + command))
                .toList();
    }

    private static Stream<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(found -> found.group(1));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
