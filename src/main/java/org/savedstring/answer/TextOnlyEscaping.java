package org.savedstring.answer;

import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/**
 * The one place where HTML is escaped. Values appear in text only, never in attributes, so quotes and the like stay
 * readable for someone who looks at the page with curl. An HTML parser would turn a carriage return into a line feed.
 */
@Factory
final class TextOnlyEscaping {

    private static final String[][] TABLE = {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\r", "&#13;"}};

    @Singleton
    Handlebars handlebars() {
        return new Handlebars(new ClassPathTemplateLoader("/views", ".hbs")).with(new EscapingStrategy.Hbs(TABLE));
    }
}
