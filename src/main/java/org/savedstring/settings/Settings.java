package org.savedstring.settings;

import io.micronaut.context.env.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings that there are and what each may be, both as {@code application.properties} documents them. Finds what a
 * framework would silently ignore: a misspelt name; and a senseless value, before anything is started with it.
 */
public final class Settings {

    private static final Pattern SETTING =
            Pattern.compile("(?:^#\\? (.+)\\n)?^#?(saved-string\\.[a-z.-]+)=", Pattern.MULTILINE);
    private static final String VARIABLE_PREFIX = "SAVED_STRING_";
    private static final String PROPERTY_PREFIX = "saved-string.";
    private static final String STORE = "saved-string.store";

    private final Set<String> names = new TreeSet<>();
    private final Map<String, Allowed> allowed = new TreeMap<>();

    public Settings() {
        Matcher matcher = SETTING.matcher(documentation());
        while (matcher.find()) {
            names.add(matcher.group(2));
            if (matcher.group(1) != null) {
                allowed.put(matcher.group(2), Allowed.of(matcher.group(1)));
            }
        }
    }

    /**
     * Checks the names of environment variables and system properties.
     *
     * @throws IllegalArgumentException if one begins like a setting but isn't one
     */
    public void checkNames(Collection<String> variableNames, Collection<String> propertyNames) {
        Set<String> variables = names.stream().map(Settings::variableOf).collect(Collectors.toCollection(TreeSet::new));
        expectKnown(variables, variableNames, VARIABLE_PREFIX);
        expectKnown(names, propertyNames, PROPERTY_PREFIX);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is of the wrong kind or out of range; names the setting and what is expected
     */
    public void checkValues(Environment environment) {
        if (!environment.containsProperty(STORE)) {
            throw new IllegalArgumentException(
                    STORE + " is not set (expected: valkey, or embedded for a laptop; set SAVED_STRING_STORE)");
        }
        allowed.forEach((name, values) -> environment
                .getProperty(name, String.class)
                .ifPresent(value -> {
                    if (!values.contain(value)) {
                        throw new IllegalArgumentException(
                                "%s: %s (expected: %s; set %s)".formatted(name, value, values, variableOf(name)));
                    }
                }));
    }

    private static void expectKnown(Set<String> known, Collection<String> given, String prefix) {
        given.stream()
                .filter(name -> name.startsWith(prefix) && !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "%s is not a setting (expected: one of %s)".formatted(name, String.join(", ", known)));
                });
    }

    private static String variableOf(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String documentation() {
        try (InputStream resource = Settings.class.getResourceAsStream("/application.properties")) {
            if (resource == null) {
                throw new IllegalStateException("application.properties is missing in the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
