using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Webhooks;

public sealed class SigningKeysTests : IDisposable
{
    // Of other lengths: what is written within one tick of the file system's clock is told by its length.
    private static readonly string Former = Convert.ToBase64String(new byte[32]),
        Next = Convert.ToBase64String([.. Enumerable.Repeat((byte)2, 48)]);

    private static readonly byte[] Body = "{}"u8.ToArray();

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void AFileThatHasChanged_IsReadAgain_BothKeysHoldMeanwhile()
    {
        File.WriteAllText(_file, Former);
        WebhookSignature signature = new(SigningKeys.FromFile(_file), TimeProvider.System);

        bool[] before = [Takes(signature, Former), Takes(signature, Next)];
        File.WriteAllText(_file, $"{Former}\n{Next}\n");
        bool[] meanwhile = [Takes(signature, Former), Takes(signature, Next)];
        string sent = signature.Sign("id", Body)[WebhookSignature.SignatureHeader];
        File.WriteAllText(_file, $"{Next}\n");
        bool[] after = [Takes(signature, Former), Takes(signature, Next)];

        Assert.Equal([true, false], before);
        Assert.Equal([true, true], meanwhile);
        Assert.Equal([false, true], after);
        Assert.Equal(2, sent.Split(' ').Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("no key")]
    public void AFileThatHoldsNoKey_ChangesNothing(string content)
    {
        File.WriteAllText(_file, Former);
        WebhookSignature signature = new(SigningKeys.FromFile(_file), TimeProvider.System);

        File.WriteAllText(_file, content);
        bool held = Takes(signature, Former);
        File.WriteAllText(_file, Next);

        Assert.True(held);
        Assert.True(Takes(signature, Next));
    }

    [Fact]
    public void AFileThatIsGone_ChangesNothing()
    {
        File.WriteAllText(_file, Former);
        WebhookSignature signature = new(SigningKeys.FromFile(_file), TimeProvider.System);

        File.Delete(_file);

        Assert.True(Takes(signature, Former));
    }

    [Fact]
    public void WhatHoldsNoKeyAtTheStart_IsNamed()
    {
        File.Delete(_file);
        Assert.Contains($"There is no file {_file}", Assert.Throws<ArgumentException>(() => SigningKeys.FromFile(_file)).Message);
        File.WriteAllText(_file, new string('a', 5_000));
        Assert.Contains("has 5000 bytes; allowed are 4096", Assert.Throws<ArgumentException>(() => SigningKeys.FromFile(_file)).Message);
        Assert.Contains(
            "There are 5 signing keys; allowed are 1 to 4",
            Assert.Throws<ArgumentException>(() => SigningKeys.Of(string.Join(' ', Enumerable.Repeat(Former, 5)))).Message
        );
    }

    [Fact]
    public void ASubscription_SignsWithTheFormerSecretToo_UntilItsTimeIsUp()
    {
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        WebhookSubscription subscription = new("a", new Uri("https://example.org"), ["*"], Former, "tests", now);

        WebhookSubscription rotated = subscription.WithSecret(Next, now.AddHours(24));

        Assert.Equal($"{Next} {Former}", rotated.SecretsAt(now.AddHours(23)));
        Assert.Equal(Next, rotated.SecretsAt(now.AddHours(24)));
    }

    public void Dispose() => File.Delete(_file);

    private static bool Takes(WebhookSignature signature, string key)
    {
        IReadOnlyDictionary<string, string> headers = new WebhookSignature(key, TimeProvider.System).Sign("id", Body);
        return signature.Verify(
            headers[WebhookSignature.IdHeader],
            headers[WebhookSignature.TimestampHeader],
            headers[WebhookSignature.SignatureHeader],
            Body
        )
            is null;
    }
}
