package org.savedstring.store.valkey;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Makes the short-lived password with which an instance signs in to ElastiCache: a presigned request, made without
 * asking anybody (Amazon ElastiCache User Guide, "Authenticating with IAM").
 */
final class IamToken {

    private static final String SERVICE = "elasticache";
    private static final String SCHEME = "http://";
    private static final Duration VALIDITY = Duration.ofMinutes(15);

    private final AwsCredentialsProvider credentials;
    private final String replicationGroup;
    private final String user;
    private final String region;
    private final Clock clock;

    IamToken(AwsCredentialsProvider credentials, String replicationGroup, String user, String region, Clock clock) {
        this.credentials = credentials;
        this.replicationGroup = replicationGroup;
        this.user = user;
        this.region = region;
        this.clock = clock;
    }

    /** A new token; it opens connections for 15 minutes and must not be logged. */
    String create() {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create(SCHEME + replicationGroup + "/"))
                .appendRawQueryParameter("Action", "connect")
                .appendRawQueryParameter("User", user)
                .build();
        return AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(credentials.resolveCredentials())
                        .request(request)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(
                                AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, VALIDITY)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .getUri()
                .toString()
                .substring(SCHEME.length());
    }
}
