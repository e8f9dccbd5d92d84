package org.savedstring.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Needs Chromium; where there is none, the tests say so and count as skipped. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BrowserTest.Condition.class)
@interface BrowserTest {

    final class Condition implements ExecutionCondition {

        @Override
        @SuppressWarnings("SystemOut")
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Browser.isInstalled()) {
                return ConditionEvaluationResult.enabled("Chromium is installed");
            }
            String reason = "NOT TESTED in a browser: " + context.getDisplayName()
                    + ". Install Chromium and its driver: scripts/need chromium chromium-driver";
            System.err.println(reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
