package org.savedstring.management;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets the log up: lines on standard output, for people or for programs. Logback finds it by its name in {@code
 * META-INF/services}; reading a file of XML in its place took a twentieth of the start.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    private static final String FOR_PEOPLE =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{20} %replace(%msg %kvp){' $', ''}%n";

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(standardOutput(log));
        log.getLogger("org.savedstring").setLevel(Level.toLevel(System.getenv("SAVED_STRING_LOG_LEVEL"), Level.INFO));
        // It warns of a choice that isn't left to it.
        log.getLogger("io.lettuce.core.resource.Transports").setLevel(Level.ERROR);
        // What it says when it can't start is said in a sentence of our own.
        log.getLogger("io.micronaut.http.server.netty.NettyHttpServer").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> standardOutput(LoggerContext log) {
        Encoder<ILoggingEvent> encoder =
                "json".equals(System.getenv("SAVED_STRING_LOG_FORMAT")) ? new JsonLineEncoder() : forPeople();
        encoder.setContext(log);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(log);
        appender.setName("standard output");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder forPeople() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(FOR_PEOPLE);
        return encoder;
    }
}
