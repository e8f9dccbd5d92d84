package org.savedstring.proof;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A proof that the short run, part of every build, leaves to the long one: see {@link Prove}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "prove", matches = "long", disabledReason = "left to the long run, make prove")
@interface LongRunOnly {}
