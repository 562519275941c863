using System.Text;
using System.Text.Json;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Search;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Unit.Ingest;
using Serverless.Unit.Media.Images;
using Serverless.Unit.Servers;
using Xunit;
using static Serverless.Unit.Functions.Azure.Search.SearchCalls;

namespace Serverless.Unit.Functions.Azure.Search;

public sealed class SearchFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByText_OfAPassagesOwnWords_FindsItWithNameOffsetAndScore()
    {
        const string passage = "The harbour of Port Alder was closed.";
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await IngestAsync(rig, "news/a.txt", Encoding.UTF8.GetBytes(passage));

        JsonElement hit = Assert.Single(
            await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf($"?q={Uri.EscapeDataString(passage)}&kind=text&mode=meaning"), Token))
        );

        Assert.Equal((source.AssetId, "media/news/a.txt"), (hit.GetProperty("asset").GetString(), hit.GetProperty("key").GetString()));
        Assert.Equal((0, passage.Length), (hit.GetProperty("start").GetInt32(), hit.GetProperty("end").GetInt32()));
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.999, 1.001);
        Assert.Equal(passage, hit.GetProperty("snippet").GetString());
    }

    [Fact]
    public async Task ByImage_OfTheSamePicture_FindsIt()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] png = TestImages.Save("pngsave");
        AssetSource source = await IngestAsync(rig, "a.png", png);

        JsonElement hit = Assert.Single(await HitsAsync(FunctionOf(rig).ByImageAsync(RequestOf("", png), Token)));

        Assert.Equal(source.AssetId, hit.GetProperty("asset").GetString());
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.999, 1.001);
    }

    [Fact]
    public async Task ByText_OfAnotherKind_FindsNothing()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await IngestAsync(rig, "a.txt", "The harbour of Port Alder was closed."u8.ToArray());

        Assert.Empty(await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour&kind=video"), Token)));
    }

    [Fact]
    public async Task ByImage_OfAText_IsUnsupported()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            FunctionOf(rig).ByImageAsync(RequestOf("", "words"u8.ToArray()), Token)
        );

        Assert.Equal(415, problem.Status);
    }

    [Fact]
    public async Task ByText_InBothWays_SaysWhatFoundIt_WithTheWordsMarked()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource source = await IngestAsync(rig, "a.txt", "The harbours of Port Alder were <b>closed</b> all night."u8.ToArray());
        await IngestAsync(rig, "b.txt", "Bread and butter."u8.ToArray());

        JsonElement[] hits = await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour+%22port+alder%22"), Token));

        JsonElement hit = Assert.Single(hits);
        string snippet = hit.GetProperty("snippet").GetString()!;
        Assert.Equal(source.AssetId, hit.GetProperty("asset").GetString());
        Assert.Equal("both", hit.GetProperty("foundBy").GetString());
        Assert.Equal(("text", 2.0 / 61), (hit.GetProperty("modality").GetString(), hit.GetProperty("score").GetDouble()));
        Assert.Equal(
            ["harbours", "Port Alder"],
            hit.GetProperty("highlights")
                .EnumerateArray()
                .Select(mark => snippet.Substring(mark.GetProperty("start").GetInt32(), mark.GetProperty("length").GetInt32()))
        );
    }

    [Fact]
    public async Task ByText_WithAFilter_RanksOnlyWhatItAdmits_ByMeaningToo()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await IngestAsync(rig, "here/a.txt", "The harbour was closed."u8.ToArray());
        AssetSource there = await IngestAsync(rig, "there/b.txt", "Bread and butter for everybody."u8.ToArray());

        JsonElement[] hits = await HitsAsync(
            FunctionOf(rig).ByTextAsync(RequestOf("?q=The+harbour+was+closed&mode=meaning&prefix=media%2Fthere%2F&limit=1"), Token)
        );

        Assert.Equal(there.AssetId, Assert.Single(hits).GetProperty("asset").GetString());
    }

    [Fact]
    public async Task ByText_OfAVersionThatWasReplacedByOneWithoutAnAnalysis_FindsItNoMore_UntilThatHasOne()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await IngestAsync(rig, "a.txt", "The harbour was closed."u8.ToArray());
        AssetSource replaced = await IngestAsync(rig, "a.txt", [0, 1, 2, 0xFF]);

        foreach (string mode in new[] { "words", "meaning" })
        {
            Assert.Empty(await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf($"?q=harbour&mode={mode}"), Token)));
        }
        Assert.False(rig.Get<AssetIndex>().Holds(replaced.AssetId));

        AssetSource again = await IngestAsync(rig, "a.txt", "The harbour was opened."u8.ToArray());

        Assert.Equal(
            again.VersionId,
            Assert.Single(await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour"), Token))).GetProperty("version").GetString()
        );
    }

    [Fact]
    public async Task ByText_ThroughAFacetsValue_FindsAsManyAssetsAsItCounted()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        string filler = string.Concat(Enumerable.Repeat("Bread and butter for everybody at the fair. ", 40));
        await IngestAsync(rig, "a.txt", Encoding.UTF8.GetBytes($"The harbour was closed. {filler} Maria Keller came to Berlin on Monday."));
        await IngestAsync(rig, "b.txt", "The harbour was closed, said Maria Keller in Berlin."u8.ToArray());

        foreach (string mode in new[] { "words", "both" })
        {
            JsonElement answer = await AnswerAsync(
                FunctionOf(rig).ByTextAsync(RequestOf($"?q=harbour&mode={mode}&facets=entity,label,kind,told,meta"), Token)
            );
            foreach (JsonProperty facet in answer.GetProperty("facets").EnumerateObject())
            {
                foreach (JsonElement count in facet.Value.EnumerateArray())
                {
                    string value = Uri.EscapeDataString(count.GetProperty("value").GetString()!);
                    JsonElement[] hits = await HitsAsync(
                        FunctionOf(rig).ByTextAsync(RequestOf($"?q=harbour&mode={mode}&{facet.Name}={value}"), Token)
                    );
                    Assert.Equal((mode, value, count.GetProperty("count").GetInt32()), (mode, value, hits.Length));
                }
            }
        }
    }

    [Fact]
    public async Task ByText_WithFacets_CountsAssets()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        await IngestAsync(rig, "a.txt", "The harbour of the town was closed after a night of storms."u8.ToArray());
        await IngestAsync(rig, "b.txt", "Der Hafen der Stadt, the harbour, war nach der Nacht wegen der Stürme geschlossen."u8.ToArray());

        JsonElement answer = await AnswerAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour&mode=words&facets=language,kind"), Token));

        JsonElement facets = answer.GetProperty("facets");
        Assert.Equal(
            ["de 1", "en 1", "text 2"],
            new[] { "language", "kind" }
                .SelectMany(name => facets.GetProperty(name).EnumerateArray())
                .Select(count => $"{count.GetProperty("value")} {count.GetProperty("count")}")
        );
    }

    [Fact]
    public async Task ByText_OfTheSameContentAtTwoPaths_IsOneHitWithItsLocations()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        byte[] bytes = "The harbour was closed after a night of storms."u8.ToArray();
        AssetSource here = await IngestAsync(rig, "here/a.txt", bytes);
        AssetSource there = await IngestAsync(rig, "there/b.txt", bytes);
        await IngestAsync(rig, "other.txt", "The harbour was open."u8.ToArray());

        foreach (string mode in new[] { "both", "words", "meaning" })
        {
            JsonElement answer = await AnswerAsync(
                FunctionOf(rig).ByTextAsync(RequestOf($"?q=harbour+closed+storms&mode={mode}&facets=kind,language"), Token)
            );
            JsonElement[] hits = [.. answer.GetProperty("hits").EnumerateArray()];
            JsonElement hit = hits.Single(one => one.GetProperty("locations").GetArrayLength() > 1);
            string?[] locations = [.. hit.GetProperty("locations").EnumerateArray().Select(at => at.GetProperty("asset").GetString())];
            Assert.Equal(hit.GetProperty("asset").GetString(), locations[0]);
            Assert.Equal(new[] { here.AssetId, there.AssetId }.Order(StringComparer.Ordinal), locations.Order(StringComparer.Ordinal));
            Assert.Equal(mode == "words" ? 1 : 2, hits.Length);
            Assert.Equal(hits.Length, answer.GetProperty("facets").GetProperty("kind")[0].GetProperty("count").GetInt32());
        }
        JsonElement filtered = Assert.Single(
            await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour+closed+storms&prefix=media%2Fthere%2F"), Token))
        );
        Assert.Equal(there.AssetId, filtered.GetProperty("asset").GetString());
        Assert.Equal(
            ["media/there/b.txt", "media/here/a.txt"],
            filtered.GetProperty("locations").EnumerateArray().Select(at => at.GetProperty("key").GetString())
        );
        Assert.DoesNotContain(await HitsAsync(SimilarOf(rig).RunAsync(RequestOf(""), here.AssetId, Token)), hit =>
            hit.GetProperty("asset").GetString() == there.AssetId
        );
        Assert.Equal(2, (await rig.Get<AssetSearch>().LocationsOfAsync(there.AssetId, Token)).Count);

        await rig.Get<AssetErasure>().EraseAsync((await rig.Get<Ledger>().ReadAsync("s3", here.AssetId, Token))!, "ana", Token);

        JsonElement left = Assert.Single(
            await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=harbour+closed+storms&mode=words"), Token))
        );
        Assert.Equal(there.AssetId, left.GetProperty("asset").GetString());
        Assert.Equal(there.AssetId, Assert.Single(left.GetProperty("locations").EnumerateArray()).GetProperty("asset").GetString());
    }

    [Fact]
    public async Task Similar_FindsOthers_AndNotTheAssetItself()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        AssetSource first = await IngestAsync(rig, "a.txt", "The harbour was closed. The storm came at night."u8.ToArray());
        AssetSource second = await IngestAsync(rig, "b.txt", "The storm came at night. The harbour was closed."u8.ToArray());
        SimilarFunction similar = SimilarOf(rig);

        JsonElement hit = Assert.Single(await HitsAsync(similar.RunAsync(RequestOf(""), first.AssetId, Token)));

        Assert.Equal(second.AssetId, hit.GetProperty("asset").GetString());
        Assert.InRange(hit.GetProperty("score").GetDouble(), 0.5, 1.001);
        foreach (string query in new[] { "?place=char%3D9%2C99", "?place=nowhere" })
        {
            Assert.Equal(
                404,
                (await Assert.ThrowsAsync<RequestProblem>(() => similar.RunAsync(RequestOf(query), first.AssetId, Token))).Status
            );
        }
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestProblem>(() => similar.RunAsync(RequestOf(""), "nobody", Token))).Status);
    }

    [Fact]
    public async Task ByText_OfMoreValuesOrWordsThanAllowed_IsRefused()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);
        string many = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"&label=l{i}"));
        string words = string.Join('+', Enumerable.Range(0, 500));

        foreach (string query in new[] { "?q=a" + many, "?q=" + words, "?q=" + new string('a', 1 << 20) })
        {
            Assert.Equal(
                400,
                (await Assert.ThrowsAsync<RequestProblem>(() => FunctionOf(rig).ByTextAsync(RequestOf(query), Token))).Status
            );
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=%20")]
    [InlineData("?q=a&limit=0")]
    [InlineData("?q=a&limit=1000000000")]
    [InlineData("?q=a&limit=NaN")]
    [InlineData("?q=a&kind=sound")]
    [InlineData("?q=a&mode=magic")]
    [InlineData("?q=a&store=attic")]
    [InlineData("?q=a&language=english")]
    [InlineData("?q=a&entity=Maria")]
    [InlineData("?q=a&from=yesterday")]
    [InlineData("?q=a&from=2026-01-02&to=2026-01-01")]
    [InlineData("?q=a&facets=kind,colour")]
    [InlineData("?q=a&after=AAAA")]
    [InlineData("?q=a&after=%00")]
    [InlineData("?q=-a")]
    [InlineData("?q=%22%22")]
    [InlineData("?q=a&told=keyword")]
    [InlineData("?q=a&told=keyword:")]
    [InlineData("?q=a&told=colour:red")]
    public async Task ByText_OfABadRequest_IsRefused(string query)
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);

        Assert.Equal(400, (await Assert.ThrowsAsync<RequestProblem>(() => FunctionOf(rig).ByTextAsync(RequestOf(query), Token))).Status);
    }
}
