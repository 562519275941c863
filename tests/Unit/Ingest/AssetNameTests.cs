using Serverless.Ingest;
using Xunit;

namespace Serverless.Unit.Ingest;

public sealed class AssetNameTests
{
    [Theory]
    [InlineData("a.txt")]
    [InlineData("news/2026/today's 100% special +plus#hash?.txt")]
    [InlineData("🎬/clip.mp4")]
    [InlineData("..hidden")]
    public void Accepts_NamesThatEveryStoreKeeps(string name) => Assert.Null(AssetName.Fault(name));

    [Fact]
    public void Accepts_NineHundredCharacters() => Assert.Null(AssetName.Fault(new string('n', 896) + ".txt"));

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("../keys.json", "'..'")]
    [InlineData("a/../../b", "'..'")]
    [InlineData("a/./b", "'.'")]
    [InlineData("/etc/passwd", "empty folder")]
    [InlineData("a//b", "empty folder")]
    [InlineData("a/", "empty folder")]
    [InlineData("a\\b", "backslash")]
    [InlineData("a\nb", "control")]
    [InlineData("a.", "dot")]
    public void Rejects_NamesThatMeanSomethingElse(string? name, string reason) =>
        Assert.Contains(reason, AssetName.Fault(name), StringComparison.Ordinal);

    [Fact]
    public void Rejects_MoreCharactersThanAStoreHolds() =>
        Assert.Contains("1025", AssetName.Fault(new string('n', 1025)), StringComparison.Ordinal);
}
