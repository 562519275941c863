using System.Text.Json;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class StoreFaultTests
{
    public static TheoryData<Exception> Silences { get; } =
    [
        new OperationCanceledException(),
        new TaskCanceledException(),
        new TimeoutException(),
        new HttpRequestException("Connection refused"),
        new AggregateException("Retry failed after 6 tries.", new InvalidOperationException("", new HttpRequestException("refused"))),
    ];

    [Theory, MemberData(nameof(Silences))]
    public void StoreThatGaveNoAnswer_IsSaidNotToAnswer(Exception fault) =>
        Assert.Equal("Store s3 does not answer", StoreFault.Describe("s3", fault));

    [Fact]
    public void OtherFaults_AreNamedAsWhatTheyAre()
    {
        Assert.Equal(
            "Store s3 could not be read (Access Denied)",
            StoreFault.Describe("s3", new InvalidOperationException("Access Denied."))
        );
        Assert.Contains("no entry", StoreFault.Describe("s3", new JsonException("It is no entry")));
    }
}
