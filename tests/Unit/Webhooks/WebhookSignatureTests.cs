using System.Text;
using Microsoft.Extensions.Time.Testing;
using Serverless.Unit.Servers;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    /// <summary>The example of the scheme's own specification (github.com/standard-webhooks/standard-webhooks, spec.md).</summary>
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void Matches_TheSpecificationsExample()
    {
        IReadOnlyDictionary<string, string> headers = new WebhookSignature(Key, new FakeTimeProvider(Then)).Sign(Id, Body);

        Assert.Equal((Id, Timestamp, Signature), (headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"]));
    }

    [Fact]
    public void Accepts_AGenuineRequest() => Assert.Null(Verify(Signature));

    [Fact]
    public void Accepts_AGenuineOneAmongSeveralSignatures() => Assert.Null(Verify($"v2,abc v1,AAAA {Signature}"));

    [Fact]
    public void Accepts_AKeyWithoutPrefix() =>
        Assert.Null(new WebhookSignature(Key["whsec_".Length..], new FakeTimeProvider(Then)).Verify(Id, Timestamp, Signature, Body));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1PE=")]
    [InlineData("v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Rejects_AnotherSignature(string? signature) =>
        Assert.Contains("The header webhook-signature", Verify(signature), StringComparison.Ordinal);

    [Fact]
    public void Rejects_AChangedBody() =>
        Assert.NotNull(
            new WebhookSignature(Key, new FakeTimeProvider(Then)).Verify(Id, Timestamp, Signature, Encoding.UTF8.GetBytes("{}"))
        );

    [Fact]
    public void Rejects_AChangedId() =>
        Assert.NotNull(new WebhookSignature(Key, new FakeTimeProvider(Then)).Verify("msg_other", Timestamp, Signature, Body));

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void Rejects_ATimestampFarFromTheClock(int seconds) =>
        Assert.Contains(
            "5 minutes",
            new WebhookSignature(Key, new FakeTimeProvider(Then.AddSeconds(seconds))).Verify(Id, Timestamp, Signature, Body),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("short")]
    [InlineData("AAAA")]
    [InlineData("")]
    public void Rejects_AKeyThatIsNone(string key) =>
        Assert.Throws<ArgumentException>(() => new WebhookSignature(key, TimeProvider.System));

    private static string? Verify(string? signature) =>
        new WebhookSignature(Key, new FakeTimeProvider(Then.AddMinutes(4))).Verify(Id, Timestamp, signature, Body);
}
