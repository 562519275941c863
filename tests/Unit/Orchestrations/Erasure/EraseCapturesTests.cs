using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Captures;
using Serverless.Drift.Summaries;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Erasure;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Erasure;

public sealed class EraseCapturesTests(SharedServers servers)
{
    private static readonly DateTimeOffset Erased = new(2030, 1, 2, 3, 30, 0, TimeSpan.Zero);
    private static readonly CaptureOptions Options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_TakesTheLinesOfErasedAssets_AndNoOthers_AndNotesThatItWasDone()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ErasureRecords records = new(new AssetStores([store]));
        await records.KeepAsync(new ErasureRecord("gone", store.Name, Erased, "ana"), Token);
        await records.KeepAsync(new ErasureRecord("later", store.Name, Erased.AddDays(1), "ana"), Token);
        CaptureRecord other = LineOf("other", Erased);
        CaptureRecord anew = LineOf("gone", Erased.AddHours(0.4)); // an upload of the same name
        string mixed = await WriteAsync(store, "mixed", 1, LineOf("gone", Erased), other, LineOf(null, Erased), anew);
        string alone = await WriteAsync(store, "alone", 2, LineOf("gone", Erased.AddHours(-48)));
        string untouched = await WriteAsync(store, "untouched", 3, other, LineOf("later", Erased));
        StoredObject before = (await store.FindAsync(untouched, Token))!;

        SearchedCaptures found = await SearchAsync(store, records);

        Assert.Equal((2, null), (found.Removed, found.Next));
        Assert.Equal(["other", null, "gone"], await AssetsAsync(store, mixed));
        Assert.Null(await store.FindAsync(alone, Token));
        Assert.Equal(before.Version, (await store.FindAsync(untouched, Token))!.Version);
        Assert.Equal(Erased.AddHours(1), (await records.FindAsync(store.Name, "gone", Token))!.CapturesSearched);
        Assert.Null((await records.FindAsync(store.Name, "later", Token))!.CapturesSearched);
        Assert.Equal(["gone", "later"], (await records.ListAsync(Token)).Order());
        PendingErasure left = Assert.Single(await records.ListPendingAsync(DateTimeOffset.MaxValue, 10, Token));
        Assert.Equal("later", left.Asset);
    }

    [Fact]
    public async Task Search_HasTheHourSummedUpAnew()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ErasureRecords records = new(new AssetStores([store]));
        HourSummaries summaries = SummariesOf(store);
        await records.KeepAsync(new ErasureRecord("gone", store.Name, Erased, "ana"), Token);
        await WriteAsync(store, "entities", 1, LineOf("gone", Erased), LineOf("other", Erased));
        DateTimeOffset hour = CapturePath.HourOf(Erased);
        HourSummary before = (await summaries.UpdateAsync("entities", 1, hour, Token))!;

        await SearchAsync(store, records);
        HourSummary after = (await summaries.UpdateAsync("entities", 1, hour, Token))!;

        Assert.Equal(2, before.Environments["prod"].Rows.Count);
        Assert.Single(after.Environments["prod"].Rows);
    }

    [Fact]
    public async Task Assets_AreSearchedForOnce_WhateverWasWrittenLateIsThere()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ErasureRecords records = new(new AssetStores([store]));
        await records.KeepAsync(new ErasureRecord("gone", store.Name, Erased, "ana"), Token);
        ListPendingErasures list = new(records, Options);

        IReadOnlyList<PendingErasure> early = await list.RunAsync(Erased.AddMinutes(29).UtcDateTime, Token);
        IReadOnlyList<PendingErasure> due = await list.RunAsync(Erased.AddMinutes(30).UtcDateTime, Token);
        await records.KeepAsync(new ErasureRecord("gone", store.Name, Erased.AddHours(2), "ana"), Token); // uploaded and erased anew
        await records.CompleteAsync(due[0], Erased.AddHours(1), Token);

        Assert.Empty(early);
        Assert.Equal(new PendingErasure(store.Name, "gone", Erased), Assert.Single(due));
        Assert.Null((await records.FindAsync(store.Name, "gone", Token))!.CapturesSearched);
        Assert.Single(await records.ListPendingAsync(DateTimeOffset.MaxValue, 10, Token));
    }

    /// <summary>Otherwise the run would look for it, and search all files, again and again.</summary>
    [Fact]
    public async Task AnErasure_ThatWasBrokenOffBeforeItsRecord_IsPendingNoMore_OnceItWasSearchedFor()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        ErasureRecords records = new(new AssetStores([store]));
        await records.KeepAsync(new ErasureRecord("gone", store.Name, Erased, "ana"), Token);
        await store.DeleteAsync(AssetLayout.Erasure("gone"), Token);
        ListPendingErasures list = new(records, Options);
        PendingErasure pending = Assert.Single(await list.RunAsync(Erased.AddHours(1).UtcDateTime, Token));

        await records.CompleteAsync(pending, Erased.AddHours(1), Token);

        Assert.Empty(await records.ListPendingAsync(DateTimeOffset.MaxValue, 10, Token));
        Assert.Null(await records.FindAsync(store.Name, "gone", Token));
    }

    [Fact]
    public async Task Run_SearchesFromStoreToStore_ThenLooksForMore_UntilThereAreNone()
    {
        PendingErasure[] assets = [new("azure", "a", Erased), new("s3", "b", Erased)];
        CapturePlace[] places = [new("azure", "page 2"), new("s3", null)];
        Queue<SearchedCaptures> parts = new([new(200, 3, places[0]), new(20, 0, places[1]), new(5, 1, null)]);
        List<CapturePlace?> asked = [];
        Mock<TaskOrchestrationContext> context = new();
        context.Setup(one => one.CurrentUtcDateTime).Returns(Erased.AddHours(1).UtcDateTime);
        context
            .SetupSequence(one =>
                one.CallActivityAsync<IReadOnlyList<PendingErasure>>(
                    nameof(ListPendingErasures),
                    It.IsAny<object>(),
                    It.IsAny<TaskOptions>()
                )
            )
            .ReturnsAsync(assets)
            .ReturnsAsync([]);
        context
            .Setup(one => one.CallActivityAsync<SearchedCaptures>(nameof(EraseCapturesPart), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? input, TaskOptions? _) => asked.Add(((EraseCapturesInput)input!).After))
            .Returns(() => Task.FromResult(parts.Dequeue()));
        List<EraseCapturesInput> rounds = [];
        context
            .Setup(one => one.ContinueAsNew(It.IsAny<object>(), It.IsAny<bool>()))
            .Callback((object? input, bool _) => rounds.Add((EraseCapturesInput)input!));

        await EraseCaptures.RunAsync(context.Object, new EraseCapturesInput());
        EraseCapturesInput next = Assert.Single(rounds);
        EraseCapturesStatus ended = await EraseCaptures.RunAsync(context.Object, next);

        Assert.Equal([null, places[0], places[1]], asked);
        Assert.Equal(new EraseCapturesStatus("completed", 0, 225, 4), ended);
        Assert.Single(rounds);
        context.Verify(one => one.CallActivityAsync(nameof(EndCapturesErasure), It.IsAny<object>(), It.IsAny<TaskOptions>()), Times.Once);
    }

    private static HourSummaries SummariesOf(IObjectStore store) =>
        new(store, new CaptureReader(store, NullLogger<CaptureReader>.Instance), TimeProvider.System);

    /// <summary>An hour after the first was erased, as the orchestrator calls its steps.</summary>
    private static async Task<SearchedCaptures> SearchAsync(IObjectStore store, ErasureRecords records)
    {
        DateTimeOffset now = Erased.AddHours(1);
        EraseCapturesInput input = new(await new ListPendingErasures(records, Options).RunAsync(now.UtcDateTime, Token), now);
        CaptureErasure erasure = new(Options, NullLogger<CaptureReader>.Instance);
        SearchedCaptures found = await new EraseCapturesPart(new AssetStores([store]), erasure, SummariesOf(store)).RunAsync(input, Token);
        await new EndCapturesErasure(records).RunAsync(input, Token);
        return found;
    }

    private static CaptureRecord LineOf(string? asset, DateTimeOffset time) => TestCaptures.Prediction(time) with { Asset = asset };

    private static async Task<string> WriteAsync(IObjectStore store, string model, long sequence, params CaptureRecord[] lines)
    {
        CaptureDraft draft = new();
        foreach (CaptureRecord line in lines)
        {
            draft.Add(line, Options.MaxLineBytes);
        }
        string path = CapturePath.Make(model, 1, draft.First, draft.Last, "w", sequence).Path;
        using Stream body = BinaryData.FromBytes(draft.Finish()).ToStream();
        await store.WriteAsync(path, body, WriteCondition.IfAbsent, CaptureDraft.ContentType, Token);
        return path;
    }

    private static async Task<string?[]> AssetsAsync(IObjectStore store, string path) =>
        await new CaptureReader(store, NullLogger<CaptureReader>.Instance)
            .ReadAsync(path, Token)
            .Select(line => line.Asset)
            .ToArrayAsync(Token);
}
