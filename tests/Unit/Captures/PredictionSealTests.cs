using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Captures;

public sealed class PredictionSealTests(SharedServers servers)
{
    private static readonly PredictionSeal Seal = new(new byte[32]);

    private static readonly PredictionId Bare = PredictionId.Create("a.b-c", 3, "prod", "canary", TestCaptures.Start);

    [Theory, InlineData("cat", true), InlineData("Cat", false), InlineData("dog", false), InlineData("", false)]
    public void Answered_ComparesLetterForLetter(string fedBack, bool correct)
    {
        Assert.True(PredictionId.TryParse(Seal.Seal(Bare, "cat").ToString(), out PredictionId? id));

        Assert.True(Seal.IsSealed(id));
        Assert.Equal(correct, Seal.Answered(id, fedBack));
        Assert.Equal(Bare, id with { Seal = null });
    }

    [Fact]
    public void Answered_WhereNoLabelWasAnswered_IsNotKnown()
    {
        PredictionId id = Seal.Seal(Bare, label: null);

        Assert.True(Seal.IsSealed(id));
        Assert.Null(Seal.Answered(id, "cat"));
    }

    [Fact]
    public void IsSealed_IsFalse_OfEveryIdThatThisKeyDidNotMake()
    {
        PredictionId id = Seal.Seal(Bare, "cat");

        Assert.False(Seal.IsSealed(Bare));
        Assert.False(Seal.IsSealed(id with { Arm = "stable" }));
        Assert.False(Seal.IsSealed(id with { Version = 4 }));
        Assert.False(Seal.IsSealed(id with { Unique = Guid.CreateVersion7(TestCaptures.Start) }));
        Assert.False(Seal.IsSealed(id with { Seal = "A" + id.Seal![1..] == id.Seal ? "B" + id.Seal[1..] : "A" + id.Seal[1..] }));
        Assert.False(new PredictionSeal(Enumerable.Repeat((byte)1, 32).ToArray()).IsSealed(id));
    }

    [Theory, InlineData(""), InlineData("x"), InlineData("0123456789012345678"), InlineData("012345678901234567890")]
    public void TryParse_OfASealOfAnotherLength_Fails(string seal) => Assert.False(PredictionId.TryParse($"{Bare}-{seal}", out _));

    [Fact]
    public async Task Find_InstancesThatStartAtOnce_AgreeOnOneKey()
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        PredictionSeals[] instances =
        [
            .. Enumerable.Range(0, 8).Select(_ => new PredictionSeals(store, TimeProvider.System, NullLogger<PredictionSeals>.Instance)),
        ];

        PredictionSeal?[] seals = await Task.WhenAll(instances.Select(instance => instance.FindAsync().AsTask()));

        Assert.All(seals, seal => Assert.True(seal!.IsSealed(seals[0]!.Seal(Bare, "cat"))));
    }
}
