using System.Text.Json.Nodes;
using Serverless.AzureSearch;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.AzureSearch;

/// <summary>The service beside the engine that is built in, over the same analyses.</summary>
public sealed class ServiceSearchTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SearchMode.Both)]
    [InlineData(SearchMode.Words)]
    [InlineData(SearchMode.Meaning)]
    public async Task Search_FindsWhatTheBuiltInEngineFinds(SearchMode mode)
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("here/a.txt", "The harbours of Port Alder were closed after a storm.");
        await rig.AddAsync("there/b.txt", "The harbours of Port Alder were closed after a storm.");
        await rig.AddAsync("c.txt", "Bread and butter for everybody.");
        AssetQuery query = await rig.QueryAsync("harbour storm", mode) with { Facets = ["kind", "language"] };

        FoundPage found = await rig.Search.SearchAsync(query, Token);

        FoundPage expected = await rig.Get<AssetSearch>().SearchAsync(query, Token);
        Assert.Equal(expected.Assets.Select(asset => asset.Asset), found.Assets.Select(asset => asset.Asset));
        Assert.Equal(expected.Assets.Select(asset => asset.Locations), found.Assets.Select(asset => asset.Locations));
        Assert.Contains(found.Assets, asset => asset.Locations.Count == 2);
        Assert.Equal(expected.Facets["kind"], found.Facets["kind"]);
        Assert.Equal(expected.Facets["language"], found.Facets["language"]);
        (FoundPlace wanted, FoundPlace place) = (expected.Assets[0].Places[0], found.Assets[0].Places[0]);
        Assert.Equal(
            (wanted.Kind, wanted.Place, wanted.Modality, wanted.FoundBy),
            (place.Kind, place.Place, place.Modality, place.FoundBy)
        );
        Assert.Equal(wanted.Snippet.Text, place.Snippet.Text);
        Assert.Equal(wanted.Snippet.Highlights, place.Snippet.Highlights);
        if (mode == SearchMode.Meaning)
        {
            Assert.Equal(expected.Assets[0].Score, found.Assets[0].Score, 1e-3);
        }
    }

    [Theory]
    [InlineData("harbour \"port alder\"", "a")]
    [InlineData("harbour -storm", "b")]
    [InlineData("harb*", "a b")]
    [InlineData("harbour) OR (is:head && -\"", "a b")]
    public async Task Search_FollowsPhrasesAndExclusions_AndNoOtherSyntax(string text, string found)
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("a", "The harbour of Port Alder was closed by a storm.");
        await rig.AddAsync("b", "The harbour of the town was open.");

        FoundPage page = await rig.Search.SearchAsync(await rig.QueryAsync(text, SearchMode.Words), Token);

        Assert.Equal(found.Split(' '), page.Assets.Select(asset => rig.NameOf(asset.Asset)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Search_ExcludesWholeAssets_NotOnlyThePlacesWithTheWord()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("fog.txt", "The harbour of Port Alder."); // its name is a place of its own
        await rig.AddAsync("sun.txt", "The harbour of the town.");
        AssetQuery query = await rig.QueryAsync("harbour -fog", SearchMode.Words);

        FoundPage page = await rig.Search.SearchAsync(query, Token);
        FoundPage builtIn = await rig.Get<AssetSearch>().SearchAsync(query, Token);

        Assert.Equal("sun.txt", rig.NameOf(Assert.Single(page.Assets).Asset));
        Assert.Equal("sun.txt", rig.NameOf(Assert.Single(builtIn.Assets).Asset));
    }

    /// <summary>However many better places an asset with an excluded word has: the service gives no more than its 1,000 best.</summary>
    [Fact]
    public async Task Search_ExcludesAssets_BeforeTheBestAreTaken()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("fog.txt", "The harbour, the harbour, the harbour.");
        await rig.AddAsync("sun.txt", "The harbour of the town.");
        JsonObject better = rig.Documents.Values.Single(document => ((string?)document["text"])?.StartsWith("The harbour,") == true);
        for (int i = 0; i < AssetSearch.Depth; i++)
        {
            JsonObject another = better.DeepClone().AsObject();
            string id = $"{(string)better["id"]!}-{i}";
            another["id"] = id;
            rig.Server.Indexes["assets"].Put(id, another);
        }

        FoundPage page = await rig.Search.SearchAsync(await rig.QueryAsync("harbour -fog", SearchMode.Words), Token);

        Assert.Equal("sun.txt", rig.NameOf(Assert.Single(page.Assets).Asset));
    }

    [Fact]
    public async Task Search_OfSignsAlone_FindsNothing_AndOfHundredsOfWords_IsAnswered()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("a", "The harbour of Port Alder was closed by a storm.");
        string many = string.Join(' ', Enumerable.Range(1, WordQuery.MaxParts - 1).Select(i => $"w{i}").Append("harbour"));

        foreach ((string text, int found) in new[] { ("!!! (*) && ||", 0), ("!!! -fog", 0), (many, 1) })
        {
            FoundPage page = await rig.Search.SearchAsync(await rig.QueryAsync(text, SearchMode.Words), Token);

            Assert.Equal(found, page.Assets.Count);
        }
    }

    [Fact]
    public async Task Search_ThroughFilters_RanksOnlyWhatTheyAdmit_WhateverTheyHold()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("here/a.txt", "The harbour was closed.");
        await rig.AddAsync("there/b.txt", "The harbour was closed again.");
        AssetQuery query = await rig.QueryAsync("harbour closed", SearchMode.Both);

        foreach (
            (WordFilter filter, string found) in new[]
            {
                (new WordFilter { Prefixes = ["media/there/"] }, "there/b.txt"),
                (new WordFilter { Prefixes = ["media/here/", "nowhere"], Kinds = ["text", "image"] }, "here/a.txt"),
                (new WordFilter { Languages = ["de"] }, ""),
                (new WordFilter { Labels = ["x' or true or '"] }, ""),
                (new WordFilter { Entities = ["PER:O'Brien, 'a|b'"] }, ""),
                (new WordFilter { Prefixes = ["' or id ge '"] }, ""),
                (new WordFilter { Given = ["desk:x' or true or '"] }, ""),
                (new WordFilter { Told = ["keyword:harbour", "title:elsewhere"] }, ""),
                (new WordFilter { To = DateTimeOffset.UnixEpoch }, ""),
                (new WordFilter { From = DateTimeOffset.UnixEpoch, Stores = ["S3"] }, "here/a.txt there/b.txt"),
            }
        )
        {
            FoundPage page = await rig.Search.SearchAsync(query with { Filter = filter }, Token);

            Assert.Equal(found, string.Join(' ', page.Assets.Select(asset => rig.NameOf(asset.Asset)).Order(StringComparer.Ordinal)));
        }
    }

    [Fact]
    public async Task Search_PageByPage_GivesEachOnce_AndWithoutTheQuestion()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        List<AssetSource> added = [];
        for (int i = 0; i < 5; i++)
        {
            added.Add(await rig.AddAsync($"{i}.txt", $"The harbour was closed {i} times."));
        }
        AssetQuery query = await rig.QueryAsync("harbour", SearchMode.Both) with { Limit = 2, Without = added[0].AssetId };
        List<string> found = [];
        FoundPage page;
        do
        {
            page = await rig.Search.SearchAsync(query, Token);
            found.AddRange(page.Assets.Select(asset => asset.Asset));
            query = query with { After = page.Next };
            await rig.AddAsync($"later-{found.Count}.txt", $"The harbour, the harbour {found.Count}.");
        } while (page.Next is not null);

        Assert.Equal(added.Skip(1).Select(source => source.AssetId).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Add_OfAnotherVersion_TakesThePlaceOfTheOneBefore_AndRemovalLeavesNothing()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource first = await rig.AddAsync("a.txt", "The harbour was closed.");
        AssetSource second = await rig.AddAsync("a.txt", "The museum was open.");

        await rig.Index.AddAsync(first, Token); // late

        Assert.Empty((await rig.Search.SearchAsync(await rig.QueryAsync("harbour", SearchMode.Words), Token)).Assets);
        Assert.Single((await rig.Search.SearchAsync(await rig.QueryAsync("museum", SearchMode.Words), Token)).Assets);
        Assert.True(rig.Index.Knows(second.AssetId, second.VersionId));
        Assert.Equal([second.AssetId], await rig.Search.LocationsOfAsync(second.AssetId, Token));

        await rig.Index.EraseAsync(second.AssetId, Token);
        await rig.Index.AddAsync(second, Token); // late again

        Assert.False(rig.Index.Holds(second.AssetId));
        Assert.All(rig.Documents.Values, document => Assert.Equal("head", (string)document["is"]!));
    }

    [Fact]
    public async Task Add_OfTwoVersionsAtOnce_LeavesTheLaterOne()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource first = await rig.AnalyseAsync("a.txt", "The harbour was closed.");
        AssetSource second = await rig.AnalyseAsync("a.txt", "The museum was open.");
        rig.Server.BeforeNextWrite = () => rig.Index.AddAsync(second, Token);

        await rig.Index.AddAsync(first, Token);

        Assert.True(rig.Index.Knows(second.AssetId, second.VersionId));
        Assert.All(rig.Documents.Values, document => Assert.Equal(second.VersionId, (string)document["version"]!));
    }

    [Fact]
    public async Task Remove_OfWhatNobodyAdded_OrBeforeThereIsAnIndex_TouchesNothing()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource source = await rig.AnalyseAsync("a.txt", "The harbour was closed.");
        rig.Server.Indexes.Clear();

        await rig.Index.EraseAsync(source.AssetId, Token);
        FoundPage found = await rig.Search.SearchAsync(await rig.QueryAsync("harbour", SearchMode.Words), Token);

        Assert.Empty(found.Assets);
        Assert.Empty(rig.Server.Indexes);
    }

    [Fact]
    public async Task Add_WhenPartOfABatchFails_TriesThatPartAgain()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource source = await rig.AnalyseAsync("a.txt", "The harbour was closed.");
        List<string> tried = [];
        rig.Server.StatusOfWrite = document =>
        {
            tried.Add((string)document["id"]!);
            int times = tried.Count(id => id == tried[^1]);
            return (string?)document["text"] != "The harbour was closed." || times > 2 ? 200
                : times == 1 ? 503
                : 409;
        };

        await rig.Index.AddAsync(source, Token);

        Assert.Single((await rig.Search.SearchAsync(await rig.QueryAsync("harbour", SearchMode.Both), Token)).Assets);
        Assert.InRange(rig.Documents.Count, 3, int.MaxValue); // of its batch, and the head
        Assert.Equal(rig.Documents.Count + 2, tried.Count);
    }

    [Fact]
    public async Task Add_WhenADocumentIsRefused_NamesIt_AndDoesNotKnowTheAsset()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource source = await rig.AnalyseAsync("a.txt", "The harbour was closed.");
        rig.Server.StatusOfWrite = document => (string?)document["is"] == "head" ? 400 : 200;

        SearchServiceException fault = await Assert.ThrowsAsync<SearchServiceException>(() => rig.Index.AddAsync(source, Token));

        Assert.Equal(400, fault.Status);
        Assert.Contains(source.AssetId, fault.Message, StringComparison.Ordinal);
        Assert.False(rig.Index.Knows(source.AssetId, source.VersionId));
    }

    [Fact]
    public async Task Search_OfAServiceThatIsBusy_IsTriedAgain_AndThenAnswered503()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        await rig.AddAsync("a.txt", "The harbour was closed.");
        AssetQuery query = await rig.QueryAsync("harbour", SearchMode.Words);
        rig.Server.NextAnswers.Enqueue(503);
        rig.Server.NextAnswers.Enqueue(429);

        Assert.Single((await rig.Search.SearchAsync(query, Token)).Assets);

        foreach (int status in Enumerable.Repeat(503, 4))
        {
            rig.Server.NextAnswers.Enqueue(status);
        }
        SearchServiceException fault = await Assert.ThrowsAsync<SearchServiceException>(() => rig.Search.SearchAsync(query, Token));
        Assert.Equal(503, FaultTable.StatusOf(fault));
    }

    [Fact]
    public async Task Health_NamesAServiceThatRefuses_AndOneWithoutAnIndexIsSound()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        HealthOptions options = new() { AnswerWithin = TimeSpan.FromSeconds(60) };

        Assert.Null(await ProbeOf(rig.Server.Connect(index: "not-yet")).FaultAsync(Token));
        HealthFinding? refused = await ProbeOf(rig.Server.Connect(key: "another")).FaultAsync(Token);

        Assert.Equal("search", refused?.Thing);
        Assert.Contains("The api-key is not that of the service.", refused!.Found, StringComparison.Ordinal);

        HealthProbe<bool> ProbeOf(ServiceClient client) =>
            new(
                "search",
                async token =>
                {
                    await new ServiceSearch(client, rig.Index, TimeProvider.System).CheckAsync(token);
                    return true;
                },
                options,
                TimeProvider.System
            );
    }

    [Fact]
    public async Task Hold_WithAnotherKey_OrAnIndexOfAnotherSchema_NamesIt()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        VectorSpace space = new("model-1-abc", 8);
        rig.Server.Indexes["theirs"] = new SearchServerIndex(
            JsonNode
                .Parse(
                    """{"name":"theirs","fields":[{"name":"id","type":"Edm.String","key":true},{"name":"hotel","type":"Edm.String"}]}"""
                )!
                .AsObject()
        );

        SearchServiceException refused = await Assert.ThrowsAsync<SearchServiceException>(() =>
            rig.IndexOf(rig.Server.Connect(key: "another")).HoldAsync(ModelRole.TextEmbedding, space, Token)
        );
        SearchServiceException other = await Assert.ThrowsAsync<SearchServiceException>(() =>
            rig.IndexOf(rig.Server.Connect("theirs")).HoldAsync(ModelRole.TextEmbedding, space, Token)
        );

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Contains("field 'content' is missing", other.Message, StringComparison.Ordinal);
        Assert.Equal(502, FaultTable.StatusOf(other));
    }

    [Fact]
    public async Task Search_ByWhatAFileSays_AsksAnIndexFromBeforeForFieldsThatItIsGiven()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        JsonObject before = rig.Server.Indexes["assets"].ToJson();
        JsonArray fields = before["fields"]!.AsArray();
        fields.RemoveAll(field => (string)field!["name"]! is "facts" or "factKeys" or "given" or "givenKeys");
        rig.Server.Indexes["assets"] = new SearchServerIndex(before);

        await rig.Index.HoldAsync(ModelRole.TextEmbedding, new VectorSpace("next-1-abc", 8), Token);

        AssetSource page = await rig.AddAsync(
            "a.html",
            "<html><head><title>Port News</title></head><body><p>The harbour was closed.</p></body></html>"
        );
        await rig.AddAsync("b.txt", "The harbour was closed again.");
        AssetQuery query = await rig.QueryAsync("harbour", SearchMode.Both);
        WordFilter filter = new() { Told = ["title:port news", "title:nothing"] };
        FoundPage found = await rig.Search.SearchAsync(query with { Filter = filter, Facets = ["told", "meta"] }, Token);
        Assert.Equal(page.AssetId, Assert.Single(found.Assets).Asset);
        Assert.Equal([new FacetCount("title:Port News", 1)], found.Facets["told"]);
        Assert.Empty(found.Facets["meta"]);
    }

    [Fact]
    public async Task Hold_OfAnotherSpace_AddsAField_AndItsCoverageGrows()
    {
        await using ServiceRig rig = await ServiceRig.OpenAsync(servers, Token);
        AssetSource source = await rig.AddAsync("a.txt", "The harbour was closed.");
        string before = Assert.Single(rig.Index.Spaces, space => rig.Index.Holds(space, source.AssetId));
        VectorSpace next = new("next-1-abc", 8);

        await rig.Index.HoldAsync(ModelRole.TextEmbedding, next, Token);

        Assert.Equal(0, rig.Index.CoverageOf(next.Name, before, 0));
        Assert.Contains(rig.Server.Indexes["assets"].Fields.Values, field => (int?)field["dimensions"] == 8);

        ServiceIndex restarted = rig.IndexOf(rig.Server.Connect());
        await restarted.HoldAsync(ModelRole.TextEmbedding, next, Token);
        Assert.True(restarted.Knows(source.AssetId, source.VersionId));
    }
}
