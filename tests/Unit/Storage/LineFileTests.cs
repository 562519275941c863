using System.Text;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class LineFileTests(SharedServers servers)
{
    private readonly string _folder = $"lines/{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_IntoAFullFile_LaysItAsideAndLosesNothing()
    {
        LineFile file = Open(new AzureObjectStore((await servers.Azurite).Options), maxBytes: 100);
        string[] lines = [.. Enumerable.Range(1, 30).Select(LineOf)];

        foreach (string line in lines)
        {
            await Task.WhenAll(file.AppendAsync([line], Token), file.AppendAsync([line], Token));
        }

        Assert.Equal(lines, await file.ReadLinesAsync(Token));
        IReadOnlyList<LinePart> parts = await file.ListPartsAsync(Token);
        Assert.InRange(parts.Count, 2, 10);
        Assert.Equal(1, parts[0].First);
        Assert.StartsWith(LineOf((int)parts[1].First), (await file.ReadPartAsync(parts[1], Token))[0], StringComparison.Ordinal);
    }

    /// <summary>Who wrote a head may come to add its line after others did, filled the file and began a new one.</summary>
    [Fact]
    public async Task Append_OfALineThatWasLaidAside_AddsNothing()
    {
        LineFile file = Open(new AzureObjectStore((await servers.Azurite).Options), maxBytes: 20);
        foreach (int sequence in (int[])[1, 2, 3])
        {
            await file.AppendAsync([LineOf(sequence)], Token);
        }

        await file.AppendAsync([LineOf(2)], Token);
        await file.AppendAsync([LineOf(2), LineOf(3), LineOf(4)], Token);

        Assert.Single(await file.ListPartsAsync(Token));
        Assert.Equal([LineOf(1), LineOf(2), LineOf(3), LineOf(4)], await file.ReadLinesAsync(Token));
    }

    [Fact]
    public async Task Append_OnWhatStoodOnce_AddsToWhatStandsNow()
    {
        LineFile file = Open(new AzureObjectStore((await servers.Azurite).Options), LineFile.MaxBytes);
        DocumentGuess<byte[]> first = new(await file.AppendAsync([LineOf(1)], Token));

        await file.AppendAsync([LineOf(2)], Token, first);
        Stored<byte[]> stands = await file.AppendAsync([LineOf(3)], Token, first);

        Assert.Equal([LineOf(1), LineOf(2), LineOf(3)], await file.ReadLinesAsync(Token));
        Assert.Equal(LineOf(1) + "\n" + LineOf(2) + "\n" + LineOf(3) + "\n", Encoding.UTF8.GetString(stands.Value));
    }

    /// <summary>Laid aside, and the host gone before the file was begun anew: its lines are there twice and are read once.</summary>
    [Fact]
    public async Task Read_OfAFileThatWasLaidAsideButNotBegunAnew_GivesEachLineOnce()
    {
        IObjectStore store = new AzureObjectStore((await servers.Azurite).Options);
        LineFile file = Open(store, LineFile.MaxBytes);
        await file.AppendAsync([LineOf(1)], Token);
        using (Stream copy = BinaryData.FromString(LineOf(1) + "\n").ToStream())
        {
            await store.WriteAsync($"{_folder}/0000000001.jsonl", copy, WriteCondition.IfAbsent, "application/x-ndjson", Token);
        }

        Assert.Equal([LineOf(1)], await file.ReadLinesAsync(Token));
    }

    private LineFile Open(IObjectStore store, int maxBytes) => new(store, $"{_folder}.jsonl", _folder + "/", TimeProvider.System, maxBytes);

    private static string LineOf(int sequence) => $$"""{"sequence":{{sequence}}}""";
}
