package org.savedstring.store.valkey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Holds the token against the published rules of Signature Version 4, computed here a second time from the rules alone. */
final class IamTokenTest {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void theTokenIsAPresignedConnectRequestForTheReplicationGroupWithoutItsScheme() {
        String token = token(AwsBasicCredentials.create("AKIDEXAMPLE", SECRET));

        assertThat(token).startsWith("my-group/?");
        assertThat(parameters(token))
                .containsEntry("Action", "connect")
                .containsEntry("User", "my-user")
                .containsEntry("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
                .containsEntry("X-Amz-Credential", "AKIDEXAMPLE%2F20260102%2Feu-west-1%2Felasticache%2Faws4_request")
                .containsEntry("X-Amz-Date", "20260102T030405Z")
                .containsEntry("X-Amz-Expires", "900")
                .containsEntry("X-Amz-SignedHeaders", "host");
    }

    @Test
    void theSignatureFollowsThePublishedRules() throws GeneralSecurityException {
        String token = token(AwsBasicCredentials.create("AKIDEXAMPLE", SECRET));

        assertThat(parameters(token)).containsEntry("X-Amz-Signature", signature(parameters(token)));
    }

    @Test
    void theSessionTokenOfARoleIsSignedToo() throws GeneralSecurityException {
        String token = token(AwsSessionCredentials.create("ASIAEXAMPLE", SECRET, "session/token+value=="));

        assertThat(parameters(token))
                .containsEntry("X-Amz-Security-Token", "session%2Ftoken%2Bvalue%3D%3D")
                .containsEntry("X-Amz-Signature", signature(parameters(token)));
    }

    private static String token(AwsCredentials credentials) {
        return new IamToken(
                        StaticCredentialsProvider.create(credentials),
                        "my-group",
                        "my-user",
                        "eu-west-1",
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .create();
    }

    private static Map<String, String> parameters(String token) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : URI.create("http://" + token).getRawQuery().split("&", -1)) {
            parameters.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return parameters;
    }

    /** AWS General Reference, "Create a signed AWS API request". */
    private static String signature(Map<String, String> parameters) throws GeneralSecurityException {
        String query = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("X-Amz-Signature"))
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("&"));
        String request = "GET\n/\n" + query + "\nhost:my-group\n\nhost\n" + hex(sha256(""));
        String scope = "20260102/eu-west-1/elasticache/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n20260102T030405Z\n" + scope + "\n" + hex(sha256(request));
        byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return hex(hmac(key, toSign));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
