using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class DeploymentHistoryTests(SharedServers servers)
{
    /// <summary>No other test lists the aliases of it: one that was edited fails the list.</summary>
    private const string Edited = "edited";

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<RegistryRig> OpenAsync()
    {
        RegistryRig rig = await RegistryRig.OpenAsync(servers, options => options.Environments.Add(Edited), _time);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");
        await rig.Aliases.MoveAsync(Edited, rig.Name, new(1, AliasExpectation.Nothing, "ada", "first"), Token);
        _time.Advance(TimeSpan.FromHours(1));
        await rig.Aliases.MoveAsync(Edited, rig.Name, new(2, AliasExpectation.OfVersion(1), "bob", "better"), Token);
        _time.Advance(TimeSpan.FromHours(1));
        await rig.History.NoteAsync(Edited, rig.Name, "guard", "watched", JsonSerializer.SerializeToElement(new { rate = 0.01 }), Token);
        return rig;
    }

    private static async Task EditAsync(RegistryRig rig, string path, string from, string to)
    {
        string text = (await rig.Store.ReadAsync(path, 1 << 20, Token))!.Data.ToString();
        using MemoryStream changed = new(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        await rig.Store.WriteAsync(path, changed, WriteCondition.Always, "application/json", Token);
    }

    [Fact]
    public async Task At_TellsTheMoveThatHeld()
    {
        await using RegistryRig rig = await OpenAsync();
        DateTimeOffset start = _time.Start;

        Assert.Null(await rig.History.AtAsync(Edited, rig.Name, start.AddSeconds(-1), Token));
        Assert.Equal((1, "ada"), await ServedAsync(start));
        Assert.Equal((1, "ada"), await ServedAsync(start.AddMinutes(59)));
        Assert.Equal((2, "bob"), await ServedAsync(start.AddHours(1)));
        Assert.Equal((2, "bob"), await ServedAsync(start.AddDays(9)));

        async Task<(int?, string?)> ServedAsync(DateTimeOffset at) =>
            await rig.History.AtAsync(Edited, rig.Name, at, Token) is { } record ? (record.Version, record.By) : default;
    }

    [Theory]
    [InlineData("history", "ada", "eve", 1)]
    [InlineData("history", "0.01", "0.02", 3)]
    [InlineData("alias", "watched", "ignored", 3)]
    [InlineData("manifest", "\"registeredBy\":\"test\"", "\"registeredBy\":\"eve\"", 2)]
    public async Task Verify_OfEditedStorage_NamesTheRecord(string what, string from, string to, int sequence)
    {
        await using RegistryRig rig = await OpenAsync();
        string path = what switch
        {
            "history" => RegistryLayout.History(Edited, rig.Name),
            "alias" => RegistryLayout.Alias(Edited, rig.Name),
            _ => RegistryLayout.Manifest(new(rig.Name, 2)),
        };
        Assert.True((await rig.History.VerifyAsync(Edited, rig.Name, Token)).Intact);

        await EditAsync(rig, path, from, to);

        HistoryVerdict verdict = await rig.History.VerifyAsync(Edited, rig.Name, Token);
        Assert.False(verdict.Intact);
        Assert.Contains(verdict.Faults, f => f.Sequence == sequence);
    }

    [Fact]
    public async Task AnEditedAlias_IsNotFollowed()
    {
        await using RegistryRig rig = await OpenAsync();

        await EditAsync(rig, RegistryLayout.Alias(Edited, rig.Name), "\"version\":2", "\"version\":1");

        Assert.Equal(
            RegistryFault.Corrupt,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Aliases.FindAsync(Edited, rig.Name, Token))).Fault
        );
    }

    [Fact]
    public async Task Note_WithTooMuchEvidence_IsRefused()
    {
        await using RegistryRig rig = await OpenAsync();
        JsonElement evidence = JsonSerializer.SerializeToElement(new string('x', DeploymentHistory.MaxEvidenceChars));

        Assert.Equal(
            RegistryFault.Invalid,
            (
                await Assert.ThrowsAsync<RegistryException>(() => rig.History.NoteAsync(Edited, rig.Name, "ada", "much", evidence, Token))
            ).Fault
        );
    }
}
