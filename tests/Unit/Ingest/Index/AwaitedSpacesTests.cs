using Microsoft.Extensions.Time.Testing;
using Moq;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class AwaitedSpacesTests
{
    private const ModelRole Role = ModelRole.TextEmbedding;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly EmbeddingVersion First = new("texts", 1, "texts-1", 384);
    private static readonly EmbeddingVersion Second = new("texts", 2, "texts-2", 384);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly Mock<IAssetIndex> _index = new();
    private readonly AwaitedSpaces _awaited;

    public AwaitedSpacesTests()
    {
        _awaited = new AwaitedSpaces(_index.Object, _time);
        _index.Setup(index => index.Counts).Returns([new SpaceCount(First.Space, 1_000, 5_000), new SpaceCount(Second.Space, 997, 4_990)]);
    }

    [Fact]
    public void ASpaceThatStillLacksAsMany_IsStuck_AfterTheLimit()
    {
        Pass(TimeSpan.Zero, lacking: 3);
        Pass(Limit - TimeSpan.FromSeconds(1), lacking: 3);
        Assert.Empty(_awaited.StuckFor(Limit));

        Pass(TimeSpan.FromSeconds(1), lacking: 3);

        Assert.Equal(new AwaitedSpace(Role, First, Second, 1_000, 3, DateTimeOffset.UnixEpoch), Assert.Single(_awaited.StuckFor(Limit)));
    }

    /// <summary>Uploads come all the time: as many more of those that lack are no progress.</summary>
    [Theory, InlineData(2, true), InlineData(3, false), InlineData(4, false)]
    public void ASpaceThatFills_IsNotStuck_ButOneThatLacksMoreIs(int lacking, bool fills)
    {
        Pass(TimeSpan.Zero, lacking: 3);
        Pass(Limit, lacking);

        Assert.Equal(fills ? [] : [lacking], _awaited.StuckFor(Limit).Select(space => space.Lacking));
    }

    [Fact]
    public void AnotherVersion_AndOneThatSearchesTurnedTo_BeginAnew()
    {
        Pass(TimeSpan.Zero, lacking: 3);
        _time.Advance(Limit);
        _awaited.Follow(Role, Second, First);
        Assert.Empty(_awaited.StuckFor(Limit));

        _awaited.Forget(Role);

        Assert.Empty(_awaited.StuckFor(TimeSpan.Zero));
    }

    /// <summary>Of ten million assets each count takes a second.</summary>
    [Fact]
    public void Assets_AreCountedOnceAMinute()
    {
        foreach (int _ in Enumerable.Range(0, 120))
        {
            Pass(TimeSpan.FromSeconds(1), lacking: 3);
        }

        _index.Verify(index => index.CoverageOf(Second.Space, First.Space, 0), Times.Exactly(2));
    }

    private void Pass(TimeSpan time, int lacking)
    {
        _time.Advance(time);
        _index.Setup(index => index.CoverageOf(Second.Space, First.Space, 0)).Returns(1 - lacking / 1_000.0);
        _awaited.Follow(Role, First, Second);
    }
}
