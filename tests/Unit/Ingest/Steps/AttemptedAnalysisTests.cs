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

    /// <summary>An activity that is handed out again after its process ended begins here, whoever counted before.</summary>
    [Fact]
    public async Task ARevision_IsCountedEachTimeItBegins_AndIsAloneAfterTwo()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest revision = await RevisionAsync(rig, ended: 2);
        using (rig.Get<AttemptGate>().TryEnter())
        {
            AttemptBegun beside = await rig.Get<AssetAdmission>().BeginAmongOthersAsync(revision, Token);
            Assert.Equal(new AttemptBegun(null, MustBeAlone: true), beside);
        }
        using (await rig.Get<AttemptGate>().TryEnterAloneAsync(Token))
        {
            Assert.Equal(AnalysisStatus.Waiting, (await rig.Get<AttemptedAnalysis>().AnalyseAsync(revision, Token)).Status);
            Assert.Equal(2, (await EntryAsync(rig, revision)).RevisionAttempts);
        }

        AnalysisOutcome outcome = await rig.Get<AttemptedAnalysis>().AnalyseAsync(revision, Token);

        Assert.Equal(AnalysisStatus.Analysed, outcome.Status);
        LedgerEntry entry = await EntryAsync(rig, revision);
        Assert.Equal((AssetState.Processed, 3, 0), (entry.State, entry.RevisionAttempts, entry.RunAttempts));
    }

    [Fact]
    public async Task ARevision_ThatAlwaysTakesItsProcessAlong_IsGivenUp_AndTheAnalysisBeforeStands()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest revision = await RevisionAsync(rig, ended: AssetAdmission.MaxAttempts);

        AnalysisOutcome outcome = await rig.Get<AttemptedAnalysis>().AnalyseAsync(revision, Token);

        Assert.Equal((AnalysisStatus.Refused, FailureKind.Exhausted), (outcome.Status, outcome.Failure!.Kind));
        Assert.Equal(AssetState.Processed, (await EntryAsync(rig, revision)).State);
    }

    /// <summary>It goes to gpu-batch, which counts the ends of its own process.</summary>
    [Fact]
    public async Task ARevisionThatIsAJob_DoesNotLookAsIfItsProcessHadEnded()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AnalysisRequest revision = (await RevisionAsync(rig, ended: 0)) with { Kind = MediaKind.Video };

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(AnalysisStatus.TooLong, (await rig.Get<AttemptedAnalysis>().AnalyseAsync(revision, Token)).Status);
        }

        LedgerEntry entry = await EntryAsync(rig, revision);
        Assert.Equal((3, 3, false), (entry.RevisionAttempts, entry.RevisionFaults, entry.EndedWithItsProcess(revision)));
    }

    private static async Task<AnalysisRequest> RevisionAsync(AssetRig rig, int ended)
    {
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);
        AnalysisRequest first = new(source, MediaKind.Text, "text/plain", Text.Length, 1, DateTimeOffset.UnixEpoch);
        await rig.Get<Ledger>().UpdateAsync(source, (known, now) => known.Complete(1, now).WantRevision("model/2", now), Token);
        AnalysisRequest revision = first with { Revision = 2 };
        for (int i = 0; i < ended; i++)
        {
            Assert.Null(await rig.Get<AssetAdmission>().BeginAsync(revision, Token));
        }
        return revision;
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
