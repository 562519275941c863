using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class ModelAliasesTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AliasMove Move(int? to, AliasExpectation expected) => new(to, expected, "ada", "because");

    [Fact]
    public async Task Move_IsSeenAndRecorded()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest first = await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");

        await rig.Aliases.MoveAsync("prod", rig.Name, Move(1, AliasExpectation.Nothing), Token);
        ModelAlias? alias = await rig.Aliases.MoveAsync("prod", rig.Name, Move(2, AliasExpectation.OfVersion(1)), Token);

        Assert.Equal(alias, await rig.Aliases.FindAsync("prod", rig.Name, Token));
        Assert.Equal((2, "ada", "because"), (alias!.Version, alias.By, alias.Why));
        Assert.Null(await rig.Aliases.FindAsync("qa", rig.Name, Token));
        IReadOnlyList<HistoryRecord> history = await rig.History.ListAsync("prod", rig.Name, Token);
        Assert.Equal([(null, 1), (1, 2)], history.Select(r => (r.From, r.Version!.Value)));
        Assert.Equal(first.Digest, history[0].Digest);
        Assert.True((await rig.History.VerifyAsync("prod", rig.Name, Token)).Intact);
    }

    /// <summary>While a store is flooded each turn takes its time: what need not wait for another is asked at once.</summary>
    [Fact]
    public async Task Move_AsksTheStoreInThreeTurns()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");
        await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token);
        rig.Counted.Reset();

        await rig.Aliases.MoveAsync("dev", rig.Name, Move(2, AliasExpectation.Something), Token);

        // The alias, its history, the version's entry and its manifest; the alias; the history, the mark and the entry once more.
        Assert.Equal((5, 3, 3), (rig.Counted.Reads, rig.Counted.Writes, rig.Counted.Turns));
    }

    [Fact]
    public async Task Move_ByWhatTheMoverSaysOfTheAlias_IsAskedAgainAfterALostRace()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();
        List<int?> seen = [];
        rig.Counted.BeforeWrite = () => rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token);

        await rig.Aliases.MoveAsync(
            "dev",
            rig.Name,
            Move(1, AliasExpectation.Nothing),
            found =>
            {
                seen.Add(found?.Version);
                return AliasExpectation.OfVersion(found?.Version);
            },
            Token
        );

        Assert.Equal([null, null, 1], seen);
        Assert.Equal(2, (await rig.History.ListAsync("dev", rig.Name, Token)).Count);
    }

    [Fact]
    public async Task Move_FromWhatIsNotThere_IsAConflict()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();
        ModelAlias alias = (await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token))!;
        await rig.History.NoteAsync("dev", rig.Name, "ada", "a note", null, Token);

        foreach (
            AliasExpectation wrong in new[] { AliasExpectation.Nothing, AliasExpectation.OfVersion(2), AliasExpectation.OfTag(alias.Tag) }
        )
        {
            Assert.Equal(
                RegistryFault.Conflict,
                (await Assert.ThrowsAsync<RegistryException>(() => rig.Aliases.MoveAsync("dev", rig.Name, Move(1, wrong), Token))).Fault
            );
        }
    }

    [Fact]
    public async Task Move_AtOnce_OneWinsAndNothingIsLost()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();

        bool[] won = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    try
                    {
                        await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token);
                        return true;
                    }
                    catch (RegistryException e) when (e.Fault == RegistryFault.Conflict)
                    {
                        return false;
                    }
                })
        );
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => rig.History.NoteAsync("dev", rig.Name, "ada", $"note {i}", null, Token)));

        Assert.Single(won, w => w);
        Assert.Equal(9, (await rig.History.ListAsync("dev", rig.Name, Token)).Count);
        Assert.True((await rig.History.VerifyAsync("dev", rig.Name, Token)).Intact);
    }

    [Fact]
    public async Task Move_ToNothing_TakesTheAliasAway()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();
        await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token);

        Assert.Null(await rig.Aliases.MoveAsync("dev", rig.Name, Move(null, AliasExpectation.OfVersion(1)), Token));

        Assert.Null(await rig.Aliases.FindAsync("dev", rig.Name, Token));
        Assert.Equal(HistoryEvent.Withdrawn, (await rig.History.ListAsync("dev", rig.Name, Token))[^1].Event);
        Assert.NotNull(await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token));
    }

    [Fact]
    public async Task Move_ToAVersionThatIsNotThere_IsMissing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        Assert.Equal(
            RegistryFault.Missing,
            (
                await Assert.ThrowsAsync<RegistryException>(() =>
                    rig.Aliases.MoveAsync("dev", rig.Name, Move(7, AliasExpectation.Nothing), Token)
                )
            ).Fault
        );
    }

    /// <summary>The line of a move whose host died before it wrote the history is read at once, and written by the next move.</summary>
    [Fact]
    public async Task Move_AfterACrashBetweenAliasAndHistory_LosesNothing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();
        await rig.Aliases.MoveAsync("dev", rig.Name, Move(1, AliasExpectation.Nothing), Token);
        string path = RegistryLayout.History("dev", rig.Name);
        BinaryData before = (await rig.Store.ReadAsync(path, 1 << 20, Token))!.Data;
        await rig.History.NoteAsync("dev", rig.Name, "ada", "lost with its host", null, Token);
        using (Stream old = before.ToStream())
        {
            await rig.Store.WriteAsync(path, old, WriteCondition.Always, "application/x-ndjson", Token);
        }

        Assert.Equal(2, (await rig.History.ListAsync("dev", rig.Name, Token)).Count);
        Assert.True((await rig.History.VerifyAsync("dev", rig.Name, Token)).Intact);
        await rig.History.NoteAsync("dev", rig.Name, "ada", "the next", null, Token);

        Assert.Equal(
            ["because", "lost with its host", "the next"],
            (await rig.History.ListAsync("dev", rig.Name, Token)).Select(r => r.Why)
        );
        Assert.True((await rig.History.VerifyAsync("dev", rig.Name, Token)).Intact);
    }
}
