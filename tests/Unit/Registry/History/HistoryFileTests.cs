using Serverless.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry.History;

public sealed class HistoryFileTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_IntoAFullFile_LaysItAsideAndLosesNothing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        HistoryFile file = new(rig.Store, "prod", rig.Name, TimeProvider.System, maxBytes: 1_000);
        List<HistoryRecord> records = [];
        for (int i = 0; i < 12; i++)
        {
            records.Add(
                HistoryChain.Next(
                    records.LastOrDefault(),
                    "prod",
                    rig.Name,
                    new(HistoryEvent.Noted, null, null, null, "ada", $"note {i}", null),
                    DateTimeOffset.UnixEpoch
                )
            );
            await Task.WhenAll(file.AppendAsync(records[^1], Token), file.AppendAsync(records[^1], Token));
        }

        List<string> lines = await file.ReadLinesAsync(Token);

        Assert.Equal(records.Select(r => r.Line()), lines);
        Assert.True(HistoryChain.Verify("prod", rig.Name, lines, lines[^1]).Intact);
        int parts = 0;
        await foreach (var part in rig.Store.ListAsync(RegistryLayout.HistoryParts("prod", rig.Name), Token))
        {
            parts++;
        }
        Assert.InRange(parts, 2, 6);
    }

    /// <summary>Laid aside, and the host gone before the file was begun anew: its lines are there twice and are read once.</summary>
    [Fact]
    public async Task Read_OfAFileThatWasLaidAsideButNotBegunAnew_GivesEachLineOnce()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        HistoryFile file = new(rig.Store, "prod", rig.Name, TimeProvider.System);
        HistoryRecord first = HistoryChain.Next(
            null,
            "prod",
            rig.Name,
            new(HistoryEvent.Noted, null, null, null, "ada", null, null),
            DateTimeOffset.UnixEpoch
        );
        await file.AppendAsync(first, Token);
        using (Stream copy = BinaryData.FromString(first.Line() + "\n").ToStream())
        {
            await rig.Store.WriteAsync(
                RegistryLayout.HistoryParts("prod", rig.Name) + "0000000001.jsonl",
                copy,
                Serverless.Storage.WriteCondition.IfAbsent,
                "application/x-ndjson",
                Token
            );
        }

        Assert.Equal([first.Line()], await file.ReadLinesAsync(Token));
    }
}
