package org.savedstring.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds misspelt settings, which a framework would silently ignore. The known ones are those that
 * {@code application.properties} documents.
 */
public final class SettingNames {

    private static final Pattern SETTING = Pattern.compile("^#?(saved-string\\.[a-z.-]+)=", Pattern.MULTILINE);
    private static final String VARIABLE_PREFIX = "SAVED_STRING_";
    private static final String PROPERTY_PREFIX = "saved-string.";

    private final Set<String> properties = new TreeSet<>();
    private final Set<String> variables = new TreeSet<>();

    public SettingNames() {
        Matcher matcher = SETTING.matcher(documented());
        while (matcher.find()) {
            properties.add(matcher.group(1));
            variables.add(variableOf(matcher.group(1)));
        }
    }

    /**
     * Checks the names of environment variables and system properties.
     *
     * @throws IllegalArgumentException if one begins like a setting but is none
     */
    public void check(Collection<String> variableNames, Collection<String> propertyNames) {
        variableNames.stream()
                .filter(name -> name.startsWith(VARIABLE_PREFIX))
                .forEach(name -> expect(variables, name));
        propertyNames.stream()
                .filter(name -> name.startsWith(PROPERTY_PREFIX))
                .forEach(name -> expect(properties, name));
    }

    private static void expect(Set<String> known, String name) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "%s is no setting (expected: one of %s)".formatted(name, String.join(", ", known)));
        }
    }

    private static String variableOf(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String documented() {
        try (InputStream resource = SettingNames.class.getResourceAsStream("/application.properties")) {
            if (resource == null) {
                throw new IllegalStateException("application.properties is missing in the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
