using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Words;
using Xunit;
using static Serverless.Unit.Functions.Azure.Search.SearchCalls;

namespace Serverless.Unit.Functions.Azure.Search;

public sealed class SearchPagingTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByText_PageByPage_GivesEachOnce_WhateverIsUploadedMeanwhile()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        HashSet<string> uploaded = [];
        for (int i = 0; i < 5; i++)
        {
            uploaded.Add((await IngestAsync(rig, $"{i}.txt", Encoding.UTF8.GetBytes($"The harbour was closed {i} times."))).AssetId);
        }
        List<string> found = [];
        string? next = null;
        do
        {
            JsonElement page = await AnswerAsync(
                FunctionOf(rig).ByTextAsync(RequestOf($"?q=harbour+closed&limit=2{(next is null ? "" : $"&after={next}")}"), Token)
            );
            found.AddRange(page.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("asset").GetString()!));
            next = page.TryGetProperty("next", out JsonElement token) ? token.GetString() : null;
            await IngestAsync(rig, $"later-{found.Count}.txt", "The harbour was closed, closed, closed."u8.ToArray());
        } while (next is not null);

        Assert.Equal(uploaded.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>Uploads move the scores of words, deletions the ranks of both.</summary>
    [Theory]
    [InlineData("words", true)]
    [InlineData("both", false)]
    [InlineData("meaning", false)]
    public async Task ByText_PageByPage_RepeatsAndSkipsNothing_WhileScoresAndRanksMove(string mode, bool uploads)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        string[] texts = ["storm storm harbour", "storm harbour harbour quay", "harbour storm quay night", "harbour night", "storm quay"];
        Dictionary<string, AssetSource> uploaded = [];
        for (int i = 0; i < 10; i++)
        {
            AssetSource source = await IngestAsync(
                rig,
                $"{i}.txt",
                Encoding.UTF8.GetBytes($"{texts[i % texts.Length]} {new string('a', i + 1)}")
            );
            uploaded[source.AssetId] = source;
        }
        List<string> found = [];
        HashSet<string> deleted = [];
        string? next = null;
        do
        {
            string after = next is null ? "" : $"&after={next}";
            JsonElement page = await AnswerAsync(
                FunctionOf(rig).ByTextAsync(RequestOf($"?q=storm+harbour&mode={mode}&limit=2{after}"), Token)
            );
            string[] assets = [.. page.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("asset").GetString()!)];
            found.AddRange(assets);
            next = page.TryGetProperty("next", out JsonElement token) ? token.GetString() : null;
            for (int i = 0; i < 3 && uploads; i++)
            {
                await IngestAsync(rig, $"later-{found.Count}-{i}.txt", Encoding.UTF8.GetBytes($"storm storm {found.Count} {i}"));
            }
            if (!uploads)
            {
                deleted.Add(assets[0]);
                await rig.Get<AssetIndex>().RemoveAsync(assets[0], uploaded[assets[0]].VersionId, Token);
                rig.Get<WordIndex>().Refresh();
            }
        } while (next is not null);

        Assert.Equal(uploaded.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.Equal(uploads ? 0 : 5, deleted.Count);
    }
}
