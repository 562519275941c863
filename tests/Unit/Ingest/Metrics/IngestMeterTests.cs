using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Metrics;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Unit.Servers;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.Ingest.Metrics;

public sealed class IngestMeterTests(SharedServers servers) : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly AssetSource Source = new("s3", "b", "media/a", "v");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<IngestMeter>().BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IngestMeter Meter => _services.GetRequiredService<IngestMeter>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Ingest_OfATextAndOfWhatIsNotAnalysed_CountsEachOnce_AlsoWhenEventsComeAgain()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using MeasuredValues measured = new(rig.Get<IMeterFactory>());
        AssetSource good = await rig.Bucket.UploadAsync("a.txt", "The harbour of Port Alder was closed.");
        AssetSource bad = await rig.Bucket.UploadAsync("bad.bin", [0, 1, 2, 3]);

        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await rig.Get<DirectIngest>().IngestAsync(good, attempt, Token);
            await rig.Get<DirectIngest>().IngestAsync(bad, attempt, Token);
        }

        Assert.Equal(["kind=text store=s3: 1", "kind=unknown store=s3: 1"], measured.Of("serverless.ingest.arrivals"));
        Assert.Equal(
            ["kind=text outcome=processed store=s3: 1", "kind=unknown outcome=quarantined store=s3: 1"],
            measured.Of("serverless.ingest.settled")
        );
        Assert.Equal(2, measured.Of("serverless.ingest.duration").Length);
        Assert.Equal(
            [RigModels.NameOf("entities"), RigModels.NameOf("text-mean")],
            measured.Of("serverless.ingest.model.time").Select(line => line.Split(' ')[1]["model=".Length..])
        );
        Assert.Empty(measured.Of("serverless.ingest.media.time")); // a text does not last
    }

    [Fact]
    public async Task Settle_ByTwoAtOnce_CountsOnce()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        using MeasuredValues measured = new(rig.Get<IMeterFactory>());
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "Some text.");
        await rig.Get<Ledger>().UpdateAsync(source, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 10, now), Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => rig.Get<AssetSettlement>().SettleAsync(source, new AnalysisOutcome(AnalysisStatus.Analysed), 1, Token))
        );

        Assert.Equal(["kind=text outcome=processed store=s3: 1"], measured.Of("serverless.ingest.settled"));
    }

    [Fact]
    public void Duration_IsFromTheAdmissionToTheResult_InSeconds_OfTheFirstRunAlone()
    {
        using MeasuredValues measured = new(_services.GetRequiredService<IMeterFactory>());
        LedgerEntry begun = Begin(LedgerEntry.New(Source, Start), run: 1);
        LedgerEntry failed = begun.Quarantine(new Failure(FailureKind.Malformed, "no", false), 1, Start.AddSeconds(90));
        LedgerEntry again = Begin(failed, run: 2);

        Meter.Changed("s3", begun, failed);
        Meter.Changed("s3", again, again.Complete(2, Start.AddDays(3)));

        Assert.Equal(["kind=text outcome=quarantined store=s3: 90"], measured.Of("serverless.ingest.duration"));
        Assert.Equal(
            ["kind=text outcome=processed store=s3: 1", "kind=text outcome=quarantined store=s3: 1"],
            measured.Of("serverless.ingest.settled")
        );
    }

    [Fact]
    public void AnAsset_ThatWasDeletedAndComesBack_ArrivesAgain_AndARedrivenOneDoesNot()
    {
        using MeasuredValues measured = new(_services.GetRequiredService<IMeterFactory>());
        LedgerEntry listed = LedgerEntry.New(Source, Start);
        LedgerEntry begun = Begin(listed, run: 1);
        LedgerEntry gone = begun.Vanish(Start);

        Meter.Changed("s3", null, listed);
        Meter.Changed("s3", listed, begun);
        Meter.Changed("s3", begun, Begin(begun, run: 2));
        Meter.Changed("s3", begun, gone);
        Meter.Changed("s3", gone, Begin(gone, run: 1));

        Assert.Equal(["kind=text store=s3: 2"], measured.Of("serverless.ingest.arrivals"));
    }

    private static LedgerEntry Begin(LedgerEntry entry, int run) => entry.Begin(run, MediaKind.Text, "text/plain", 1, Start);
}
