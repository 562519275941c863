using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Access;

public sealed class ForcedArmTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly ManualTime _time = new();

    [Fact]
    public void Check_OfWhoMayPublish_NeedsNoSignature() =>
        new ForcedArm(new AccessOptions(), _time).Check(Request(AccessRoles.Publish | AccessRoles.Predict, null), "m", "canary");

    [Fact]
    public void Check_OfASignature_HoldsUntilItsTime()
    {
        HttpRequest request = Request(AccessRoles.Predict, Sign("m", "canary", TimeSpan.FromHours(24)));
        ForcedArm forced = new(Signing, _time);

        forced.Check(request, "m", "canary");
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        forced.Check(request, "m", "canary");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.EndsWith("the signature holds for 0 seconds more; allowed are 1 to 86,400.", RefusalOf(forced, request));
    }

    [Fact]
    public void Check_OfOneThatHoldsTooLong_IsRefused() =>
        Assert.EndsWith(
            "the signature holds for 86,401 seconds more; allowed are 1 to 86,400.",
            RefusalOf(new(Signing, _time), Request(AccessRoles.Predict, Sign("m", "canary", TimeSpan.FromSeconds(86_401))))
        );

    [Theory, InlineData("n", "canary"), InlineData("m", "stable"), InlineData("m", "b")]
    public void Check_OfAnothersSignature_IsRefused(string model, string arm) =>
        Assert.EndsWith(
            "the signature is none of 'canary' of model 'm'.",
            RefusalOf(new(Signing, _time), Request(AccessRoles.Predict, Sign(model, arm, TimeSpan.FromHours(1))))
        );

    [Theory]
    [InlineData(null, "the header X-Rollout-Arm-Signature is missing.")]
    [InlineData("now.00", "is not {seconds since 1970}.{signature} in up to 128 characters.")]
    [InlineData("-5.00", "is not {seconds since 1970}.{signature} in up to 128 characters.")]
    [InlineData("5", "is not {seconds since 1970}.{signature} in up to 128 characters.")]
    [InlineData("5.00.00", "is not {seconds since 1970}.{signature} in up to 128 characters.")]
    [InlineData("9223372036854775807.00", "seconds more; allowed are 1 to 86,400.")]
    public void Check_WithoutASignature_NamesWhatIsMissing(string? signature, string fault)
    {
        string refusal = RefusalOf(new(Signing, _time), Request(AccessRoles.Predict, signature));

        Assert.StartsWith("X-Rollout-Arm needs the role publish, or a signature; a test has predict, and ", refusal);
        Assert.EndsWith(fault, refusal);
    }

    [Fact]
    public void Check_OfOneThatIsTooLong_IsRefused() =>
        Assert.EndsWith(
            "in up to 128 characters.",
            RefusalOf(new(Signing, _time), Request(AccessRoles.Predict, Sign("m", "canary", TimeSpan.FromHours(1)) + new string('0', 128)))
        );

    [Fact]
    public void Check_WhereNoKeyIsSet_TakesNoSignature() =>
        Assert.EndsWith(
            "no signature is taken here (Access:TestSigningKey is not set).",
            RefusalOf(new(new AccessOptions(), _time), Request(AccessRoles.Predict, Sign("m", "canary", TimeSpan.FromHours(1))))
        );

    private static AccessOptions Signing => new() { TestSigningKey = Convert.ToBase64String(Key) };

    private string Sign(string model, string arm, TimeSpan holds)
    {
        string expires = (_time.GetUtcNow() + holds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{expires}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{model}|{arm}|{expires}")))}";
    }

    private static HttpRequest Request(AccessRoles roles, string? signature)
    {
        DefaultHttpContext http = new();
        http.Features.Set(new Caller(roles, "a test"));
        http.Request.Headers[ForcedArm.SignatureHeader] = signature;
        return http.Request;
    }

    private static string RefusalOf(ForcedArm forced, HttpRequest request)
    {
        RequestProblem refusal = Assert.Throws<RequestProblem>(() => forced.Check(request, "m", "canary"));
        Assert.Equal(403, refusal.Status);
        return refusal.Message;
    }
}
