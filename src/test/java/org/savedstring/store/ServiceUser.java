package org.savedstring.store;

import java.util.ArrayList;
import java.util.List;
import org.savedstring.cell.ValkeyServer;

/** The user that the service signs in as: it may do what the service needs and nothing else. */
final class ServiceUser {

    static final String NAME = "saved-string";
    static final String PASSWORD = "p\u00e4ss w\u00f6rd";

    private static final List<String> RULES = List.of(
            "resetkeys",
            "resetchannels",
            "nocommands",
            "~{saved-string}*",
            "+evalsha",
            "+script|load",
            "+wait",
            "+xread",
            "+xrevrange",
            "+xadd",
            "+set",
            "+time",
            "+role",
            "+cluster|slots",
            "+client|setinfo");

    private ServiceUser() {}

    static void create(ValkeyServer server) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", NAME, "on", ">" + PASSWORD));
        command.addAll(RULES);
        server.command(command.toArray(String[]::new));
    }
}
