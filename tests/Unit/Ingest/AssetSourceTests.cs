using Serverless.Ingest;
using Xunit;

namespace Serverless.Unit.Ingest;

public sealed class AssetSourceTests
{
    private static readonly AssetSource Source = new("azure", "media", "news/ä b.txt", "0x8DC1");

    /// <summary>
    /// Computed with Python: base64.b32encode(hashlib.sha256(…).digest()).lower(). These ids are in paths; they never change.
    /// </summary>
    [Fact]
    public void Ids_OfASource_MatchPythonsBase32OfSha256()
    {
        Assert.Equal("j4uxcuuaihwpcrh4bv6xllgk2m", Source.AssetId);
        Assert.Equal("kvsvqj64xqgjv", Source.VersionId);
    }

    [Fact]
    public void AssetId_OfAnotherVersion_IsTheSame()
    {
        AssetSource newer = Source with { Version = "0x8DC2" };

        Assert.Equal(Source.AssetId, newer.AssetId);
        Assert.NotEqual(Source.VersionId, newer.VersionId);
    }

    [Theory]
    [InlineData("s3", "media", "news/ä b.txt")]
    [InlineData("azure", "other", "news/ä b.txt")]
    [InlineData("azure", "media", "news/a b.txt")]
    public void AssetId_OfAnotherPlace_Differs(string store, string container, string key) =>
        Assert.NotEqual(Source.AssetId, new AssetSource(store, container, key, Source.Version).AssetId);

    [Fact]
    public void InstanceId_OfALaterRun_NamesTheRun()
    {
        Assert.Equal($"{Source.AssetId}-{Source.VersionId}", Source.InstanceId());
        Assert.Equal($"{Source.AssetId}-{Source.VersionId}-r3", Source.InstanceId(3));
    }

    [Theory]
    [InlineData("j4uxcuuaihwpcrh4bv6xllgk2m", true)]
    [InlineData("j4uxcuuaihwpcrh4bv6xllgk2ma", false)]
    [InlineData("../../../../../etc/passwd1", false)]
    [InlineData("", false)]
    public void IsAssetId_TellsIdsFromPaths(string text, bool expected) => Assert.Equal(expected, AssetSource.IsAssetId(text));

    [Fact]
    public void Json_OfASource_HoldsNoDerivedId()
    {
        string json = AssetsJson.Write(Source).ToString();

        Assert.Equal("""{"store":"azure","container":"media","key":"news/ä b.txt","version":"0x8DC1"}""", json);
        Assert.Equal(Source, AssetsJson.Read<AssetSource>(new BinaryData(json)));
    }
}
