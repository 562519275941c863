using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

/// <summary>Several in hand when their process ends, and ends again: which of them it was shows only once each is alone.</summary>
public sealed class AttemptedAnalysisTests(SharedServers servers)
{
    private const string Text = "Anna Berg visited Oslo in May.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatEndedTwiceWithItsProcess_WaitsForTheOthers_AndIsCountedOnceItIsAlone()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest request = await EndedAsync(rig, "a.txt", times: 2);
        AttemptGate gate = rig.Get<AttemptGate>();
        IDisposable other = gate.TryEnter()!;

        Task<AnalysisOutcome> analysis = rig.Get<AttemptedAnalysis>().AnalyseAsync(request, Token);
        while (gate.TryEnter() is { } free)
        {
            free.Dispose();
            await Task.Yield(); // until it has looked at the ledger
        }
        Assert.Equal(2, (await EntryAsync(rig, request)).RunAttempts);
        other.Dispose();

        Assert.Equal(AnalysisStatus.Analysed, (await analysis).Status);
        Assert.Equal(3, (await EntryAsync(rig, request)).RunAttempts);
    }

    [Fact]
    public async Task Any_WhileOneIsAlone_ComesAgainLater_AndIsNotCounted()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest fresh = await EndedAsync(rig, "a.txt", times: 1);
        AnalysisRequest suspect = await EndedAsync(rig, "b.txt", times: 2);
        using IDisposable? alone = await rig.Get<AttemptGate>().TryEnterAloneAsync(Token);

        foreach ((AnalysisRequest request, int counted) in new[] { (fresh, 1), (suspect, 2) })
        {
            Assert.Equal(AnalysisStatus.Waiting, (await rig.Get<AttemptedAnalysis>().AnalyseAsync(request, Token)).Status);
            Assert.Equal(counted, (await EntryAsync(rig, request)).RunAttempts);
        }
    }

    [Fact]
    public async Task WhatFailsWithoutItsProcess_IsNotAlone()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest request = (await EndedAsync(rig, "a.txt", times: 1)) with { MediaType = "text/unheard-of" };

        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => rig.Get<AttemptedAnalysis>().AnalyseAsync(request, Token));
        }

        LedgerEntry entry = await EntryAsync(rig, request);
        Assert.Equal((4, 3, false), (entry.RunAttempts, entry.RunFaults, entry.EndedWithItsProcess(request)));
    }

    private static async Task<AnalysisRequest> EndedAsync(AssetRig rig, string name, int times)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, Text);
        AnalysisRequest request = new(source, MediaKind.Text, "text/plain", Text.Length, 1, DateTimeOffset.UnixEpoch);
        for (int i = 0; i < times; i++)
        {
            Assert.Null(await rig.Get<AssetAdmission>().BeginAsync(request, Token));
        }
        return request;
    }

    private static async Task<LedgerEntry> EntryAsync(AssetRig rig, AnalysisRequest request) =>
        (await rig.Get<Ledger>().ReadAsync("s3", request.Source.AssetId, Token))!.Find(request.Source.VersionId)!;
}
