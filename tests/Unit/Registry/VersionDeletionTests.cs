using Microsoft.Extensions.Time.Testing;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class VersionDeletionTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task DeleteAsync(RegistryRig rig, int version) =>
        rig.Get<VersionDeletion>().DeleteAsync(new(rig.Name, version), "ada", Token);

    private static async Task<string> RefusalAsync(RegistryRig rig, int version)
    {
        var error = await Assert.ThrowsAsync<RegistryException>(() => DeleteAsync(rig, version));
        Assert.Equal(RegistryFault.Protected, error.Fault);
        return error.Message;
    }

    [Fact]
    public async Task WhatServes_OrServedOfLate_IsKept()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");
        await rig.Aliases.MoveAsync("qa", rig.Name, new(1, AliasExpectation.Nothing, "ada", null), Token);
        Assert.Contains("it serves in qa", await RefusalAsync(rig, 1), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(30));
        await rig.Aliases.MoveAsync("qa", rig.Name, new(2, AliasExpectation.OfVersion(1), "ada", null), Token);
        _time.Advance(TimeSpan.FromDays(6));
        Assert.Contains("it served in qa until 2026-01-31", await RefusalAsync(rig, 1), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(2));
        await DeleteAsync(rig, 1);
        Assert.Null(await rig.Registry.FindAsync(rig.Name, 1, Token));
        Assert.Equal([2], (await rig.Registry.ListAsync(rig.Name, Token)).Items.Select(m => m.Version));
        Assert.True((await rig.History.VerifyAsync("qa", rig.Name, Token)).Intact);
        await foreach (StoredObject left in rig.Store.ListAsync(RegistryLayout.Package(new(rig.Name, 1)), Token))
        {
            Assert.Fail($"{left.Path} is left");
        }
    }

    [Fact]
    public async Task WhatARolloutUses_IsKept()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync("labels");
        RolloutStore rollouts = new(rig.Store, _time);
        VersionDeletion deletion = new(
            rig.Store,
            rig.Get<RegistryOptions>(),
            _time,
            rig.History,
            [RolloutGuard.Of(rollouts, ["dev", "prod"])]
        );
        RolloutRecord canary = RolloutRecord.Idle("prod", rig.Name, 9) with { Canary = new CanaryArm(1, 0.1) };
        await rollouts.UpdateAsync("prod", rig.Name, _ => canary, Token);

        var error = await Assert.ThrowsAsync<RegistryException>(() => deletion.DeleteAsync(new(rig.Name, 1), "ada", Token));
        Assert.Contains("it is the canary in prod", error.Message, StringComparison.Ordinal);

        await rollouts.UpdateAsync("prod", rig.Name, record => record!.Cleared(), Token);
        await deletion.DeleteAsync(new(rig.Name, 1), "ada", Token);
    }

    [Fact]
    public async Task ADeletedNumber_IsNotGivenAgain()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();
        await DeleteAsync(rig, 1);

        ModelManifest again = await rig.RegisterAsync();

        Assert.Equal(2, again.Version);
        Assert.Equal(RegistryFault.Missing, (await Assert.ThrowsAsync<RegistryException>(() => DeleteAsync(rig, 1))).Fault);
        Assert.Equal(
            RegistryFault.Missing,
            (
                await Assert.ThrowsAsync<RegistryException>(() =>
                    rig.Aliases.MoveAsync("dev", rig.Name, new(1, AliasExpectation.Nothing, "ada", null), Token)
                )
            ).Fault
        );
    }

    [Fact]
    public async Task DeletingWhileTheAliasMovesThere_NeverLeavesAnAliasToNothing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync();

        async Task<bool> TryAsync(Func<Task> action)
        {
            try
            {
                await action();
                return true;
            }
            catch (RegistryException)
            {
                return false;
            }
        }

        bool[] done = await Task.WhenAll(
            TryAsync(() => DeleteAsync(rig, 1)),
            TryAsync(() => rig.Aliases.MoveAsync("dev", rig.Name, new(1, AliasExpectation.Nothing, "ada", null), Token))
        );

        bool isThere = await rig.Registry.FindAsync(rig.Name, 1, Token) is not null;
        bool serves = await rig.Aliases.FindAsync("dev", rig.Name, Token) is not null;
        Assert.Equal((!done[0], done[1]), (isThere, serves));
        Assert.True(isThere || !serves);
        Assert.True((await rig.History.VerifyAsync("dev", rig.Name, Token)).Intact);
    }
}
