using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Xunit;

namespace Serverless.Unit.Ingest.Analyzers;

public sealed class CaptionTests
{
    [Fact]
    public void Of_LabelsFarBehindTheBest_LeavesThemOut() =>
        Assert.Equal(
            "beach, sunset",
            Caption.Of([new LabelFinding("beach", 0.6f), new LabelFinding("sunset", 0.2f), new LabelFinding("dog", 0.05f)])
        );

    [Fact]
    public void Of_NoLabels_IsEmpty() => Assert.Equal("", Caption.Of([]));
}
